import { readSystemConfig } from "../../src/cli/system/system-config.ts";
import { systemScenario } from "../../src/cli/system/system-scenario.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";

/** What seeds 1 to `runs` came to. */
export interface Search {
  readonly runs: number;
  /** That failed as expected. */
  readonly hits: number;
  readonly firstSeed: number | undefined;
  /** What else any of them said. */
  readonly others: readonly string[];
  /** User and system time of this process, in seconds. */
  readonly cpuS: number;
}

/** @param path of a system's file, as `stormlane run --system` takes it */
export function scenarioOfSystem(path: string): Scenario {
  return systemScenario(readSystemConfig(path));
}

/** Runs the seeds as `stormlane run` does, and goes on after the first failure. */
export async function search(path: string, runs: number, says: RegExp): Promise<Search> {
  const scenario = scenarioOfSystem(path);
  const explorer = new Explorer(scenario, "portfolio", runCaseNow);
  const others = new Set<string>();
  const failed: number[] = [];
  const before = process.cpuUsage();
  for (let seed = 1; seed <= runs; seed++) {
    const verdict = await inMacrotask(() => {
      const plan = explorer.plan(seed);
      return runCaseNow(scenario, plan.case, plan.exploration).verdict;
    });
    if (verdict.kind === "violated" && says.test(verdict.violation.message)) failed.push(seed);
    else if (verdict.kind !== "held")
      others.add(verdict.kind === "violated" ? verdict.violation.message : verdict.kind);
  }
  const { user, system } = process.cpuUsage(before);
  return { runs, hits: failed.length, firstSeed: failed[0], others: [...others], cpuS: (user + system) / 1e6 };
}
