import type { Command } from "commander";

/** All commands with their arguments and flags, as the program itself knows them. */
export function commandPage(program: Command): string {
  return `${[
    "# Commands",
    "<!-- Made by tools/docs/reference.ts out of the commands themselves. `npm run docs:reference` makes it again. -->",
    "What `--help` says of each command. What they do, and what they print, stands on [the command line](../cli.md).",
    ...deedsOf(program).map(commandSection),
  ].join("\n\n")}\n`;
}

/** Without groups that only hold others together. */
function deedsOf(command: Command): Command[] {
  const isGroup = command.commands.length > 0 && command.registeredArguments.length === 0;
  return [...(isGroup ? [] : [command]), ...command.commands.flatMap(deedsOf)];
}

function commandSection(command: Command): string {
  const name = fullName(command);
  const args = command.registeredArguments.map((argument) => [
    `\`${argument.required ? `<${argument.name()}${argument.variadic ? "..." : ""}>` : `[${argument.name()}${argument.variadic ? "..." : ""}]`}\``,
    "",
    argument.description,
  ]);
  const options = command.options.map(({ flags, defaultValue, mandatory, description }) => [
    `\`${flags}\``,
    typeof defaultValue === "string" ? `\`${defaultValue}\`` : mandatory ? "required" : "",
    description,
  ]);
  const rows = [...args, ...options].map((cells) => `| ${cells.map(cell).join(" | ")} |`);
  const usage = `\`\`\`\n${name} ${command.usage()}\n\`\`\``;
  const parts = [`## ${name}`, text(command.description()), usage];
  return [
    ...parts,
    ...(rows.length === 0 ? [] : [["| argument | default | meaning |", "|---|---|---|", ...rows].join("\n")]),
  ].join("\n\n");
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function cell(value: string): string {
  return text(value).replaceAll("|", String.raw`\|`);
}

/** No markup begins in a description. */
function text(value: string): string {
  return value.startsWith("`") ? value : value.replaceAll("<", "&lt;");
}
