import fc from "fast-check";
import { expect, test } from "vitest";
import { Identities } from "../../src/conformance/identities.ts";

const pairs = fc.array(fc.tuple(fc.constantFrom("task", "user"), fc.nat(20)), { minLength: 1, maxLength: 60 });

test("any renaming that is one to one within each kind agrees", () => {
  const property = fc.property(pairs, fc.integer({ min: 1, max: 9 }), fc.nat(99), (met, factor, offset) => {
    const identities = new Identities();
    for (const [kind, id] of met) {
      expect(identities.agree(kind, String(id), String(id * factor + offset + kind.length))).toBe(true);
    }
  });
  fc.assert(property);
});

test("two things never share an id, and one thing never has two", () => {
  const identities = new Identities();
  expect(identities.agree("task", "1", "10")).toBe(true);
  expect(identities.agree("task", "2", "10")).toBe(false);
  expect(identities.agree("task", "1", "11")).toBe(false);
  expect(identities.agree("user", "2", "10")).toBe(true);
  expect(identities.partnerOf("task", "1")).toBe("10");
});

test("after a removal an id may stand for a new thing, but only for one that was never met", () => {
  const identities = new Identities();
  identities.agree("task", "1", "10");
  identities.agree("task", "2", "20");
  identities.noteRemoval();
  expect(identities.agree("task", "2", "10")).toBe(false);
  expect(identities.agree("task", "2", "30")).toBe(true);
  expect(identities.agree("task", "2", "20")).toBe(false);
  expect(identities.agree("task", "3", "20")).toBe(true);
});
