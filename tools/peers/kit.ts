import type { PeerName } from "../../src/trials/peer-trial.ts";

/** What `stormlane mutants --peers` loads. */
export const peers: readonly PeerName[] = [
  { name: "fc.scheduler", isRealTime: false },
  { name: "msw and fake timers", isRealTime: false },
  { name: "real time over loopback", isRealTime: true },
];

/**
 * One of each way to break, as the peers may meet it: races of processes, deliveries that fail or come twice, fan-outs
 * that are cut off, files that people edit, programs that misbehave; and of what no peer can bring about, a crash and a
 * full disk. Easy and hard ones of each.
 */
export const representative: readonly string[] = [
  // Races, from one that shows in any run to those that need one order of a few steps.
  ...["F02", "F01", "F25", "F03b", "F09"],
  // Calls that fail, or come without an answer.
  ...["F22", "F24", "F08c", "F12", "F79"],
  // Triggers that are lost.
  "F16",
  // What people do to files.
  "F45",
  // Programs.
  "F59",
  // A full disk, and crashes.
  ...["F41", "F49", "F72"],
];

export const workerUrl = new URL("peer-worker.ts", import.meta.url);
