import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../../base/assert.ts";
import { Pulse } from "../../campaign/pulse.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { importLogs } from "./import-command.ts";
import type { ImportOrder, ImportWord } from "./watched-import.ts";
import { WatchedRuns } from "./watched-runs.ts";

/** The thread that imports. What it prints, and how it ends, it says to the one that watches it. */
const order = workerData as ImportOrder;
const watcher = parentPort;
assert(watcher !== null, "this is a thread");
const say = (word: ImportWord): void => watcher.postMessage(word);
const interruption = new AbortController();

const host: Host = {
  ...order.host,
  catalogueUrl: new URL(order.catalogueUrl),
  writeOut: (text) => say({ kind: "out", text }),
  writeError: (text) => say({ kind: "error", text }),
  takeInterruptions() {
    watcher.once("message", () => interruption.abort());
    say({ kind: "interruptible" });
    return interruption.signal;
  },
};

try {
  const exitCode = await importLogs(order.paths, order.flags, host, new WatchedRuns(new Pulse(order.memory, 0)));
  say({ kind: "ended", exitCode });
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say({ kind: "mistake", message: error.message });
}
