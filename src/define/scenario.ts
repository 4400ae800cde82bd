import type * as fc from "fast-check";
import { misbehave } from "../../fakes/cli/misbehave.ts";
import type { ProgramFault } from "../../fakes/cli/program-fault.ts";
import type { JsonValue } from "../base/json.ts";
import type { Invariant, Sometimes } from "../invariants/invariant.ts";
import type { Ramp } from "../limits/ramp.ts";
import type { Ports } from "../ports/ports.ts";
import type { Program } from "../ports/program.ts";
import type { Bounds, FaultSettings, Scenario } from "../sim/scenario.ts";
import type { World, WorldProcessOptions } from "../sim/world.ts";
import { checkDefinition } from "./check-definition.ts";
import { errorText, guardedInvariant, GuardedGoals } from "./guarded.ts";
import { whenLogged } from "./invariant.ts";
import { rampOf, type RampDefinition } from "./ramps.ts";
import type { ServiceDefinition } from "./services.ts";
import { workloadSource, type WorkloadSchema } from "./workload.ts";

/** A system under a workload, what may go wrong around it, and what must hold all the same: as people write it. */
export interface ScenarioDefinition<Workload extends JsonValue> {
  /** Kebab-case, as its folder; `/` for families. */
  readonly name: string;
  /** One sentence for lists and reports. Default: its name. */
  readonly about?: string;
  /** Draws a workload by seed: what varies besides the schedule and the faults. Plain JSON. */
  readonly workload: fc.Arbitrary<Workload>;
  /**
   * Workloads that always run, and that the strategies `sweep`, `surw`, `reads-from` and `exhaustive` go over alone.
   * Default: the first three that `workload` draws; `[]` is none.
   */
  readonly examples?: readonly Workload[];
  /** Which values out of a repro file are workloads. Default: those that `workload` could have drawn, where it can tell. */
  readonly schema?: WorkloadSchema;
  /** What answers over HTTP. Default nothing. */
  readonly services?: OfWorkload<readonly ServiceDefinition[], Workload>;
  /** Executables on the PATH of every process of the system. Default none. */
  readonly programs?: OfWorkload<readonly Program[], Workload>;
  /** What lies on the disk beforehand, by absolute path; a path that ends in `/` is an empty folder. */
  readonly files?: OfWorkload<Readonly<Record<string, string>>, Workload>;
  /**
   * The processes under test, by name. They start in the order of their names here, and share one disk. One that throws
   * has crashed, and stays away: `noCrash` is the invariant that says that none does.
   */
  readonly system: Readonly<Record<string, Main<Workload> | ProcessDefinition<Workload>>>;
  /**
   * What people and the outside do, as a process `people` on a host of its own that no fault strikes. When it returns
   * the run is over; when it throws, the run is broken. Without it, the run is over when nobody has anything left to do.
   */
  readonly drive?: Main<Workload>;
  /** Anything else there is in the world, added after the rest. */
  readonly furnish?: (world: World, workload: Workload) => void;
  /** What goes wrong, and how much of it. Default nothing; with families, at most 3 faults, at processes of `system`. */
  readonly faults?: Partial<FaultSettings>;
  readonly invariants: readonly Invariant[];
  /** What some run must reach. A text stands for an event of that name in a process's log. Default none. */
  readonly sometimes?: readonly (Sometimes | string)[];
  /** Default 50,000 steps and 1 hour of virtual time. A run that reaches one has not held. */
  readonly bounds?: Partial<Bounds>;
  /** Loads that `stormlane limits` raises until something gives way, beside those that every scenario has. Default none. */
  readonly ramps?: readonly RampDefinition<Workload>[];
}

/** Runs as a process of its own would: until it returns, or is killed. */
export type Main<Workload extends JsonValue> = (ports: Ports, workload: Workload) => Promise<void>;

export interface ProcessDefinition<Workload extends JsonValue> extends Omit<WorldProcessOptions, "host"> {
  readonly main: Main<Workload>;
  /** Whether it is there at all. Default: always. */
  readonly when?: (workload: Workload) => boolean;
}

type OfWorkload<Value, Workload extends JsonValue> = Value | ((workload: Workload) => Value);

