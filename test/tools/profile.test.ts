import type { Profiler } from "node:inspector/promises";
import { expect, test } from "vitest";
import { folderOf, selfTimeBy } from "../../src/cli/profile/engine-time.ts";

const root = new URL("../../", import.meta.url).href;

function node(id: number, functionName: string, url: string): Profiler.ProfileNode {
  return { id, callFrame: { functionName, scriptId: "1", url, lineNumber: 0, columnNumber: 0 } };
}

test.for([
  ["src/sim/disk/host-disk.ts", "src/sim/disk"],
  ["src/sim/world.ts", "src/sim"],
  ["src/orchestrator/claims/claims.ts", "src/orchestrator"],
  ["fakes/kanboard/methods/tasks.ts", "fakes/kanboard"],
  ["scenarios/board-world/people.ts", "scenarios"],
  ["test/bench/reference-run.ts", "the measurement"],
  ["node_modules/memfs/lib/index.js", "npm packages"],
] as const)("time in %s belongs to %s", ([path, folder]) => {
  expect(folderOf(node(1, "run", root + path))).toBe(folder);
});

test("time of the engine is told apart from its garbage collector's", () => {
  expect(folderOf(node(1, "(garbage collector)", ""))).toBe("garbage collector");
  expect(folderOf(node(1, "runMicrotasks", ""))).toBe("Node and V8");
  expect(folderOf(node(1, "update", "node:internal/crypto/hash"))).toBe("Node and V8");
});

test("self times are shares of all time but the idle, the largest first", () => {
  const profile: Profiler.Profile = {
    nodes: [node(1, "a", ""), node(2, "b", ""), node(3, "(idle)", "")],
    startTime: 0,
    endTime: 1_000,
    samples: [1, 2, 3, 2],
    // Each delta is the time before its sample: the time of a sample is the next one's delta.
    timeDeltas: [10, 100, 200, 500],
  };
  expect(selfTimeBy(profile, ({ callFrame }) => callFrame.functionName)).toEqual([
    ["b", 200 / 300],
    ["a", 100 / 300],
  ]);
});
