import type { FencedBlock } from "./fenced-blocks.ts";

/**
 * What a reader does who follows a page from above: write files, and run commands.
 *
 * | block | what becomes of it |
 * |---|---|
 * | `ts file=poller.ts`, any language | the file is written; a later one of the name takes its place |
 * | `ts part=poller.ts` | stands so in the file as it is by now |
 * | `sh run`, `sh run exit=1` | is run in the folder, and ends with that code |
 * | `text output` | what the run right before it printed; `…` stands for anything, on a line of its own for any lines |
 * | `console run exit=2` | commands behind `$ `, each with what it prints below it, and all of that exit code |
 *
 * A page whose first lines hold `<!-- continues tutorial.md -->` begins with the files that the other one leaves.
 */
export type PageStep =
  | { readonly kind: "file"; readonly line: number; readonly name: string; readonly text: string }
  | { readonly kind: "part"; readonly line: number; readonly name: string; readonly text: string }
  | {
      readonly kind: "run";
      readonly line: number;
      readonly script: string;
      readonly exitCode: number;
      /** What it prints on both streams, with `…`; undefined when the page does not show it. */
      readonly output: string | undefined;
    };

export function pageSteps(blocks: readonly FencedBlock[]): PageStep[] {
  return blocks.flatMap((block, index): PageStep[] => {
    const { marks, line, text } = block;
    if (marks.has("file")) return [{ kind: "file", line, name: plainPath(marks.get("file")!), text }];
    if (marks.has("part")) return [{ kind: "part", line, name: plainPath(marks.get("part")!), text }];
    if (!marks.has("run")) return [];
    const exitCode = Number(marks.get("exit") ?? 0);
    if (block.language === "console") return transcript(block).map((step) => ({ kind: "run", ...step, exitCode }));
    const next = blocks[index + 1];
    return [{ kind: "run", line, script: text, exitCode, output: next?.marks.has("output") ? next.text : undefined }];
  });
}

function transcript({ text, line }: FencedBlock): { line: number; script: string; output: string }[] {
  const steps: { line: number; script: string; output: string }[] = [];
  for (const [index, each] of text.trimEnd().split("\n").entries()) {
    if (each.startsWith("$ ")) steps.push({ line: line + 1 + index, script: each.slice(2), output: "" });
    else steps.at(-1)!.output += `${each}\n`;
  }
  return steps;
}

/** The page that this one goes on from. */
export function continuedPage(page: string): string | undefined {
  return /^<!-- continues (?<name>[\w./-]+) -->$/m.exec(page)?.groups!["name"];
}

/** Files by name, as they are after the steps; a name given twice has the later text. */
export function filesAfter(steps: readonly PageStep[]): Map<string, string> {
  return new Map(steps.flatMap((step) => (step.kind === "file" ? [[step.name, step.text]] : [])));
}

/** Whether what was printed is what the page shows. */
export function matchesOutput(printed: string, shown: string): boolean {
  const pattern = shown
    .trimEnd()
    .split("\n")
    .map((line) =>
      line.trim() === "…" ? "(?:.*\\n)*?" : `${line.trimEnd().split("…").map(literally).join(".*")} *\\n`,
    )
    .join("");
  return new RegExp(`^${pattern}$`).test(`${printed.trimEnd()}\n`);
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/** A page writes nowhere but into its folder. */
function plainPath(name: string): string {
  if (name === "" || name.startsWith("/") || name.split("/").includes("..")) throw new Error(`${name}: no plain path`);
  return name;
}
