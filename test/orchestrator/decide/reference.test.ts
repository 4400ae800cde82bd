import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  atomicIdOf,
  isStory,
  pathComponent,
  referenceOf,
  scopeOf,
  storyReference,
} from "../../../src/orchestrator/decide/reference.ts";

describe("references", () => {
  test("a card without one goes by its number", () => {
    expect(referenceOf({ id: 12, reference: "" })).toBe("#12");
  });

  test("every story of an epic has the epic's scope", () => {
    const epics = fc.string({ minLength: 1 }).filter((text) => !text.includes("/"));
    fc.assert(
      fc.property(epics, fc.string({ minLength: 1 }), (epic, story) => {
        expect(scopeOf(storyReference(epic, story))).toBe(epic);
        expect(isStory(storyReference(epic, story))).toBe(true);
        expect(atomicIdOf(storyReference(epic, story), {})).toBe(story);
      }),
    );
  });

  test("the id of the card's fields goes before that of its reference", () => {
    expect(atomicIdOf("EPIC-1/S1", { atomic_id: "S9" })).toBe("S9");
    expect(atomicIdOf("EPIC-1/S1", { atomic_id: "" })).toBe("S1");
  });
});

describe("pathComponent", () => {
  test("gives one safe name for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(pathComponent(text)).toMatch(/^[A-Za-z0-9_-]{1,120}$/);
      }),
    );
  });

  test("gives different texts different names", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (left, right) => {
        fc.pre(left !== right);
        expect(pathComponent(left)).not.toBe(pathComponent(right));
      }),
    );
    expect(pathComponent("a_002f")).not.toBe(pathComponent("a/"));
  });
});
