import type { ProgramFault } from "../../../fakes/cli/program-fault.ts";
import { readToken } from "../../../fakes/llm/prompt-markers.ts";
import { tokenOfModel } from "../../../fakes/llm/scenario-token.ts";
import type { ArmedFault, ProgramStartFault } from "../scenario-file.ts";

/**
 * The fault that strikes this start of a program: of those that match, the first that has not struck as often as it may.
 * All that match count the start.
 *
 * @param next counts over all processes
 */
export function faultOfStart(
  faults: readonly ArmedFault[],
  program: string,
  token: string,
  next: (count: string) => number,
): ProgramFault | undefined {
  let struck: ProgramStartFault | undefined;
  for (const [index, fault] of faults.entries()) {
    if (!("program" in fault) || fault.program !== program) continue;
    const { match = {}, times = 1 } = fault;
    if (match.token !== undefined && match.token !== token) continue;
    const isDue = next(`fault ${index} matched`) >= (match.nth ?? 1);
    if (!isDue || struck !== undefined) continue;
    if (times === "always" || next(`fault ${index} struck`) <= times) struck = fault;
  }
  return struck?.fault;
}

/** Whose scenario a start belongs to, as far as its environment and its arguments say. */
export function tokenOfStart(env: Readonly<Record<string, string | undefined>>, args: readonly string[]): string {
  const { STORMLANE_TOKEN: given } = env;
  if (given !== undefined) return given;
  const model = args.findIndex((arg) => /^(-m|--model)$/.test(arg));
  const ofModel = model === -1 ? undefined : tokenOfModel(args[model + 1] ?? "").token;
  return ofModel ?? args.map(readToken).find((token) => token !== "") ?? "";
}
