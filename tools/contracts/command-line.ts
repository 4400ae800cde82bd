import type { Command } from "commander";
import type { JsonObject } from "../../src/base/json.ts";
import { exitCodes } from "../../src/cli/exit-codes.ts";

/** Commands with their arguments and flags, what these are when they are not given, and the exit codes. */
export function commandLine(program: Command): JsonObject {
  const commands = allOf(program).map((command) => [fullName(command), faceOf(command)] as const);
  return { commands: Object.fromEntries(commands.toSorted(([left], [right]) => (left < right ? -1 : 1))), exitCodes };
}

function faceOf(command: Command): JsonObject {
  return {
    arguments: command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    }),
    flags: Object.fromEntries(
      command.options
        .toSorted((left, right) => (left.flags < right.flags ? -1 : 1))
        .map(({ flags, defaultValue, mandatory, argChoices }) => [
          flags,
          {
            ...(defaultValue === undefined ? {} : { default: String(defaultValue) }),
            ...(mandatory ? { required: true } : {}),
            ...(argChoices === undefined ? {} : { choices: argChoices }),
          },
        ]),
    ),
  };
}

function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}
