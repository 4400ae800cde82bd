import type { BenchModule, BenchOutcome, BenchTools } from "../../../src/bench/bench-module.ts";
import type { Metric } from "../../../src/bench/verdict.ts";
import { Thread } from "../threads/thread.ts";
import type { ColdRequest } from "../threads/cold-thread.ts";

/** In this order: what they share is cold for the first of them only. */
const names = [
  "config parse",
  "prompt template",
  "JSON repair",
  "ratchet check",
  "Kanboard getTask",
  "LLM call",
  "kernel step",
  "spawn, simulated",
  "ledger write",
];

/** The first call of each in a thread that has loaded everything and done nothing: what a short-lived process pays. */
export const coldCalls: BenchModule = {
  name: "cold calls",
  about: "the first call of each operation, in a fresh thread",
  lane: "wall-clock",
  metrics: names.map(metricOf),
  run: async (tools) => {
    const samples = new Map<string, number[]>(names.map((name) => [name, []]));
    for (let iteration = 0; iteration < tools.iterations; iteration++) {
      const thread = await Thread.start(new URL("../threads/cold-thread.ts", import.meta.url), undefined);
      try {
        for (const name of names) {
          const outcome = await firstCall(thread, name, tools);
          if (outcome.kind === "invalid") return { kind: "invalid", why: `${name}: ${outcome.why}` };
          samples.get(name)!.push(...outcome.metrics[name]!.samples);
        }
      } finally {
        await thread.end();
      }
    }
    const metrics: Record<string, Metric> = {};
    for (const [name, each] of samples) metrics[metricOf(name)] = { unit: "ns", isDeterministic: false, samples: each };
    return { kind: "measured", metrics };
  },
};

async function firstCall(thread: Thread, name: string, { burden, isStill }: BenchTools): Promise<BenchOutcome> {
  const request: ColdRequest = { name, burden, isStill: isStill === true };
  return (await thread.ask(request)) as BenchOutcome;
}

function metricOf(name: string): string {
  return `${name}, cold`;
}
