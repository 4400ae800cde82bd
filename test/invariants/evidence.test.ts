import { expect, test } from "vitest";
import { boardInvariants } from "../../src/invariants/board-invariants.ts";
import { Panel } from "../../src/invariants/panel.ts";
import { facts, Story } from "./story.ts";

const run = { card: "E1", lane: 2 };
const bad = Story.ofEpic(2)
  .process("poller-a", "start")
  .start("poller-a", run)
  .start("poller-a", { ...run, attempt: 2 });
const good = Story.ofEpic(11).process("poller-a", "start");

function places(panel: Panel, story: Story): readonly string[] {
  story.events.forEach((event, index) => panel.observe(event, index));
  panel.finish({ atUs: story.events.at(-1)!.atUs });
  return panel.violations.map((violation) => `${violation.invariant} ${violation.place}`);
}

test("invariants judge one run after the other without remembering", () => {
  const invariants = boardInvariants(facts);
  const judge = (story: Story): readonly string[] => places(new Panel(invariants, [], () => {}), story);
  const first = judge(bad);
  expect(first).toContain("I1 E1 lane 2");
  expect(judge(good)).toEqual([]);
  expect(judge(bad)).toEqual(first);
});

test("runs that are prepared before either begins do not see each other's events", () => {
  const invariants = boardInvariants(facts);
  const [one, two] = [new Panel(invariants, [], () => {}), new Panel(invariants, [], () => {})];
  expect(places(two, good)).toEqual([]);
  expect(places(one, bad)).toContain("I1 E1 lane 2");
});

test("each invariant has an id of its own and a rule in a whole sentence", () => {
  const invariants = boardInvariants(facts);
  expect(new Set(invariants.map(({ id }) => id)).size).toBe(20);
  for (const { rule } of invariants) expect(rule).toMatch(/^[A-Z].*\.$/);
});
