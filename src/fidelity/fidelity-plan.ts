import type { JsonObject } from "../base/json.ts";
import type { Ports } from "../ports/ports.ts";
import type { Service } from "../ports/service.ts";
import type { ScenarioFile } from "../serving/scenario-file.ts";

/** A system and its case, as real runs need it. */
export interface FidelityPlan {
  /** Absolute: the folder of its package.json. */
  readonly root: string;
  readonly processes: Readonly<Record<string, PlannedProcess>>;
  /** What the simulation lays beside the code: texts by path below the project. */
  readonly files: Readonly<Record<string, string>>;
  /** What processes find in their environment, as in the simulation: its addresses are replaced by real ones. */
  readonly env: Readonly<Record<string, string>>;
  /** As in the simulation, where they stand in `env`. */
  readonly boardOrigin: string;
  readonly modelOrigin: string;
  /** What the fakes start with, without the address of the webhook. */
  readonly scenario: ScenarioFile & { readonly agents: JsonObject };
  readonly webhook: { readonly path: string; readonly token: string; readonly timeLimitMs: number };
  /** What people do, over ports that know the simulation's addresses; settles at the end of the run. */
  readonly people: (ports: Ports) => Promise<void>;
  /** How much later people begin than the last process. */
  readonly peopleAfterUpMs: number;
  readonly seed: number;
  /** Of stormlane. */
  readonly version: string;
  /** What stands before each fake; the fake itself unless given. */
  readonly before?: (service: Service) => Service;
}

export interface PlannedProcess {
  /** Absolute, below `root`. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly startAfterMs: number;
}
