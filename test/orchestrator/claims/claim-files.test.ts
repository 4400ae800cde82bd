import fc from "fast-check";
import { expect, test } from "vitest";
import { claimPath, readClaims, type ClaimFile } from "../../../src/orchestrator/claims/claim-files.ts";

/** In code-unit order, as a disk lists them. */
function entries(names: readonly string[]): { name: string; kind: "file" }[] {
  return names.toSorted((left, right) => (left < right ? -1 : 1)).map((name) => ({ name, kind: "file" }));
}

function named(generation: number, file: ClaimFile): string {
  return claimPath("", generation, file).slice(1);
}

test("no generation of which any trace is left is given out again", () => {
  const names = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 2_000_000 }), fc.constantFrom<ClaimFile>("claim", "beats", "released")),
  );
  fc.assert(
    fc.property(names, (files) => {
      const listed = files.map(([generation, file]) => named(generation, file));
      const { generation, released } = readClaims(entries([...listed, "notes.txt", "1.claim"]));
      expect(generation).toBe(Math.max(0, ...files.map(([each]) => each)));
      expect(released).toBe(files.some(([each, file]) => each === generation && file === "released"));
    }),
  );
});

test("a scope is free only when its highest generation is released", () => {
  expect(readClaims([])).toMatchObject({ generation: 0 });
  const state = (...names: string[]): unknown => readClaims(entries(names));
  expect(state(named(1, "claim"), named(1, "released"))).toMatchObject({ generation: 1, released: true });
  expect(state(named(1, "claim"), named(1, "released"), named(2, "claim"))).toMatchObject({
    generation: 2,
    released: false,
  });
  expect(state(named(2, "claim"), named(1, "released"))).toMatchObject({ generation: 2, released: false });
});

test("names of generations have one length, so that they sort by number", () => {
  expect(claimPath("/c", 7, "claim")).toBe("/c/000000000007.claim");
});
