import { describe, expect, test } from "vitest";
import { loadGolden, replay } from "./golden.ts";

/**
 * Every recorded call, answered by the fake. `open` names the calls that do not agree yet, by number in their file.
 */
const recordings = [
  { name: "a01-protocol", calls: 126, open: [] },
  { name: "a02-projects", calls: 101, open: [] },
  { name: "a03-columns-swimlanes", calls: 136, open: [] },
  { name: "a04-tasks", calls: 154, open: [] },
  { name: "a05-positions", calls: 82, open: [] },
  { name: "a06-tags", calls: 91, open: [] },
  { name: "a07-metadata", calls: 94, open: [] },
  { name: "a08-links", calls: 93, open: [] },
  { name: "a09-comments-subtasks", calls: 77, open: [] },
  { name: "a10-files", calls: 43, open: [] },
  { name: "a11-users-permissions", calls: 115, open: [] },
  { name: "a12-search-board-overdue", calls: 91, open: [] },
  { name: "a13-across-projects", calls: 60, open: [] },
  { name: "a14-webhooks", calls: 71, open: [] },
  { name: "a15-webhook-failures", calls: 17, open: [] },
  { name: "a16-webhook-off", calls: 7, open: [] },
  // The activity stream carries sentences and pages that the fake does not render.
  { name: "a17-agent-board", calls: 55, open: [{ n: 55, method: "getProjectActivity", what: "not modelled" }] },
  { name: "a18-random-1", calls: 398, open: [] },
  { name: "a19-random-2", calls: 302, open: [] },
] as const;

describe("answers and webhooks agree with the recorded server", () => {
  test.each(recordings)("in $name", ({ name, calls, open }) => {
    const agreement = replay(loadGolden(name));
    expect(agreement.calls).toBe(calls);
    expect(agreement.differences).toEqual(open);
  });

  test("in all 2,113 calls but one, with all 555 webhooks", () => {
    const agreements = recordings.map(({ name }) => replay(loadGolden(name)));
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    expect(sum(agreements.map(({ calls }) => calls))).toBe(2113);
    expect(sum(agreements.map(({ differences }) => differences.length))).toBe(1);
    expect(sum(agreements.map(({ webhooks }) => webhooks))).toBe(555);
  });
});

describe("the comparison notices", () => {
  const golden = loadGolden("a14-webhooks");
  const spoil = (from: string, to: string): ReturnType<typeof replay> => {
    const lines = golden.lines.map((line) => {
      if (!("res" in line)) return line;
      const hooks = line.hooks.map((hook) => ({ ...hook, body: hook.body.replaceAll(from, to) }));
      return { ...line, hooks, res: { ...line.res, body: line.res.body.replaceAll(from, to) } };
    });
    return replay({ ...golden, lines });
  };

  test.each([
    ["a number that became text", '"position":1,', '"position":"1",'],
    ["null instead of 0", '"score":0,', '"score":null,'],
    ["an empty map instead of an empty list", '"changes":[]', '"changes":{"x":1}'],
    ["a missing member", '"is_active":1,', ""],
    ["another event", "task.update", "task.close"],
    ["a date of another epoch", '"date_creation":1', '"date_creation":2'],
  ])("%s", (_what, from, to) => {
    expect(spoil(from, to).differences.length).toBeGreaterThan(0);
  });
});
