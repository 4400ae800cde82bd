import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { commandTree } from "../../tools/docs/command-tree.ts";
import { commandLinesIn, type CommandLine } from "../../tools/docs/command-lines.ts";
import { fencedBlocksIn, type FencedBlock } from "../../tools/docs/fenced-blocks.ts";
import { filesAfter, matchesOutput, pageSteps, type PageStep } from "../../tools/docs/page-project.ts";
import { filesBefore, pagesOfDocs, readPage, root, type Page } from "../../tools/docs/pages.ts";
import { ReaderFolder, withoutProgress } from "../../tools/docs/reader-folder.ts";

const pages = ["README.md", ...pagesOfDocs()].map(readPage);

describe("TypeScript in the pages", () => {
  const folder = new ReaderFolder();
  afterAll(() => folder.remove());

  test(
    "type-checks, each file as it is when a command runs, each fragment in what is given for it",
    { timeout: 120_000 },
    () => {
      for (const page of pages) {
        const { path, blocks } = page;
        for (const [index, files] of snapshots(page).entries()) {
          for (const [name, text] of files) folder.write(`${path}-${index}/${name}`, text);
        }
        for (const block of blocks.filter(isFragment)) folder.write(`${path}-${block.line}.ts`, inItsPlace(block));
      }
      expect(folder.check()).toBe("");
    },
  );

  test("is a file, a part of one, tested elsewhere, a signature out of the sources, or has what is given for it", () => {
    const unmarked = pages.flatMap(({ path, blocks }) =>
      blocks
        .filter(({ language }) => language === "ts")
        .filter(
          (block) =>
            !["file", "part", "tested", "signature"].some((mark) => block.marks.has(mark)) && !isFragment(block),
        )
        .map(({ line }) => `${path}:${line}`),
    );
    expect(unmarked).toEqual([]);
  });

  test("that is tested elsewhere names the test", () => {
    const tests = pages.flatMap(({ blocks }) => blocks.flatMap(({ marks }) => marks.get("tested") ?? []));
    expect(tests.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
  });
});

describe("data in the pages", () => {
  test.for(pages)("parses: $path", ({ blocks }) => {
    for (const { language, text } of blocks) {
      if (language === "json") JSON.parse(text);
      if (language === "yaml") expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
    }
  });
});

describe("commands in the pages", () => {
  test.for(pages.map(({ path, text, blocks }) => ({ path, lines: commandLinesIn(text, blocks) })))(
    "have arguments and flags that exist: $path",
    ({ lines }) => {
      expect(lines.flatMap(refusal)).toEqual([]);
    },
  );

  test("are told from those that have not", () => {
    const refused = ["stormlane rnu", "npx stormlane run --sede 4", "npm start -- --shard", "stormlane replay a b"];
    const lines = refused.flatMap((line) => commandLinesIn(`\`${line}\``, []));
    expect(lines.flatMap(refusal).map((text) => text.split(": ")[0])).toEqual(refused);
    const [inWorkflow] = commandLinesIn("", fencedBlocksIn("```yaml\n- run: npx stormlane run --seds ${{ n }}\n```\n"));
    expect(refusal(inWorkflow!)).not.toEqual([]);
    expect(commandLinesIn("`npx stormlane run timeouts --seeds 5  # a few`", []).flatMap(refusal)).toEqual([]);
  });
});

describe.for(pages.filter(({ steps }) => steps.some(({ kind }) => kind === "run")))("$path", (page) => {
  let folder: ReaderFolder;
  beforeAll(() => {
    folder = new ReaderFolder();
  });
  afterAll(() => folder.remove());

  test("prints what it shows, when its files are written and its commands run", { timeout: 600_000 }, () => {
    for (const [name, text] of filesBefore(page)) folder.write(name, text);
    for (const step of page.steps) {
      if (step.kind === "file") folder.write(step.name, step.text);
      if (step.kind === "run") expectRun(folder, step, `${page.path}:${step.line}`);
    }
  });

  test("shows parts of files as they are by then", () => {
    const files = filesBefore(page);
    for (const step of page.steps) {
      if (step.kind === "file") files.set(step.name, step.text);
      if (step.kind === "part") expect(files.get(step.name)).toContain(step.text);
    }
  });
});

describe("the reader of pages", () => {
  test("takes files, commands and what they print", () => {
    const page = "```ts file=a.ts\n1;\n```\n\n```sh run exit=1\nfalse\n```\n\n```text output\nno\n```\n";
    expect(pageSteps(fencedBlocksIn(page))).toEqual([
      { kind: "file", line: 1, name: "a.ts", text: "1;\n" },
      { kind: "run", line: 5, script: "false\n", exitCode: 1, output: "no\n" },
    ]);
  });

  test("lets `…` stand for anything, and alone for any lines", () => {
    expect(matchesOutput("a 12 ms\nb\nc\nd\n", "a … ms\n…\nd\n")).toBe(true);
    expect(matchesOutput("a 12 s\nd\n", "a … ms\nd\n")).toBe(false);
    expect(matchesOutput("a\nb\n", "a\n")).toBe(false);
    expect(matchesOutput("a.c\n", "abc\n")).toBe(false);
  });

  test("leaves out how far a run is, and nothing else", () => {
    const progress = "opened: 12/1,060 runs, 3 runs/s, 28,718 ops/s, ETA 18 s, 0 failed\n";
    expect(withoutProgress(`${progress}FAILED  opened\n${progress}60 seeds\n`)).toBe("FAILED  opened\n60 seeds\n");
  });

  test("puts a fragment where `...` stands in what is given", () => {
    const page = "<!-- given\nfunction* f() {\n...\n}\n-->\n```ts\nyield 1;\n```\n";
    expect(inItsPlace(fencedBlocksIn(page)[0]!)).toBe("function* f() {\nyield 1;\n\n}\n");
  });

  test("refuses paths out of the folder", () => {
    expect(() => pageSteps(fencedBlocksIn("```ts file=../a.ts\n```\n"))).toThrow("no plain path");
  });
});

function expectRun(folder: ReaderFolder, step: Extract<PageStep, { kind: "run" }>, at: string): void {
  const { printed, exitCode } = folder.run(step.script);
  expect(exitCode, `${at}: the exit code\n${printed}`).toBe(step.exitCode);
  const shown = step.output ?? "…";
  // The comparison of two texts is easier to read than a pattern that does not match.
  if (!matchesOutput(printed, shown)) expect(printed, `${at}: what it prints`).toBe(shown);
}

/** The files of a page before each command, and at its end. */
function snapshots(page: Page): Map<string, string>[] {
  const { steps } = page;
  const ends = steps.flatMap(({ kind }, index) => (kind === "run" ? [index] : []));
  const before = filesBefore(page);
  return [...ends, steps.length]
    .map((end) => new Map([...before, ...filesAfter(steps.slice(0, end))]))
    .filter((files, index, all) => files.size > 0 && !sameFiles(files, all[index - 1]));
}

function sameFiles(files: ReadonlyMap<string, string>, others: ReadonlyMap<string, string> | undefined): boolean {
  return others?.size === files.size && [...files].every(([name, text]) => others.get(name) === text);
}

function isFragment({ language, given }: FencedBlock): boolean {
  return language === "ts" && given !== undefined;
}

/** The fragment in what is given for it: at a line `...`, or behind it. `ROOT/` is this clone. */
function inItsPlace({ text, given }: FencedBlock): string {
  const [before = "", after = ""] = given!.split(/^\.\.\.$/m);
  return `${before}${text}${after}`.replaceAll("ROOT/", root);
}

/** What commander says to a line, without running it. */
function refusal({ text, args }: CommandLine): string[] {
  const program = commandTree();
  let command = program;
  let rest = args;
  for (;;) {
    const next = command.commands.find((each) => each.name() === rest[0]);
    if (next === undefined) break;
    command = next;
    rest = rest.slice(1);
  }
  // A group may do something by itself, too.
  if (command.commands.length > 0 && command.registeredArguments.length === 0) {
    return rest.length === 0 || rest[0]!.startsWith("-") || rest[0]!.startsWith("<")
      ? []
      : [`${text}: no command ${rest[0]}`];
  }
  try {
    const { operands, unknown } = command.exitOverride().parseOptions([...rest]);
    const takesAny = command.registeredArguments.some(({ variadic }) => variadic) || rest.includes("[options]");
    const excess = takesAny ? [] : operands.slice(command.registeredArguments.length);
    const wrong = [...unknown.filter((word) => word !== "--help"), ...excess];
    return wrong.length === 0 ? [] : [`${text}: ${wrong.join(" ")}`];
  } catch (error) {
    return [`${text}: ${(error as Error).message}`];
  }
}
