import { jsonOf } from "./command.ts";
import type { Part } from "./run-parts.ts";
import type { RunResult } from "./run-result.ts";

/** What somebody sees who has just cloned the project. */
export function start(outFolder: string): Part {
  const args = ["run", "--out", outFolder, "--json"];
  return {
    name: "start",
    title: "The first command: all scenarios, 2,000 seeds",
    command: `npm start -- ${args.slice(1).join(" ")}`,
    async find() {
      const startMs = performance.now();
      const result = (await jsonOf("src/cli/bin.ts", args)) as unknown as RunResult;
      return {
        facts: {
          seedsRun: result.seeds.run,
          seedsPerSecond: result.seedsPerSecond,
          opsPerSecond: result.opsPerSecond,
          workers: result.workers,
          wallSecondsWithStart: Math.round((performance.now() - startMs) / 100) / 10,
        },
        problems: result.problems.map(({ scenario, text }) => `${scenario}: ${text}`),
      };
    },
  };
}
