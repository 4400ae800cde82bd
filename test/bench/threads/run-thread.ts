import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import { installGuards } from "../../../src/kernel/guards.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import { smallRun } from "../reference-run.ts";

// Guards stand in front of the functions of one thread, for its life: only in another one is there a run without them.
assert(parentPort !== null, "this file runs in a thread");
if (workerData === "guarded") installGuards();
const { scenario, case: input } = smallRun();
parentPort.on("message", () => {
  void inMacrotask(() => runCaseNow(scenario, input)).then(({ verdict }) => parentPort!.postMessage(verdict.kind));
});
parentPort.postMessage("ready");
