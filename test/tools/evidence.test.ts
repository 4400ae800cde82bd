import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { markdownOf, writeEvidence, type Cell, type Evidence } from "../../tools/proof/evidence.ts";

const word = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9 |\n-]{0,20}$/);
const cell: fc.Arbitrary<Cell> = fc.oneof(
  word,
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true }).filter(Number.isFinite),
);
const table = fc.record({ title: word, width: fc.integer({ min: 1, max: 5 }) }).chain(({ title, width }) =>
  fc.record({
    title: fc.constant(title),
    columns: fc.array(word, { minLength: width, maxLength: width }),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 4 }),
  }),
);
const evidence: fc.Arbitrary<Evidence> = fc.record({
  name: fc.constant("sample"),
  title: word,
  ok: fc.boolean(),
  command: word,
  commit: word,
  date: fc.constant("2026-01-05T00:00:00.000Z"),
  node: fc.constant("v24.0.0"),
  host: word,
  wallSeconds: fc.integer({ min: 0, max: 100_000 }),
  facts: fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z]{0,10}$/), cell),
  tables: fc.array(table, { maxLength: 3 }),
  problems: fc.array(word, { maxLength: 3 }),
});

/** Cells of every line of every table, title and rule lines left out. */
function rowsOf(markdown: string): string[][] {
  const lines = markdown.split("\n");
  const isRow = (line: string | undefined): boolean => line?.startsWith("| ") === true;
  return lines
    .filter((line, index) => isRow(line) && !line.startsWith("| ---") && !lines[index + 1]?.startsWith("| ---"))
    .map((line) => line.slice(2, -2).split(" | "));
}

function shown(cell: Cell): string {
  return String(cell).replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
}

describe("evidence", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "evidence-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("says the same in its two files: every value of the JSON stands in the Markdown as it is", () => {
    fc.assert(
      fc.property(evidence, (given) => {
        writeEvidence(folder, given);
        const document = JSON.parse(readFileSync(join(folder, "sample.json"), "utf8")) as Evidence;
        const markdown = readFileSync(join(folder, "sample.md"), "utf8");
        const expected = [
          ...Object.entries(document.facts),
          ...(document.tables ?? []).flatMap(({ rows }) => rows),
          ["command", `\`${document.command}\``],
          ["commit", document.commit],
          ["date", document.date],
          ["node", document.node],
          ["host", document.host],
          ["wallSeconds", document.wallSeconds],
        ].map((row) => row.map(shown).join(" | "));
        expect(rowsOf(markdown).map((row) => row.join(" | "))).toEqual(expected);
        expect(markdown.includes("**Passed.**")).toBe(document.ok);
        for (const problem of document.problems) expect(markdown).toContain(`- ${problem.replaceAll(/\s+/g, " ")}`);
      }),
    );
  });

  test("keeps every table in columns whatever stands in a cell", () => {
    const [sample] = fc.sample(evidence, 1);
    const markdown = markdownOf({
      ...sample!,
      facts: {},
      tables: [{ title: "T", columns: ["a", "b"], rows: [["x | y\nz", 1]] }],
    });
    expect(markdown).toContain("| x \\| y z | 1 |\n");
  });
});
