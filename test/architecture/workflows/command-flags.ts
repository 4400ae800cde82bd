import { commandTree } from "../../../tools/docs/command-tree.ts";

type Command = ReturnType<typeof commandTree>;

/** The commands of the command line, as `bench` and `bench report`, each with its flags in full, as `--seeds`. */
export function flagsOfCommands(): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(commandTree().commands.flatMap((command) => entriesOf(command, [], "")));
}

/** A command of a group takes the flags of the group as well. */
function entriesOf(command: Command, given: readonly string[], group: string): [string, ReadonlySet<string>][] {
  const flags = [...given, ...command.options.map(({ long }) => long ?? "")];
  const name = `${group}${command.name()}`;
  return [[name, new Set(flags)], ...command.commands.flatMap((each) => entriesOf(each, flags, `${name} `))];
}
