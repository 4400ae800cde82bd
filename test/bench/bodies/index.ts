import type { BenchModule } from "../../../src/bench/bench-module.ts";
import { coldCalls } from "./cold-calls.ts";
import { coreParts } from "./core-parts.ts";
import { kanboardCalls } from "./kanboard-call.ts";
import { kernelStep } from "./kernel-step.ts";
import { ledgerWrite } from "./ledger-write.ts";
import { modelCall } from "./model-call.ts";
import { modelledRunner } from "./modelled-runner.ts";
import { peerRuns } from "./peers.ts";
import { spawns } from "./processes.ts";
import { referenceRuns } from "./reference-run.ts";
import { replays } from "./replay.ts";
import { shares } from "./shares.ts";
import { span } from "./span.ts";

/** Every benchmark, in the order in which they are run. */
export const benches: readonly BenchModule[] = [
  ...referenceRuns,
  modelledRunner,
  kernelStep,
  ...kanboardCalls,
  modelCall,
  span,
  ...coreParts,
  ...spawns,
  ledgerWrite,
  coldCalls,
  ...replays,
  ...shares,
  ...peerRuns,
];
