import type { Policies, Scenario } from "../../src/index.ts";
import { boardScenario, type BoardScenario } from "./board-world.ts";
import type { Epic, Workload } from "./workload.ts";

/** A scenario that comes with Stormlane, and what can be put in place of its parts. */
export interface BuiltIn {
  readonly name: string;
  build(options?: BuiltInOptions): Scenario;
  /** One workload that carries this epic through what the scenario is about. */
  workloadForEpic(epic: Epic): Workload;
}

export interface BuiltInOptions {
  /** Of the orchestrator core, in place of its own. */
  readonly policies?: Policies;
  /** The only epic of every workload. */
  readonly epic?: Epic;
}

export type BuiltInParts = Omit<BoardScenario, "policies"> & Pick<BuiltIn, "workloadForEpic">;

export function builtIn(parts: BuiltInParts): BuiltIn {
  const { workloadForEpic, ...scenario } = parts;
  return {
    name: parts.name,
    workloadForEpic,
    build({ policies, epic } = {}) {
      const given = epic === undefined ? undefined : workloadForEpic(epic);
      return boardScenario({
        ...scenario,
        ...(policies === undefined ? {} : { policies }),
        ...(given === undefined ? {} : { scripted: [given], draw: () => given }),
      });
    },
  };
}
