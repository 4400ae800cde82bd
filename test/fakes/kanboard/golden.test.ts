import { describe, expect, test } from "vitest";
import { loadGolden, replay } from "./golden.ts";

/** Every recorded call, answered by the fake. */
const recordings = [
  { name: "a01-protocol", calls: 126 },
  { name: "a02-projects", calls: 101 },
  { name: "a03-columns-swimlanes", calls: 136 },
  { name: "a04-tasks", calls: 154 },
  { name: "a05-positions", calls: 82 },
  { name: "a06-tags", calls: 91 },
  { name: "a07-metadata", calls: 94 },
  { name: "a08-links", calls: 93 },
  { name: "a09-comments-subtasks", calls: 77 },
  { name: "a10-files", calls: 43 },
  { name: "a11-users-permissions", calls: 115 },
  { name: "a12-search-board-overdue", calls: 91 },
  { name: "a13-across-projects", calls: 60 },
  { name: "a14-webhooks", calls: 71 },
  { name: "a15-webhook-failures", calls: 17 },
  { name: "a16-webhook-off", calls: 7 },
  { name: "a17-agent-board", calls: 55 },
  { name: "a18-random-1", calls: 398 },
  { name: "a19-random-2", calls: 302 },
] as const;

describe("answers and webhooks agree with the recorded server", () => {
  test.each(recordings)("in $name", ({ name, calls }) => {
    const agreement = replay(loadGolden(name));
    expect(agreement.calls).toBe(calls);
    expect(agreement.differences).toEqual([]);
  });

  test("in all 2,113 calls, with all 555 webhooks", () => {
    const agreements = recordings.map(({ name }) => replay(loadGolden(name)));
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    expect(sum(agreements.map(({ calls }) => calls))).toBe(2113);
    expect(sum(agreements.map(({ differences }) => differences.length))).toBe(0);
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
