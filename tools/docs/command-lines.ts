import type { FencedBlock } from "./fenced-blocks.ts";

/** A call of `stormlane` as a page has it. */
export interface CommandLine {
  /** As it stands there. */
  readonly text: string;
  /** Behind the name of the program. */
  readonly args: readonly string[];
}

const names =
  /^(?:\$ )?(?:npx stormlane|npm run stormlane --|npm run stormlane|npm start --|npm start|stormlane)(?= |$)/;

/** What a workflow says before a command, as `- run: `. */
const keysOfYaml = /^\s*(?:- )?(?:run|command|script): +/;

/** Calls in blocks for a shell, in workflows, and in text that is set as code. */
export function commandLinesIn(page: string, blocks: readonly FencedBlock[]): CommandLine[] {
  // What is run anyway need not be looked at.
  const read = blocks.filter(({ language, marks }) => ["sh", "yaml", ""].includes(language) && !marks.has("run"));
  const lines = read.flatMap(({ language, text }) => {
    const joined = text.replaceAll(/\\\n\s*/g, "").split("\n");
    if (language !== "yaml") return joined;
    // A value that the workflow puts in is a word like any other.
    return joined.map((line) => line.replace(keysOfYaml, "").replaceAll(/\$\{\{[^}]*\}\}/g, "1"));
  });
  const prose = page.replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, "");
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, span]) => span!.replaceAll(/\s+/g, " "));
  return [...lines, ...spans].flatMap((line) => commandLine(line));
}

function commandLine(line: string): CommandLine[] {
  const text = line.trim();
  const name = names.exec(text)?.[0];
  if (name === undefined) return [];
  // `npm start` is `run`. Behind two spaces a page says what the command is for.
  const own = text
    .slice(name.length)
    .trim()
    .split(/ {2,}| [|>#] | && |; /)[0]!;
  const args = [...own.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, one, two, plain]) => one ?? two ?? plain!);
  return [{ text, args: name.includes("npm start") ? ["run", ...args] : args }];
}
