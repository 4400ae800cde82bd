import { fork } from "node:child_process";
import type { RoundMessage, RoundOrder } from "./run-round.ts";

/** A round that runs. */
export interface Round {
  /** It, and nothing of it will be told. */
  readonly kill: () => void;
}

export type StartRound = (order: RoundOrder, tell: (message: RoundMessage) => void) => Round;

/** Starts a round in a process of its own, so that changed modules are loaded; it prints where this one does. */
export const startRoundProcess: StartRound = (order, tell) => {
  const url = new URL(`watch-round${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
  // Keys are for the watch.
  const child = fork(url, [JSON.stringify(order)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  let isOver = false;
  child.on("message", (message) => {
    if (isOver) return;
    isOver = (message as RoundMessage).kind === "ended";
    tell(message as RoundMessage);
  });
  child.on("exit", (code, signal) => {
    if (isOver) return;
    isOver = true;
    tell({ kind: "ended", end: { kind: "died", why: signal ?? `exit code ${code}` } });
  });
  return {
    kill: () => {
      isOver = true;
      // Files are written at once or not at all, and a run that hangs hears nothing else.
      child.kill("SIGKILL");
    },
  };
};
