import type { Policies } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** Git and the tests of code that a model wrote: an endless loop in it holds the lane for ever. */
export const programsWithoutEnd: Mutant = {
  id: "F64",
  title: "tests and git run for as long as they like",
  scenario: "malformed-cli-output",
  expects: ["V1"],
  apply: (policies) => patient(policies, (name) => !isTool(name)),
};

/** Each tool has a limit of its own, hours long, and what the role says is not handed on. */
export const roleTimeoutIgnored: Mutant = {
  id: "F86",
  title: "a tool that asks a model is waited for without the time limit of its role",
  scenario: "malformed-cli-output",
  expects: ["V1"],
  apply: (policies) => patient(policies, isTool),
};

function patient({ programs, ...others }: Policies, isMeant: (name: string) => boolean): Policies {
  return {
    ...others,
    programs: {
      run: (ports, call) =>
        programs.run(ports, isMeant(call.name) ? { ...call, timeLimitMs: 10 * call.timeLimitMs + dayMs } : call),
    },
  };
}

/** As `codex.exec`. */
function isTool(name: string): boolean {
  return name.endsWith(".exec");
}

const dayMs = 86_400_000;
