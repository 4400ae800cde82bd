import { builtInScenarios } from "../../scenarios/index.ts";
import { TaskRunner } from "../../src/campaign/task-runner.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Findings } from "../proof/evidence.ts";
import { garbageCollector } from "./heap.ts";
import { rounded } from "./runs.ts";

/** Its runs are the shortest, so that many of them are affordable. */
const scenarioName = "partial-spawn";
const chunkSeeds = 50;
/** Tables and code that a worker comes by once: what is still growing after the first sample is a leak. */
const heapGrowthBytesMax = 5_000_000;

/** What a worker of a campaign holds after 1,000, 10,000 and 100,000 seeds: the same. */
export async function measureWorkerMemory(seeds: number): Promise<Findings> {
  const collectGarbage = garbageCollector();
  const runner = new TaskRunner({
    scenarioNamed: (name) => builtInScenarios.find((each) => each.name === name)!,
    strategy: "portfolio",
    runCase: runCaseNow,
    signatureOf,
  });
  const samples: { readonly seeds: number; readonly heapBytes: number; readonly rssBytes: number }[] = [];
  const problems: string[] = [];
  for (let first = 1; first <= seeds; first += chunkSeeds) {
    const count = Math.min(chunkSeeds, seeds - first + 1);
    const answer = await inMacrotask(() =>
      runner.run({
        kind: "explore",
        scenario: scenarioName,
        seeds: Array.from({ length: count }, (_, index) => first + index),
        failuresMax: 1,
        doubleRunsPpm: 10_000,
        withRows: true,
      }),
    );
    for (const { failure } of answer.kind === "explored" ? answer.segments : []) {
      if (failure !== undefined) problems.push(`seed ${failure.seed} failed: ${failure.signature}`);
    }
    const done = first + count - 1;
    if (!Number.isInteger(Math.log10(done)) && done !== seeds) continue;
    const { rss } = process.memoryUsage();
    collectGarbage();
    samples.push({ seeds: done, heapBytes: process.memoryUsage().heapUsed, rssBytes: rss });
  }
  const heapGrowthBytes =
    samples.at(-1)!.heapBytes - (samples.find((each) => each.seeds >= 1_000) ?? samples[0]!).heapBytes;
  if (heapGrowthBytes > heapGrowthBytesMax) problems.push(`the heap grew by ${heapGrowthBytes} bytes`);
  return {
    facts: { scenario: scenarioName, seeds, heapGrowthBytes, peakRssBytes: process.resourceUsage().maxRSS * 1024 },
    tables: [
      {
        title: "memory of a worker",
        columns: ["seeds", "heap after a collection, MB", "RSS before it, MB"],
        rows: samples.map((each) => [each.seeds, rounded(each.heapBytes / 1e6, 1), rounded(each.rssBytes / 1e6, 1)]),
      },
    ],
    problems,
  };
}
