import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkPrd, parsePrd, serialisePrd, type Story } from "../../../src/orchestrator/decide/prd.ts";
import { fileId } from "../../../src/orchestrator/decide/reference.ts";

const story = { id: "S1", title: "Log in", acceptance_criteria: ["it works"], priority: "high" };

describe("checkPrd", () => {
  test('reads numbers as ids, so that 1 and "1" are one id', () => {
    const check = checkPrd({ stories: [{ ...story, id: 1 }] });
    expect(check).toMatchObject({ kind: "ok", stories: [{ id: "1" }] });
    expect(
      checkPrd({
        stories: [
          { ...story, id: 1 },
          { ...story, id: "1" },
        ],
      }).kind,
    ).toBe("invalid");
  });

  test("refuses ids that would name the same files", () => {
    expect(
      checkPrd({
        stories: [
          { ...story, id: "a-1" },
          { ...story, id: "a_1" },
        ],
      }).kind,
    ).toBe("invalid");
    expect(
      checkPrd({
        stories: [
          { ...story, id: "a" },
          { ...story, id: "A" },
        ],
      }).kind,
    ).toBe("invalid");
  });

  test.each([
    ["no stories", {}],
    ["an empty list", { stories: [] }],
    ["a story that is text", { stories: ["S1"] }],
    ["an empty id", { stories: [{ ...story, id: "" }] }],
    ["an id of marks alone", { stories: [{ ...story, id: "--" }] }],
    ["an id with a line break", { stories: [{ ...story, id: "S1\n" }] }],
    ["an id that is a fraction", { stories: [{ ...story, id: 1.5 }] }],
    ["no title", { stories: [{ ...story, title: "  " }] }],
    ["criteria that are text", { stories: [{ ...story, acceptance_criteria: "x" }] }],
    ["no priority", { stories: [{ id: "S1", title: "a", acceptance_criteria: [] }] }],
  ])("refuses %s", (_, value) => {
    expect(checkPrd(value).kind).toBe("invalid");
  });

  test("accepts only stories whose files differ, and keeps them as they are when written and read again", () => {
    const ids = fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.constantFrom("a.b", "a-b", "A_b"));
    const stories = fc.array(
      fc.record({ id: ids, title: fc.string(), acceptance_criteria: fc.array(fc.string()), priority: fc.string() }),
    );
    fc.assert(
      fc.property(stories, (list) => {
        const check = checkPrd({ stories: list });
        if (check.kind === "invalid") return;
        const files = check.stories.map(({ id }) => fileId(id).toLowerCase());
        expect(new Set(files).size).toBe(files.length);
        expect(parsePrd(serialisePrd(check.stories))).toEqual(check);
      }),
    );
  });
});

test("a document that is written and read again has the same stories", () => {
  const stories: readonly Story[] = [
    { id: "S1", title: "a", description: "b", acceptanceCriteria: ["c"], priority: "1" },
  ];
  expect(parsePrd(serialisePrd(stories))).toEqual({ kind: "ok", stories });
});
