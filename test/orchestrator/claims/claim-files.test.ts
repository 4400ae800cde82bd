import fc from "fast-check";
import { expect, test } from "vitest";
import { claimPath, readClaims } from "../../../src/orchestrator/claims/claim-files.ts";

function entries(names: readonly string[]): { name: string; kind: "file" }[] {
  return names.map((name) => ({ name, kind: "file" }));
}

test("no generation of which any trace is left is given out again", () => {
  const names = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 2_000_000 }), fc.constantFrom("claim", "beats", "released")),
  );
  fc.assert(
    fc.property(names, (files) => {
      const listed = files.map(([generation, kind]) => `${String(generation).padStart(6, "0")}.${kind}`);
      const state = readClaims(entries(listed));
      for (const [generation] of files) expect(state.generation).toBeGreaterThanOrEqual(generation);
    }),
  );
});

test("a scope is free only when its highest generation is released", () => {
  expect(readClaims([])).toMatchObject({ generation: 0 });
  expect(readClaims(entries(["000001.claim", "000001.released"]))).toMatchObject({ generation: 1, released: true });
  expect(readClaims(entries(["000001.claim", "000001.released", "000002.claim"]))).toMatchObject({
    generation: 2,
    released: false,
  });
  expect(readClaims(entries(["000002.claim", "000001.released"]))).toMatchObject({ generation: 2, released: false });
});

test("names of generations have one length, so that they sort by number", () => {
  expect(claimPath("/c", 7, "claim")).toBe("/c/000007.claim");
});
