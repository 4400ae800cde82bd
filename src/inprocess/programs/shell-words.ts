/** What a line for a shell says, where it is one command with its words. */
export interface ShellCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** @returns undefined for a line that needs a shell: pipes, variables, patterns, several commands */
export function shellCommand(line: string): ShellCommand | undefined {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      at++;
      continue;
    }
    const word = wordAt(line, at);
    if (word === undefined) return undefined;
    words.push(word.text);
    at = word.end;
  }
  const [command, ...args] = words;
  return command === undefined || command.includes("=") ? undefined : { command, args };
}

function wordAt(line: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let text = "";
  let at = start;
  while (at < line.length && !/\s/.test(line[at]!)) {
    const character = line[at]!;
    if (character === "'") {
      const end = line.indexOf("'", at + 1);
      if (end === -1) return undefined;
      text += line.slice(at + 1, end);
      at = end + 1;
    } else if (character === '"') {
      const quoted = /^"((?:[^"\\$`]|\\[\s\S])*)"/.exec(line.slice(at));
      if (quoted === null) return undefined;
      text += quoted[1]!.replaceAll(/\\(["\\$`])/g, "$1");
      at += quoted[0].length;
    } else if (character === "\\") {
      text += line[at + 1] ?? "";
      at += 2;
    } else if (/[|&;<>()$`*?[\]{}~!#\n]/.test(character)) {
      return undefined;
    } else {
      text += character;
      at++;
    }
  }
  return { text, end: at };
}
