import { expect, test } from "vitest";
import { differences, stateOf } from "../../tools/live/end-state.ts";
import { liveWorkload } from "../../tools/live/epic.ts";
import { asSimulated, simulateEnd } from "../../tools/live/simulated-end.ts";

test("the simulated epic ends with its cards done, its files, and its commits", async () => {
  const end = await simulateEnd(liveWorkload(1));
  expect(end.get("card EPIC-1/S1: lane")).toEqual(["11. Done"]);
  const names = [...end.keys()];
  expect(names.filter((name) => /^file .*\.py$/.test(name))).toHaveLength(2);
  expect(names).toContain("commit [EPIC-1] Merge feat/S1");
});

test("a real end has its commits by subject, each once, whatever branches hold it", () => {
  const branch = "aaa Stormlane Design\nbbb Stormlane Plan of E1";
  const real = stateOf([
    ["card E1: lane", "11. Done"],
    ["git shop branch main", branch],
    ["git shop branch story", "bbb Stormlane Plan of E1"],
    ["git shop status", ""],
  ]);
  const expected = stateOf([
    ["card E1: lane", "11. Done"],
    ["commit Design", "there"],
    ["commit Plan of E1", "there"],
  ]);
  expect(differences(expected, asSimulated(real))).toEqual([]);
});
