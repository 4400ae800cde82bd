import type * as BaselineModule from "../../src/bench/baseline.ts";
import type * as BenchModules from "../../src/bench/bench-module.ts";
import type * as LaneModule from "../../src/bench/lane.ts";
import type * as MeasureModule from "../../src/bench/measure.ts";
import type * as SummaryModule from "../../src/bench/sample-summary.ts";
import type * as StudentModule from "../../src/bench/student-t.ts";
import type * as ThresholdsModule from "../../src/bench/thresholds.ts";
import type * as VerdictModule from "../../src/bench/verdict.ts";
import type * as WelchModule from "../../src/bench/welch-test.ts";

/** The benchmark harness as one value, so that a sabotaged copy of it can be held to the same properties. */
export type Harness = typeof BaselineModule &
  typeof BenchModules &
  typeof LaneModule &
  typeof MeasureModule &
  typeof SummaryModule &
  typeof StudentModule &
  typeof ThresholdsModule &
  typeof VerdictModule &
  typeof WelchModule;

const files = [
  "baseline",
  "bench-module",
  "lane",
  "measure",
  "sample-summary",
  "student-t",
  "thresholds",
  "verdict",
  "welch-test",
];

/** @param importFile takes a path from the root of the project */
export async function loadHarness(importFile: (file: string) => Promise<unknown>): Promise<Harness> {
  const parts: unknown[] = [];
  for (const name of files) parts.push(await importFile(`src/bench/${name}.ts`));
  return Object.assign({}, ...parts) as Harness;
}
