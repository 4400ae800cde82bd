import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../../src/base/json.ts";
import { readJson } from "../../../src/orchestrator/llm/read-json.ts";

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ maxLength: 20, unit: "grapheme" }),
  fc.constantFrom(
    ", ]",
    ",}",
    "```",
    "// no comment",
    "/* none */",
    "it's",
    'say "so"',
    "a: b",
    "{",
    "]",
    "\\",
    "\n",
    "True",
  ),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("any"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.oneof(text, fc.constantFrom("id", "title", "a_b")), tie("any"), { maxKeys: 4 }),
})).object as fc.Arbitrary<JsonValue>;

/** Damages to the form alone, by the way it is written. */
interface Damage {
  readonly trailingCommas: boolean;
  readonly bareKeys: boolean;
  readonly singleQuotes: boolean;
  readonly comments: boolean;
  readonly pythonWords: boolean;
}
const damage: fc.Arbitrary<Damage> = fc.record({
  trailingCommas: fc.boolean(),
  bareKeys: fc.boolean(),
  singleQuotes: fc.boolean(),
  comments: fc.boolean(),
  pythonWords: fc.boolean(),
});

function written(json: JsonValue, how: Damage): string {
  const quoted = (string: string): string =>
    how.singleQuotes && !string.includes("\\") && !/["\n]/.test(string)
      ? `'${JSON.stringify(string).slice(1, -1).replaceAll("'", "\\'")}'`
      : JSON.stringify(string);
  const comma = how.trailingCommas ? "," : "";
  const note = how.comments ? " /* note */ " : "";
  if (typeof json === "string") return quoted(json);
  if (Array.isArray(json))
    return `[${note}${json.map((each) => written(each as JsonValue, how)).join(",")}${json.length > 0 ? comma : ""}]`;
  if (typeof json === "object" && json !== null) {
    const members = Object.entries(json).map(([name, each]) => {
      const key = how.bareKeys && /^[a-z_]+$/.test(name) ? name : quoted(name);
      return `${key}: ${written(each as JsonValue, how)}`;
    });
    return `{${note}${members.join(", ")}${members.length > 0 ? comma : ""}}`;
  }
  if (how.pythonWords) return { true: "True", false: "False", null: "None" }[String(json)] ?? JSON.stringify(json);
  return JSON.stringify(json);
}

describe("JSON of an answer", () => {
  test("is read as it stands, also in a fence, and then nothing counts as repaired", () => {
    fc.assert(
      fc.property(value, (json) => {
        const plain = JSON.stringify(json, null, 2);
        const read = { kind: "ok", value: JSON.parse(plain) as JsonValue, repaired: false };
        expect(readJson(plain)).toEqual(read);
        if (!/^[ \t]*```/m.test(plain)) expect(readJson(`Here it is:\n\`\`\`json\n${plain}\n\`\`\`\n`)).toEqual(read);
      }),
    );
  });

  test("with a damaged form is what was meant, or refused; never anything else", () => {
    let repairs = 0;
    fc.assert(
      fc.property(value, damage, (json, how) => {
        const read = readJson(written(json, how));
        if (read.kind === "refused") return;
        if (read.repaired) repairs++;
        expect(read.value).toEqual(JSON.parse(JSON.stringify(json)));
      }),
      { numRuns: 2_000 },
    );
    expect(repairs).toBeGreaterThan(500);
  });

  test("that was cut off anywhere is refused, and never completed", () => {
    fc.assert(
      fc.property(value, fc.nat(), (json, at) => {
        const plain = JSON.stringify(json);
        const cut = plain.slice(0, 1 + (at % Math.max(1, plain.length - 1)));
        if (cut === plain) return;
        expect(readJson(cut).kind).toBe("refused");
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['{"text": "a, ]", "list": [1, 2, ], }', { text: "a, ]", list: [1, 2] }],
    ["{'it': 'it\\'s', ok: True}", { it: "it's", ok: true }],
    ['```json\n{"a": 1,}\n```', { a: 1 }],
    ['```json\n{"a": 1}\n', { a: 1 }],
    ['{"code": "```\\nx = 1\\n```"}', { code: "```\nx = 1\n```" }],
    ['{"a": 1 // why\n}', { a: 1 }],
  ])("%j is repaired without a change of its strings", (answer, meant) => {
    expect(readJson(answer)).toMatchObject({ kind: "ok", value: meant });
  });

  test.each([
    ["", "neither JSON"],
    ['```json\n{"a": [1,\n', "cut off"],
    ["```json\n{}\n```\nor\n```json\n[]\n", "several fenced blocks"],
    ["Sorry, I cannot do that.", "neither JSON"],
    ['{"a": "b', "cut off"],
    ['{"a": [1, 2', "cut off"],
    ['{"a": 1]}', "brackets"],
    ["```json\n{}\n```\nor\n```json\n[]\n```", "several fenced blocks"],
    ['{"a": "one" + "two"}', "would change"],
  ])("%j is refused: %s", (answer, reason) => {
    expect(readJson(answer)).toMatchObject({ kind: "refused", reason: expect.stringContaining(reason) as string });
  });
});
