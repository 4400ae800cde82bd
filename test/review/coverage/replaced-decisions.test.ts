import { expect, test } from "vitest";
import { modulesOf, replacedDecisions } from "../../../src/review/coverage/replaced-decisions.ts";

const acquire = (): string => "held";
const original = { claim: { acquire }, limits: { cards: 3, retries: 2 }, order: ["a", "b"] };

test("what is replaced is the smallest part that differs", () => {
  expect(replacedDecisions(original, { ...original })).toEqual([]);
  expect(replacedDecisions(original, { ...original, limits: { cards: 9, retries: 2 } })).toEqual([
    { path: ["limits", "cards"], original: 3 },
  ]);
  expect(replacedDecisions(original, { ...original, order: ["b"], claim: { acquire: () => "busy" } })).toEqual([
    { path: ["claim", "acquire"], original: acquire },
    { path: ["order"], original: ["a", "b"] },
  ]);
  expect(replacedDecisions({}, { wait: true })).toEqual([{ path: ["wait"], original: undefined }]);
});

const claim = { path: ["claim", "acquire"], original: acquire };

test("a mutant is about the modules that ask for what it replaces", () => {
  const sources = new Map([
    ["asks.ts", "await this.policies.claim.acquire(card)"],
    ["takes.ts", "const { acquire, release } = run.policies.claim;"],
    ["another.ts", "await policies.claim.release(card); acquire()"],
    ["whole.ts", "const { limits } = policies;"],
  ]);
  expect(modulesOf(claim, undefined, { sources, stacks: [] })).toEqual(["asks.ts", "takes.ts"]);
  expect(modulesOf({ path: ["limits"], original: 1 }, undefined, { sources, stacks: [] })).toEqual(["whole.ts"]);
});

test("and about those through which it acts, up to who called it", () => {
  const home = { module: "policies.ts", startOffset: 10, endOffset: 20 };
  const place = (module: string, offset = 0) => ({ module, offset });
  const through = [
    place("files.ts"),
    place("claims.ts"),
    place("policies.ts", 12),
    place("poller.ts"),
    place("main.ts"),
  ];
  const other = [place("board.ts"), place("policies.ts", 20), place("round.ts")];
  expect(modulesOf(claim, home, { sources: new Map(), stacks: [through, other] })).toEqual([
    "claims.ts",
    "files.ts",
    "policies.ts",
    "poller.ts",
  ]);
  expect(modulesOf(claim, home, { sources: new Map(), stacks: [] })).toEqual(["policies.ts"]);
});
