import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { JsonValue } from "../../src/base/json.ts";
import { builtInCatalogueUrl, loadCatalogue, type Catalogue } from "../../src/cli/catalogue.ts";
import { failureStory } from "../../src/cli/failure-story.ts";
import { replayStory } from "../../src/cli/replay-story.ts";
import { scenarioOfRepro } from "../../src/cli/replay-repro.ts";
import { readRepro } from "../../src/cli/repro-file.ts";
import { terminalPaint } from "../../src/cli/terminal-paint.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { noPaint, type Paint } from "../../src/report/paint.ts";
import { plainLine } from "../../src/report/plain-line.ts";
import { storyLine } from "../../src/report/story.ts";
import type { Outcome } from "../../src/sim/outcome.ts";
import { runCase } from "../../src/sim/run-case.ts";
import { runCommand, temporaryFolder } from "./run-command.ts";

const corpus = new URL("../../reports/corpus/", import.meta.url);
const files = readdirSync(corpus)
  .filter((name) => name.endsWith(".json"))
  .toSorted();
let catalogue: Catalogue;

beforeAll(async () => {
  installGuards();
  catalogue = await loadCatalogue(builtInCatalogueUrl);
});

async function storyOf(name: string, paint: Paint = noPaint) {
  const repro = readRepro(fileURLToPath(new URL(name, corpus)), name);
  const scenario = scenarioOfRepro(repro, name, catalogue);
  const outcome = await runCase(scenario, repro.case);
  const lines = replayStory({
    target: `reports/corpus/${name}`,
    isFile: true,
    host: { cwd: fileURLToPath(new URL("../../", import.meta.url)) },
    flags: {},
    scenario,
    repro,
    outcome,
    untilEvent: undefined,
    explanation: undefined,
    paint,
  });
  return { lines, outcome };
}

/** Without the breaks that a screen makes necessary, and with those of the text told as such. */
function flat(text: string): string {
  return plainLine(text, Number.MAX_SAFE_INTEGER).replaceAll("\\n", " ").replaceAll(/\s+/g, " ");
}

describe("the story of a kept counterexample", () => {
  test.for(files)("%s fits a screen, and has rule, place, reason and replay command", async (name) => {
    const { lines, outcome } = await storyOf(name);
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(120);
    expect(lines.at(-1)).toBe(`  replay: npm run stormlane -- replay reports/corpus/${name}`);
    if (outcome.verdict.kind !== "violated") return;
    const { rule, place, message } = outcome.verdict.violation;
    const text = flat(lines.join("\n"));
    for (const part of [rule, place, message.slice(0, 150)]) expect(text).toContain(flat(part).trim());
    expect(lines.some((line) => /^ {2}> /.test(line))).toBe(true);
    // No whole digests, no names of log events, nothing that is set to nothing.
    expect(text).not.toMatch(/\b[0-9a-f]{17,}\b| says \w+\.\w+ | = (?= |$)/);
  });

  test("is the same text with colours and without", async () => {
    const [name] = files as [string];
    const { lines } = await storyOf(name);
    const { lines: painted } = await storyOf(name, terminalPaint);
    expect(painted.join("\n")).toContain("\u001b[");
    expect(painted.map(stripVTControlCharacters)).toEqual(lines);
  });
});

describe("a story of anything", () => {
  const text = fc.string({ unit: "binary", maxLength: 400 });
  const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
  const step = fc.record({ site: text, step: fc.nat(3) });
  const events = fc.array(
    fc
      .record({ atUs: fc.nat(), process: text, name: text, reason: text })
      .map(({ atUs, process, name, reason }): HistoryEvent => ({
        kind: "note",
        atUs,
        process,
        incarnation: 0,
        task: "main",
        name,
        fields: { reason },
      })),
    { maxLength: 60 },
  );
  const failing = fc.record({
    events,
    violation: fc.record({
      invariant: fc.constant("X1"),
      rule: text,
      place: text,
      message: text,
      expected: json,
      actual: json,
      atUs: fc.nat(),
      eventIndex: fc.nat(70),
    }),
    faults: fc.array(fc.record({ site: text, kind: fc.constant("answer-lost" as const) }), { maxLength: 9 }),
    preemptions: fc.array(
      fc.tuple(step, step).map(([held, until]) => ({ ...held, until })),
      { maxLength: 9 },
    ),
    delays: fc.array(
      step.map((late) => ({ ...late, extraUs: 5 })),
      { maxLength: 9 },
    ),
    explanation: fc.array(text.map(storyLine), { maxLength: 3 }),
    title: text,
  });

  test("keeps to the screen and to its lines, and ends with the replay command", () => {
    fc.assert(
      fc.property(failing, ({ events: told, violation, faults, preemptions, delays, explanation, title }) => {
        const outcome = {
          verdict: { kind: "violated", violation },
          stats: { ops: 1, steps: 1, events: told.length, virtualMs: 1 },
          history: { events: told },
        } as unknown as Outcome;
        const lines = failureStory({
          title,
          failure: undefined,
          input: { scenario: "s", drawSeed: 1, workload: null, faults, preemptions, delays },
          outcome,
          explanation,
          replayCommand: "replay it",
          paint: noPaint,
        });
        expect(lines.length).toBeLessThanOrEqual(40);
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(120);
        expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(lines.at(-1)).toBe("  replay: replay it");
      }),
    );
  });
});

test("the story of a seed names all that it takes to find its case again", async () => {
  const args = ["replay", "counter-racy:3", "--strategy", "random"];
  const { out } = await runCommand(args, { cwd: temporaryFolder() });
  expect(out).toContain("  replay: npx stormlane replay counter-racy:3 --strategy random\n");
  const { out: plain } = await runCommand(["replay", "counter-racy:3"], { cwd: temporaryFolder() });
  expect(plain).toContain("  replay: npx stormlane replay counter-racy:3\n");
});

describe("the story of a fresh failure", () => {
  test("ends with why the rule is broken, the nearest run that holds, and the replay command", async () => {
    const { out } = await runCommand(["run", "counter-racy", "--workers", "0"], { cwd: temporaryFolder() });
    const story = out.slice(0, out.indexOf("\n\n", out.indexOf("replay:")));
    const lines = story.split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.at(-1)).toMatch(/^ {2}replay: npx stormlane replay /);
    const why = lines.slice(lines.indexOf("  Why the rule is broken"));
    expect(why.join("\n")).toMatch(/expected {2}2\n(.*\n)+ {4}nearest {2}without .* it holds/);
  });
});
