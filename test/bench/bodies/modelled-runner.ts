import { countedBench } from "../../../src/bench/bench-module.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { pooled, runOnModelledRunner } from "../modelled-runner.ts";

const seeds = [1, 2];
const machines = [
  { cores: 1, name: "1 core" },
  { cores: 2, name: "2 cores" },
  { cores: 4, name: "4 cores" },
  { cores: 16, name: "16 cores" },
];

/** What a small machine makes of the orchestrators' programs, the same on every real one. */
export const modelledRunner = countedBench<string>({
  name: "modelled runner",
  about: "four epics worked at once on 1, 2, 4 and 16 modelled cores, in virtual time",
  units: Object.fromEntries(
    machines.flatMap(({ name }) => [
      [`p95 of card completion, ${name}`, "virtual ms"],
      [`throughput, ${name}`, "cards/h"],
    ]),
  ),
  count: async (burden) => {
    const counts: Record<string, number> = {};
    for (const { cores, name } of machines) {
      const computingPct = 100 + 20 * burden;
      const runs = [];
      for (const seed of seeds) runs.push(await inMacrotask(() => runOnModelledRunner({ cores, seed, computingPct })));
      const { completionMsP95, cardsPerHour } = pooled(runs);
      counts[`p95 of card completion, ${name}`] = completionMsP95;
      counts[`throughput, ${name}`] = cardsPerHour;
    }
    return counts;
  },
});
