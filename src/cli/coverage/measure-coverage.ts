import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { StrategyName } from "../../explore/explorer.ts";
import { moduleCoverage, type ModuleCoverage, type ObservedSystem } from "../../review/coverage/module-coverage.ts";
import type { CoverageOrder } from "./observe-system.ts";
import { systemUnderTest } from "./system-under-test.ts";

export interface CoverageOptions {
  readonly catalogueUrl: URL;
  /** By name, in the order in which they are run. */
  readonly scenarios: readonly string[];
  /** Of each scenario, from 0 on. */
  readonly seeds: number;
  readonly strategy: StrategyName;
}

/**
 * The map of the modules under test: the built-in orchestrator core, or a project's own code. Takes a process of its own;
 * the same options give the same map, whatever ran before.
 *
 * @throws UsageError for a project that cannot be loaded
 */
export async function measureCoverage({ catalogueUrl, ...options }: CoverageOptions): Promise<ModuleCoverage[]> {
  const system = await systemUnderTest(catalogueUrl);
  return moduleCoverage(await observeInFreshProcess({ ...options, catalogueUrl: catalogueUrl.href, system }));
}

async function observeInFreshProcess(order: CoverageOrder): Promise<ObservedSystem> {
  const child = fork(fileURLToPath(entry), { execArgv: [...exactCounts], serialization: "advanced" });
  try {
    const answered = once(child, "message");
    const ended = once(child, "exit").then(([exitCode, signal]) => {
      throw new Error(`the process that counts what runs ended with ${signal ?? exitCode} before it answered`);
    });
    child.send(order);
    const [observed] = (await Promise.race([answered, ended])) as [ObservedSystem];
    ended.catch(() => {});
    return observed;
  } finally {
    if (child.exitCode === null) child.kill();
  }
}

const entry = new URL(`coverage-process${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/** Optimised code does not count the functions that it holds inline, and when V8 optimises is a matter of time. */
const exactCounts = ["--no-warnings", "--no-opt", "--no-maglev"] as const;
