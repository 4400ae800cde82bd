import { expect, test } from "vitest";
import { timedBench } from "../../src/bench/bench-module.ts";
import { collectionGaps } from "../../src/bench/collection.ts";
import { parseHistory, historyLine, type HistoryLine } from "../../src/bench/run-history.ts";
import type { Metric } from "../../src/bench/verdict.ts";
import { lanes } from "../../src/bench/lane.ts";
import { readBaseline } from "../../src/cli/bench/measured-file.ts";
import { benches } from "./bodies/index.ts";

const ns = (...samples: readonly number[]): Metric => ({ unit: "ns", isDeterministic: false, samples });
const bench = (name: string) =>
  timedBench({ name, about: "", operations: 1, setUp: () => undefined, body: () => {}, isDone: () => true });

test("names what has no baseline, what nothing measures, and what can never fail", () => {
  const gaps = collectionGaps([bench("a"), bench("b"), bench("c")], { b: ns(1_000), c: ns(80), d: ns(1e6) });
  expect(gaps).toEqual({ missing: ["a"], stale: ["d"], blunt: ["c"] });
});

test("the benchmarks on disk, those in the list, and the baselines are the same", async () => {
  for (const lane of lanes) {
    const measured = benches.filter((module) => module.lane === lane);
    const baseline = await readBaseline(lane);
    expect(collectionGaps(measured, baseline?.metrics ?? {}), lane).toEqual({ missing: [], stale: [], blunt: [] });
  }
});

test("no two benchmarks have a figure of one name", () => {
  const names = benches.flatMap(({ metrics }) => metrics);
  expect(new Set(names).size).toBe(names.length);
});

const origin = {
  at: "2026-01-05T09:00:00.000Z",
  commit: "0123456789abcdef0123456789abcdef01234567",
  hostClass: "linux-x64-2cpu",
  node: "v24.21.0",
};

test("the lines of a history are read as they were written", () => {
  const lines: HistoryLine[] = [3, 4, 5].map((median) =>
    historyLine(origin, { a: ns(median, median + 1, median - 1) }),
  );
  expect(parseHistory(`${lines.map((line) => JSON.stringify(line)).join("\n")}\n`)).toEqual(lines);
  expect(lines.map(({ medians }) => medians["a"])).toEqual([3, 4, 5].map((value) => ({ unit: "ns", value })));
});

test.for([
  ["half a line", '{"version":1,', "is not JSON"],
  ["a line of something else", "{}", "version"],
  ["a local time", JSON.stringify(historyLine({ ...origin, at: "2026-01-05T09:00:00" }, { a: ns(1) })), "at: "],
] as const)("a history with %s is refused by its line", ([, line, why]) => {
  const good = JSON.stringify(historyLine(origin, { a: ns(1) }));
  expect(parseHistory(`${good}\n${line}\n`)).toEqual({ line: 2, wrong: expect.stringContaining(why) });
});
