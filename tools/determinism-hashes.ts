/**
 * Prints one line for each chosen case: scenario, seed, verdict and the history's hash. What `tools/determinism.ts`
 * compares between Node versions, threads, time zones and locales.
 *
 * Usage: node tools/determinism-hashes.ts CASES [--worker]
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { keepCodeOfTypeStripping } from "../src/real/type-stripping.ts";
import { builtInScenarios } from "../scenarios/index.ts";
import { Explorer } from "../src/explore/explorer.ts";
import { installGuards } from "../src/kernel/guards.ts";
import { inMacrotask } from "../src/kernel/settle.ts";
import { runCaseNow } from "../src/sim/run-case.ts";

async function hashLines(cases: number): Promise<string[]> {
  installGuards();
  const lines: string[] = [];
  const perScenario = Math.ceil(cases / builtInScenarios.length);
  for (const scenario of builtInScenarios) {
    const explorer = new Explorer(scenario, "portfolio", runCaseNow);
    for (let index = 0; index < perScenario; index++) {
      // Far apart, so that all strategies and many faults of the sweep are among them.
      const seed = index * 37;
      lines.push(
        await inMacrotask(() => {
          const plan = explorer.plan(seed);
          const outcome = runCaseNow(scenario, plan.case, plan.exploration);
          return `${scenario.name} ${seed} ${outcome.verdict.kind} ${outcome.history.hash()}`;
        }),
      );
    }
  }
  return lines;
}

const cases = isMainThread ? Number(process.argv[2] ?? "200") : (workerData as number);
if (!isMainThread) {
  parentPort!.postMessage(await hashLines(cases));
} else if (process.argv.includes("--worker")) {
  keepCodeOfTypeStripping();
  const worker = new Worker(new URL(import.meta.url), { workerData: cases });
  worker.on("message", (lines: string[]) => process.stdout.write(`${lines.join("\n")}\n`));
} else {
  process.stdout.write(`${(await hashLines(cases)).join("\n")}\n`);
}
