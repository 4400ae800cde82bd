import { commandTree } from "../../../tools/docs/command-tree.ts";

/** The commands of the command line, each with its flags in full, as `--seeds`. */
export function flagsOfCommands(): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    commandTree().commands.map((command) => [command.name(), new Set(command.options.map(({ long }) => long ?? ""))]),
  );
}
