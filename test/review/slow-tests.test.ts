import * as fc from "fast-check";
import { expect, test } from "vitest";
import { slowTests } from "../../src/review/slow-tests.ts";
import type { SlowTest } from "../../src/review/tests-evidence.ts";

const someTest: fc.Arbitrary<SlowTest> = fc.record({
  title: fc.string(),
  file: fc.constantFrom("test/kernel/a.test.ts", "test/live/b.test.ts", "src/c.test.ts"),
  durationMs: fc.nat(20_000),
});

test("no test that is left out is slower than one of the twenty, and the order is that of none of the files", () => {
  fc.assert(
    fc.property(fc.array(someTest, { maxLength: 60 }), (tests) => {
      const { slowest } = slowTests(tests);
      expect(slowest).toHaveLength(Math.min(20, tests.length));
      const left = tests.filter((each) => !slowest.includes(each)).map(({ durationMs }) => durationMs);
      expect(Math.max(0, ...left)).toBeLessThanOrEqual(slowest.at(-1)?.durationMs ?? 0);
      expect(slowTests(tests.toReversed()).slowest).toEqual(slowest);
    }),
  );
});

test("a test of ten seconds is heavy, unless it is in a folder for integration tests", () => {
  const at = (file: string, durationMs: number): SlowTest => ({ title: file, file, durationMs });
  const tests = [
    at("test/kernel/a.test.ts", 10_000),
    at("test/kernel/b.test.ts", 9_999),
    at("test/live/c.test.ts", 60_000),
  ];
  expect(slowTests(tests).heavy.map(({ file }) => file)).toEqual(["test/kernel/a.test.ts"]);
});
