import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../src/base/digest.ts";
import {
  approvalFileName,
  parseApprovalFileName,
  type Approval,
} from "../../../src/orchestrator/governance/approval.ts";
import {
  artifactAt,
  emptyRatchet,
  foldApprovals,
  lockedHash,
  lockedPaths,
  nextGeneration,
  parseRatchet,
  serialiseRatchet,
  withApproval,
  type Ratchet,
} from "../../../src/orchestrator/governance/ratchet.ts";

const path = fc.stringMatching(/^[A-Za-z0-9_/.@ \u00e4-]{1,40}$/);
const deeds = fc.array(
  fc.record({
    kind: fc.constantFrom("lock" as const, "unlock" as const),
    path: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("a", "b", "tests/c.py") }, path, fc.constant("__proto__")),
    hash: fc.string().map(sha256),
    basis: fc.string().map((text) => sha256(text).slice(0, 16)),
  }),
);
/** The records of what people did, in order. */
const histories = deeds.map((all) => {
  const generations = new Map<string, number>();
  return all.map((deed): Approval => {
    const generation = (generations.get(deed.path) ?? 0) + 1;
    generations.set(deed.path, generation);
    return { ...deed, generation };
  });
});
const ratchets = histories.map((all) => fold(all));

function fold(all: readonly Approval[]): Ratchet {
  return all.reduce((ratchet: Ratchet, one) => withApproval(ratchet, one, 0), emptyRatchet);
}

describe("a ratchet", () => {
  test("says of each path what its last record says", () => {
    fc.assert(
      fc.property(histories, (all) => {
        const ratchet = fold(all);
        for (const { path } of all) {
          const last = all.findLast((one) => one.path === path)!;
          expect(lockedHash(ratchet, path)).toBe(last.kind === "lock" ? last.hash : undefined);
          expect(artifactAt(ratchet, path)!.basis).toBe(last.basis);
          expect(nextGeneration(ratchet, path)).toBe(last.generation + 1);
        }
        expect(lockedPaths(ratchet)).toEqual(lockedPaths(ratchet).toSorted());
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

describe("records of approval", () => {
  test("say by their file names alone what was approved", () => {
    fc.assert(
      fc.property(histories, (all) => {
        for (const approval of all) {
          const name = approvalFileName(approval);
          expect(name).not.toContain("/");
          expect(parseApprovalFileName(name)).toEqual(approval);
        }
      }),
    );
    expect(parseApprovalFileName("DESIGN.md.json")).toBeUndefined();
  });

  test("bring back the ratchet from nothing, from a part of it, from another one, and in any order", () => {
    fc.assert(
      fc.property(histories, ratchets, fc.double({ min: 0, max: 1, noNaN: true }), (all, other, share) => {
        const whole = fold(all);
        const part = fold(all.slice(0, Math.floor(all.length * share)));
        for (const known of [emptyRatchet, part, other]) {
          expect(serialiseRatchet(foldApprovals(all.toReversed(), known, 0))).toBe(serialiseRatchet(whole));
        }
        expect(foldApprovals(all, whole, 1)).toBe(whole);
      }),
    );
  });

  test("of one generation, which only a late write can leave, are decided for the lock", () => {
    const [hash, basis] = [sha256("a"), "0".repeat(16)];
    const unlock: Approval = { kind: "unlock", path: "a", hash, generation: 2, basis };
    for (const pair of [
      [unlock, { ...unlock, kind: "lock" as const }],
      [{ ...unlock, kind: "lock" as const }, unlock],
    ]) {
      expect(lockedHash(foldApprovals(pair, emptyRatchet, 0), "a")).toBe(hash);
    }
  });
});
