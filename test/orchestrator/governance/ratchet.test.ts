import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../src/base/digest.ts";
import {
  approvalFileName,
  emptyRatchet,
  lock,
  lockedHash,
  lockedPaths,
  parseApprovalFileName,
  parseRatchet,
  serialiseRatchet,
  withApprovals,
  type Ratchet,
} from "../../../src/orchestrator/governance/ratchet.ts";

const path = fc.stringMatching(/^[A-Za-z0-9_/.@ \u00e4-]{1,40}$/);
const locks = fc.array(
  fc.record({
    path: fc.oneof({ weight: 9, arbitrary: path }, fc.constant("__proto__")),
    hash: fc.string().map(sha256),
    lockedAtMs: fc.integer({ min: 0, max: 2e12 }),
  }),
);
const ratchets = locks.map((all) => all.reduce((ratchet: Ratchet, one) => lock(ratchet, one), emptyRatchet));

describe("a ratchet", () => {
  test("keeps the hash that was approved first, whatever is locked later", () => {
    fc.assert(
      fc.property(locks, (all) => {
        const ratchet = all.reduce((sum: Ratchet, one) => lock(sum, one), emptyRatchet);
        for (const { path } of all) {
          expect(lockedHash(ratchet, path)).toBe(all.find((one) => one.path === path)!.hash);
        }
      }),
    );
  });

  test("is the same after it was written and read", () => {
    fc.assert(
      fc.property(ratchets, (ratchet) => {
        expect(parseRatchet(serialiseRatchet(ratchet))).toEqual(ratchet);
      }),
    );
  });

  test("is not read from a part of itself", () => {
    fc.assert(
      fc.property(ratchets, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (ratchet, share) => {
        const text = serialiseRatchet(ratchet).trimEnd();
        expect(parseRatchet(text.slice(0, Math.floor(text.length * share)))).toBeUndefined();
      }),
    );
  });

  test.each([
    "",
    "{}",
    "[]",
    "null",
    "0",
    '{"version":1}',
    '{"version":1,"artifacts":[]}',
    '{"version":2,"artifacts":{}}',
    '{"version":1,"artifacts":{"a":null}}',
    '{"version":1,"artifacts":{"a":{"status":"LOCKED"}}}',
  ])("is not read from %j", (text) => expect(parseRatchet(text)).toBeUndefined());

  test("has no path that was never locked, not even one of JavaScript's own names", () => {
    expect(lockedHash(emptyRatchet, "constructor")).toBeUndefined();
    expect(lockedHash(emptyRatchet, "__proto__")).toBeUndefined();
  });
});

describe("approvals", () => {
  test("say by their file names alone what was approved", () => {
    fc.assert(
      fc.property(path, fc.string().map(sha256), (approved, hash) => {
        const name = approvalFileName({ path: approved, hash });
        expect(name).not.toContain("/");
        expect(parseApprovalFileName(name)).toEqual({ path: approved, hash });
      }),
    );
    expect(parseApprovalFileName("DESIGN.md.json")).toBeUndefined();
  });

  test("bring back every lock that the ratchet has lost", () => {
    fc.assert(
      fc.property(ratchets, (ratchet) => {
        const approvals = lockedPaths(ratchet).map((locked) => ({ path: locked, hash: lockedHash(ratchet, locked)! }));
        const rebuilt = withApprovals(emptyRatchet, approvals, 0);
        expect(lockedPaths(rebuilt)).toEqual(lockedPaths(ratchet));
        expect(withApprovals(ratchet, approvals, 0)).toBe(ratchet);
      }),
    );
  });
});
