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
  /** Ends it early, without a map. */
  readonly interrupted?: AbortSignal;
}

/**
 * The map of the modules under test: the built-in orchestrator core, or a project's own code. Takes a process of its own;
 * the same options give the same map, whatever ran before.
 *
 * @throws UsageError for a project that cannot be loaded
 */
export async function measureCoverage(options: CoverageOptions): Promise<ModuleCoverage[] | undefined> {
  const { catalogueUrl, interrupted, ...runs } = options;
  const system = await systemUnderTest(catalogueUrl);
  const observed = await observeInFreshProcess({ ...runs, catalogueUrl: catalogueUrl.href, system }, interrupted);
  return observed === undefined ? undefined : moduleCoverage(observed);
}

async function observeInFreshProcess(
  order: CoverageOrder,
  interrupted: AbortSignal | undefined,
): Promise<ObservedSystem | undefined> {
  if (interrupted?.aborted === true) return undefined;
  const child = fork(fileURLToPath(entry), { execArgv: [...exactCounts], serialization: "advanced" });
  const stop = (): void => void child.kill();
  interrupted?.addEventListener("abort", stop);
  try {
    const answered = once(child, "message").then(([observed]) => observed as ObservedSystem);
    const ended = once(child, "exit").then(([exitCode, signal]) => {
      if (interrupted?.aborted === true) return undefined;
      throw new Error(`the process that counts what runs ended with ${signal ?? exitCode} before it answered`);
    });
    ended.catch(() => {});
    child.send(order);
    return await Promise.race([answered, ended]);
  } finally {
    interrupted?.removeEventListener("abort", stop);
    child.kill();
  }
}

const entry = new URL(`coverage-process${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/** Optimised code does not count the functions that it holds inline, and when V8 optimises is a matter of time. */
const exactCounts = ["--no-warnings", "--no-opt", "--no-maglev"] as const;
