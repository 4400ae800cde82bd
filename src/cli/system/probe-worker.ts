import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../../base/assert.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import { runCaseNow } from "../../sim/run-case.ts";
import type { ProbeOrder } from "./probe-system.ts";
import { startTrouble } from "./start-trouble.ts";
import { readSystemConfig } from "./system-config.ts";
import { systemScenario } from "./system-scenario.ts";

/** The thread in which a system is tried. What is wrong with its files was seen before. */
const { path } = workerData as ProbeOrder;
const config = readSystemConfig(path);
const scenario = systemScenario(config);
const [workload] = scenario.workloads.scripted;
assert(workload !== undefined, "a scenario without examples draws some");
const input = { scenario: scenario.name, drawSeed: 1, workload, faults: [], preemptions: [], delays: [] };
const outcome = await inMacrotask(() => runCaseNow({ ...scenario, invariants: [] }, input));
assert(parentPort !== null, "this is a thread");
parentPort.postMessage(startTrouble(outcome, Object.keys(config.processes)));
