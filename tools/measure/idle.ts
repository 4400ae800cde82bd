import { runIdle } from "../../test/bench/idle-run.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Findings } from "../proof/evidence.ts";
import { garbageCollector } from "./heap.ts";
import { rounded } from "./runs.ts";

const virtualToRealBudget = 500_000;
const pollIntervalMs = 5_000;
const pollers = 2;
/** What the heap may grow between a third of the run and its end. */
const heapGrowthBytesMax = 10_000_000;
const dayMs = 86_400_000;

/** How fast days go by over an empty board, and whether memory stays flat. */
export async function measureIdle(days: number): Promise<Findings> {
  const collectGarbage = garbageCollector();
  await inMacrotask(() => runIdle({ virtualMs: dayMs / 4, pollIntervalMs, pollers }));
  const samples: { readonly day: number; readonly heapBytes: number }[] = [];
  const everyDays = Math.max(1, Math.floor(days / 6));
  let samplingMs = 0;
  const onDay = (day: number): void => {
    if (day % everyDays !== 0) return;
    const startMs = performance.now();
    collectGarbage();
    samples.push({ day, heapBytes: process.memoryUsage().heapUsed });
    samplingMs += performance.now() - startMs;
  };
  const startMs = performance.now();
  const result = await inMacrotask(() => runIdle({ virtualMs: days * dayMs, pollIntervalMs, pollers, onDay }));
  const wallMs = performance.now() - startMs - samplingMs;
  const early = samples[Math.floor(samples.length / 3)]?.heapBytes ?? 0;
  const heapGrowthBytes = (samples.at(-1)?.heapBytes ?? 0) - early;
  const ticks = Math.floor((days * dayMs) / pollIntervalMs) * pollers;
  const problems: string[] = [];
  if (result.end.kind !== "limit" || result.violations > 0) problems.push(`the run ended ${result.end.kind}`);
  if (result.boardCalls < ticks)
    problems.push(`${result.boardCalls} board calls in ${ticks} ticks: some tick made none`);
  if (heapGrowthBytes > heapGrowthBytesMax)
    problems.push(`the heap grew by ${heapGrowthBytes} bytes while nothing happened`);
  const virtualToReal = rounded((days * dayMs) / wallMs);
  return {
    facts: {
      virtualToReal,
      virtualToRealBudget,
      meetsBudget: virtualToReal >= virtualToRealBudget,
      virtualDays: days,
      pollers,
      pollIntervalMs,
      wallSeconds: rounded(wallMs / 1000, 2),
      ticks,
      boardCalls: result.boardCalls,
      ops: result.ops,
      opsPerSecond: rounded((result.ops * 1000) / wallMs),
      events: result.events,
      eventsKept: result.eventsKept,
      heapGrowthBytes,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      historyHash: result.historyHash,
    },
    tables: [
      {
        title: "Heap after a collection",
        columns: ["virtual day", "bytes"],
        rows: samples.map(({ day, heapBytes }) => [day, heapBytes]),
      },
    ],
    problems,
  };
}
