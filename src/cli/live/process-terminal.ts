import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Terminal } from "./terminal.ts";

/** @returns the terminal that this process writes to, if there is one that somebody looks at */
export function processTerminal(): Terminal | undefined {
  const { stdin, stdout, stderr } = process;
  const screen = stderr.isTTY ? stderr : stdout;
  if (!screen.isTTY || !isWatched(process.env)) return undefined;
  return {
    size: () => ({ columns: screen.columns || 80, rows: screen.rows || 24 }),
    hasColours: process.env["NO_COLOR"] === undefined || process.env["NO_COLOR"] === "",
    showsOut: stdout.isTTY,
    keyboard: stdin.isTTY && isInForeground() ? stdin : undefined,
    onResize: (listener) => {
      screen.on("resize", listener);
      return () => void screen.off("resize", listener);
    },
    onExit,
    interrupt: () => void process.kill(process.pid, "SIGINT"),
    suspend: (resumed) => {
      process.once("SIGCONT", resumed);
      // The whole job: else its parent, as npm, would keep the terminal.
      process.kill(0, "SIGTSTP");
    },
  };
}

/** A job of CI may have a terminal that nobody looks at; a dumb one cannot go back in what it wrote. */
export function isWatched(environment: NodeJS.ProcessEnv): boolean {
  const { CI, TERM } = environment;
  return (CI === undefined || CI === "" || CI === "false") && TERM !== "dumb";
}

/** Who reads from a terminal in the background is stopped by it. */
function isInForeground(): boolean {
  try {
    switch (process.platform) {
      case "win32":
        return true;
      case "linux": {
        // After the name in parentheses: state, parent, group, session, terminal, group in the foreground.
        const status = readFileSync("/proc/self/stat", "utf8");
        const [, , group, , , foreground] = status.slice(status.lastIndexOf(")") + 2).split(" ");
        return group === foreground;
      }
      default: {
        const ps = execFileSync("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)], { encoding: "utf8" });
        const [group, foreground] = ps.trim().split(/\s+/);
        return group === foreground;
      }
    }
  } catch {
    return false;
  }
}

function onExit(listener: () => void): () => void {
  const bySignal = (signal: NodeJS.Signals): void => {
    // Somebody else lets the process end later, or not at all.
    if (process.listenerCount(signal) > 1) return;
    listener();
    stop();
    process.kill(process.pid, signal);
  };
  const signals = ["SIGTERM", "SIGHUP", "SIGINT"] as const;
  const stop = (): void => {
    process.off("exit", listener);
    for (const signal of signals) process.off(signal, bySignal);
  };
  process.on("exit", listener);
  for (const signal of signals) process.on(signal, bySignal);
  return stop;
}
