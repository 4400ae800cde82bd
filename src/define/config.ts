import type { Budgets } from "../limits/budgets/budgets.ts";

/**
 * What `stormlane` commands are told in a project of its user's: the default export of `stormlane.config.{ts,mjs,js}`, or
 * `stormlane.config.json`. The same file may hold what `stormlane serve` needs; each command looks at its own members.
 */
export interface ProjectConfig {
  /** Where scenarios are, as patterns relative to this file. Default `scenarios/*\/scenario.ts`, also `.js` and `.mjs`. */
  readonly scenarios?: string | readonly string[] | undefined;
  /** Seeds of `run` and `campaign` when none are asked for. Default 2,000. */
  readonly seeds?: number | undefined;
  /** Threads of `run` and `campaign`. Default 2. */
  readonly workers?: number | undefined;
  /** Folder of repro files and reports, relative to this file. Default `reports/out`. */
  readonly reports?: string | undefined;
  /** Reporters of `run`, as `junit` or `markdown=summary.md`. Default none. */
  readonly reporters?: readonly string[] | undefined;
  /** What every run of `run`, `campaign`, `replay` and `simTest` may take at most. Default nothing is limited. */
  readonly budgets?: Budgets | undefined;
}

/** The config, as it is: for the types. */
export function defineConfig<Config extends ProjectConfig>(config: Config): Config {
  return config;
}
