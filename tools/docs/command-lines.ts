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

/** Calls in blocks for a shell, and in text that is set as code. */
export function commandLinesIn(page: string, blocks: readonly FencedBlock[]): CommandLine[] {
  // What is run anyway need not be looked at.
  const shell = blocks.filter(({ language, marks }) => ["sh", "bash", ""].includes(language) && !marks.has("run"));
  const lines = shell.flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, "").split("\n"));
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
