import type { JsonValue, JsonObject } from "../base/json.ts";
import type { FaultFamily, Seam } from "../faults/fault.ts";
import type { Invariant, Sometimes } from "../invariants/invariant.ts";
import type { World } from "./world.ts";

/** A system under a workload, what may go wrong around it, and what must hold all the same. */
export interface Scenario<Workload extends JsonValue = JsonValue> {
  /** Kebab-case, as its folder. */
  readonly name: string;
  readonly about: string;
  readonly workloads: WorkloadSource<Workload>;
  /** Puts services, hosts, processes and people into a fresh world. The run ends when somebody calls `world.kernel.stop`. */
  build(world: World, workload: Workload): void;
  readonly faults: FaultSettings;
  readonly invariants: readonly Invariant[];
  readonly sometimes: readonly Sometimes[];
  readonly bounds: Bounds;
}

/** Where workloads come from: scripted ones first, then as many as there are seeds. */
export interface WorkloadSource<Workload extends JsonValue = JsonValue> {
  readonly scripted: readonly Workload[];
  /** The workload of a seed: always the same one. */
  draw(seed: number): Workload;
  /**
   * Tries simpler workloads than the one of the seed, as the generator that drew it makes them simpler, and goes on from
   * those that fail. Asks about the seed's own workload first.
   */
  shrink?(seed: number, fails: (workload: Workload) => Promise<boolean>): Promise<void>;
  /** @returns what is wrong with a value that should be a workload, or undefined */
  refuse(value: JsonValue): string | undefined;
}

export interface FaultSettings {
  readonly families: readonly FaultFamily[];
  /** Where they strike; anywhere unless given. */
  readonly seams?: readonly Seam[];
  /** Processes whose operations they strike; those of all unless given. */
  readonly victims?: readonly string[];
  /** How long a service can be out of reach, or a disk full. Default 20 seconds. */
  readonly outagesMs?: readonly number[];
  /** Most faults in one run. */
  readonly faultsMax: number;
  /** From then on nothing goes wrong any more: the tail in which liveness must hold. */
  readonly faultsUntilMs: number;
  /** Failures that services bring about by themselves, by the service's name. */
  readonly serviceFaults?: Readonly<Record<string, readonly string[]>>;
  readonly programBehaviours?: readonly JsonObject[];
  /** How long what died stays away, at most. */
  readonly restartAfterMsMax: number;
}

export interface Bounds {
  readonly stepsMax: number;
  readonly virtualMsMax: number;
  /** `none`: every answer may come within the instant. For scenarios whose every schedule is to be run. */
  readonly latencies?: "nominal" | "none";
}
