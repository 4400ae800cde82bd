import { sampleProgramFaults } from "../../../fakes/cli/program-fault.ts";
import { serviceFaultNames } from "../../../fakes/llm/service-fault.ts";
import type { FaultSettings } from "../../sim/scenario.ts";

/** Of a family, what a system has no need to bear, by name. */
export interface WithoutFaults {
  readonly board: readonly string[];
  readonly model: readonly string[];
  /** Behaviours of programs. */
  readonly program: readonly string[];
}

/** Errors that a board of Kanboard gives by itself. */
const boardFaultNames: readonly string[] = [
  "unauthorized",
  "database-locked",
  "database-locked-after-effect",
  "refused",
];

/** What there is to leave out. */
export const faultNames: Readonly<Record<keyof WithoutFaults, readonly string[]>> = {
  board: boardFaultNames,
  model: serviceFaultNames,
  program: [...new Set(sampleProgramFaults.map(({ kind }) => kind))],
};

/** All that services and programs do wrong by themselves, but what is left out. */
export function ownFaults(
  without: WithoutFaults,
): Pick<FaultSettings, "serviceFaults"> & { readonly programBehaviours: typeof sampleProgramFaults } {
  return {
    serviceFaults: {
      board: faultNames.board.filter((name) => !without.board.includes(name)),
      model: faultNames.model.filter((name) => !without.model.includes(name)),
    },
    programBehaviours: sampleProgramFaults.filter(({ kind }) => !without.program.includes(kind)),
  };
}
