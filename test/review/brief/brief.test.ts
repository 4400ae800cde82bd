import { expect, test } from "vitest";
import { briefOf } from "../../../src/review/brief/brief.ts";
import { briefMarkdown } from "../../../src/review/brief/markdown.ts";
import { briefPage } from "../../../src/review/brief/page.ts";
import { reviewOf } from "../../../src/review/review.ts";
import { someCounterexample, someEvidence, someInvariant, someProof, someScenario } from "../some-evidence.ts";

const hostile = "</p><script>alert(1)</script> | `a` **b** [c](http://d) @everyone \u001b[31m \u202e\n# e";

const hostileBrief = briefOf(
  reviewOf(
    someEvidence({
      scenarios: [
        someScenario({
          name: hostile,
          goalsMissed: [hostile],
          counterexamples: [
            someCounterexample({ message: hostile, faults: [hostile], signature: hostile, replayCommand: hostile }),
          ],
        }),
      ],
      proofs: [someProof({ scenario: hostile, verdict: "unfit", reason: hostile })],
    }),
  ),
);

test("a brief says its verdict first, in both forms", () => {
  const brief = briefOf(reviewOf(someEvidence()));
  expect(briefMarkdown(brief).split("\n").slice(0, 3)).toEqual([
    "# Release brief: the built-in core",
    "",
    "**Verdict: ready**",
  ]);
  expect(briefPage(brief)).toContain(`<div class="verdict good"><p class="headline">ready</p>`);
});

test("where none of the core's guarantees was judged, the brief says that nothing is said of them", () => {
  const own = [someInvariant({ id: "I1", isBuiltIn: false })];
  const text = briefMarkdown(briefOf(reviewOf(someEvidence({ scenarios: [someScenario({ invariants: own })] }))));
  expect(text).toContain("The core's own guarantees (G, I, L, V, D, C and O) are not among them");
  expect(briefMarkdown(briefOf(reviewOf(someEvidence())))).not.toContain("are not among them");
});

test("text of cards and models is no markup in Markdown, and stays in its cell", () => {
  const text = briefMarkdown(hostileBrief);
  const prose = text.replaceAll(/(`+)[^`].*?\1(?!`)/g, "code");
  expect(prose).not.toMatch(/(?<!\\)<script/);
  expect(prose).not.toMatch(/(?<!\\)\[c/);
  expect(prose).not.toContain("@everyone");
  expect(text).not.toMatch(/[\u001b\u202e]/);
  for (const table of text.split("\n\n").filter((block) => block.startsWith("| "))) {
    const widths = new Set(
      table
        .trim()
        .split("\n")
        .map((line) => line.split(/(?<!\\)\|/).length),
    );
    expect(widths.size, table).toBe(1);
  }
});

test("text of cards and models is no markup on the page, which runs no script and loads nothing", () => {
  const page = briefPage(hostileBrief);
  expect(page).not.toContain("<script>alert");
  expect(page).toContain("default-src &#39;none&#39;;");
  expect(page).not.toMatch(/[\u001b\u202e]/);
  expect([...page.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, body]) => body)).toEqual([""]);
  expect(page).not.toMatch(/\son\w+=|(?:src|href)="(?!#|data:,")/);
});

test("a table has a cell for each column, in every row of every part", () => {
  for (const { tables } of hostileBrief.sections) {
    for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length);
  }
});