/**
 * A scenario out of its parts.
 *
 * @throws DefinitionError that names each member that cannot be what it is
 */
export function defineScenario<Workload extends JsonValue>(definition: ScenarioDefinition<Workload>): Scenario {
  checkDefinition(definition);
  const { name, about = name, workload, examples, schema, invariants, sometimes = [] } = definition;
  const bounds: Bounds = { ...defaultBounds, ...definition.bounds };
  const goals = new GuardedGoals();
  const scenario: Scenario<Workload> = {
    name,
    about,
    workloads: workloadSource({ workload, examples, schema }),
    build(world, drawn) {
      goals.joinRun((error) => world.kernel.fail(error));
      try {
        build(world, drawn, definition);
      } catch (error) {
        world.kernel.fail(new Error(`scenario ${name} cannot be built: ${errorText(error)}`));
      }
    },
    faults: faultSettings(definition, bounds),
    invariants: invariants.map(guardedInvariant),
    sometimes: sometimes.map((each) => goals.guard(typeof each === "string" ? whenLogged(each) : each)),
    bounds,
  };
  const { ramps } = definition;
  const ramped: Scenario<Workload> & { readonly ramps?: readonly Ramp[] } =
    ramps === undefined ? scenario : { ...scenario, ramps: ramps.map((ramp) => rampOf(scenario, ramp)) };
  // Of a workload it knows what `refuse` says of it, and nothing reaches `build` that was refused.
  return ramped;
}

const defaultBounds: Bounds = { stepsMax: 50_000, virtualMsMax: 3_600_000 };

function faultSettings({ faults, system }: Pick<ScenarioDefinition<never>, "faults" | "system">, bounds: Bounds) {
  const families = faults?.families ?? [];
  return {
    faultsMax: families.length === 0 ? 0 : 3,
    faultsUntilMs: bounds.virtualMsMax / 2,
    restartAfterMsMax: 5_000,
    victims: Object.keys(system),
    ...faults,
    families,
  } satisfies FaultSettings;
}

function build<Workload extends JsonValue>(
  world: World,
  workload: Workload,
  { services = [], programs = [], files = {}, system, drive, furnish }: ScenarioDefinition<Workload>,
): void {
  world.host("server", {
    programs: ofWorkload(programs, workload),
    misbehave: (program, behaviour) => misbehave(program, behaviour as unknown as ProgramFault),
  });
  layFiles(world, ofWorkload(files, workload));
  for (const { origin, create, ...options } of ofWorkload(services, workload)) {
    world.service(origin, create(), options);
  }
  for (const [name, process] of Object.entries(system)) {
    const { main, when, ...options } = typeof process === "function" ? { main: process } : process;
    if (when?.(workload) === false) continue;
    world.process(name, (ports) => main(ports, workload), options);
  }
  if (drive !== undefined) {
    const people = async (ports: Ports): Promise<void> => {
      try {
        await drive(ports, workload);
        world.kernel.stop("the outside is done");
      } catch (error) {
        world.kernel.fail(new Error(`drive threw ${errorText(error)}`));
      }
    };
    world.process(outsideName, people, { host: "office" });
  }
  furnish?.(world, workload);
}

/** The process that `drive` runs as. */
export const outsideName = "people";

function layFiles(world: World, files: Readonly<Record<string, string>>): void {
  const { disk } = world.host("server");
  const made = new Set(["/"]);
  const makeFolders = (path: string): void => {
    const parts = path.split("/").slice(1, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const folder = `/${parts.slice(0, depth).join("/")}`;
      if (!made.has(folder)) disk.makeFolder(folder);
      made.add(folder);
    }
  };
  for (const [path, content] of Object.entries(files)) {
    makeFolders(path);
    if (path.endsWith("/")) continue;
    disk.write(path, content);
    disk.sync(path);
  }
  // What was there before the run survives every crash of the host.
  for (const folder of made) disk.sync(folder);
}

function ofWorkload<Value, Workload extends JsonValue>(value: OfWorkload<Value, Workload>, workload: Workload): Value {
  return typeof value === "function" ? (value as (workload: Workload) => Value)(workload) : value;
}
