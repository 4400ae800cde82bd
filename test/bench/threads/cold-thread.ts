import assert from "node:assert/strict";
import { parentPort } from "node:worker_threads";
import type { BenchModule, BenchOutcome } from "../../../src/bench/bench-module.ts";
import { coreParts } from "../bodies/core-parts.ts";
import { kanboardCalls } from "../bodies/kanboard-call.ts";
import { kernelStep } from "../bodies/kernel-step.ts";
import { ledgerWrite } from "../bodies/ledger-write.ts";
import { modelCall } from "../bodies/model-call.ts";
import { spawns } from "../bodies/processes.ts";

export interface ColdRequest {
  readonly name: string;
  readonly burden: number;
  readonly isStill: boolean;
}

// Everything is loaded, and nothing has run.
const modules: readonly BenchModule[] = [...coreParts, ...kanboardCalls, kernelStep, ledgerWrite, modelCall, ...spawns];

async function measure({ name, burden, isStill }: ColdRequest): Promise<BenchOutcome> {
  const module = modules.find((each) => each.name === name);
  assert(module !== undefined, `${name} is a benchmark`);
  let ns = 0n;
  return module.run({
    iterations: 1,
    warmUps: 0,
    isSingle: true,
    burden,
    nowNs: () => (isStill ? ns : process.hrtime.bigint()),
    spend: (spentNs) => {
      ns += BigInt(spentNs);
    },
  });
}

assert(parentPort !== null, "this file runs in a thread");
parentPort.on("message", (request: ColdRequest) => {
  void measure(request).then((outcome) => parentPort!.postMessage(outcome));
});
parentPort.postMessage("ready");
