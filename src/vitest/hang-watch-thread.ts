/** Started by `hang-watch.ts`. Prints at once and by itself: the thread that it watches can do nothing any more. */
import { writeSync } from "node:fs";
import type { Debugger } from "node:inspector";
import { Session } from "node:inspector/promises";
import { workerData } from "node:worker_threads";
import { Pulse } from "../campaign/pulse.ts";
import { plainLine } from "../report/plain-line.ts";
import type { WatchOrder } from "./hang-watch.ts";

const { memory, stallMsMax, test, command, isOwnProcess } = workerData as WatchOrder;
const pulse = new Pulse(memory, 0);
const looksPerStall = 10;

/** Looks at which nothing had changed. */
let still = 0;
let seen = Number.NaN;

// It goes on while the other thread is asked for its stack: an answer alone would not keep this one alive.
setInterval(() => {
  const beat = pulse.beat[0]!;
  // Between two runs there is no seed, and nothing that could hang.
  const isRunning = !Number.isNaN(pulse.seed);
  still = isRunning && beat === seen ? still + 1 : 0;
  seen = beat;
  if (still === looksPerStall) void tell();
}, stallMsMax / looksPerStall);

async function tell(): Promise<void> {
  const frames = isOwnProcess ? await stackOfMainThread() : [];
  const lines = [
    "",
    `simTest: ${plainLine(test, 300)}: seed ${pulse.seed} has kept the turn for ${stallMsMax} ms without a step.`,
    "  Simulated code goes round without waiting for a port, and no other test can go on.",
    ...frames.map((frame) => `    at ${plainLine(frame, 300)}`),
    `  replay: STORMLANE_SEED=${pulse.seed} ${command}`,
    isOwnProcess
      ? "  This process is ended, and the other tests of its file with it."
      : "  End vitest by hand: Ctrl-C.",
    "",
  ];
  writeSync(2, `${lines.join("\n")}\n`);
  if (isOwnProcess) process.kill(process.pid, "SIGKILL");
}

/** Between two turns of a promise nothing but Node is on the stack: steps lead into the code that is next. */
async function stackOfMainThread(): Promise<string[]> {
  const session = new Session();
  session.connectToMainThread();
  const urls = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params }) => void urls.set(params.scriptId, params.url));
  await session.post("Debugger.enable");
  for (let attempt = 0; attempt < 50; attempt++) {
    const frames = await pausedBy(session, attempt === 0 ? "Debugger.pause" : "Debugger.stepInto");
    const texts = frames.map((frame) => frameText(frame, urls)).filter((text) => text !== undefined);
    if (texts.length > 0) return texts.slice(0, 8);
  }
  return [];
}

async function pausedBy(session: Session, method: "Debugger.pause" | "Debugger.stepInto"): Promise<CallFrames> {
  const paused = new Promise<CallFrames>((resolve) => {
    session.once("Debugger.paused", ({ params }) => resolve(params.callFrames));
  });
  await (method === "Debugger.pause" ? session.post(method) : session.post(method));
  return paused;
}

type CallFrames = readonly Debugger.CallFrame[];

/**
 * Without the line: vitest has made other code of the file, with other lines.
 *
 * @returns undefined for what is Node's, an installed package's, or ours
 */
function frameText(
  { functionName, location }: Debugger.CallFrame,
  urls: ReadonlyMap<string, string>,
): string | undefined {
  const url = urls.get(location.scriptId) ?? "";
  const isForeign = url === "" || url.startsWith("node:") || url.includes("/node_modules/") || url.startsWith(ownFiles);
  return isForeign ? undefined : `${functionName === "" ? "anonymous" : functionName} (${url})`;
}

const ownFiles = new URL("../", import.meta.url).href;
