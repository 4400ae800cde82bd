import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { effectiveCpus } from "../../src/cli/effective-cpus.ts";

test("without the variable, there are as many as the machine has", () => {
  expect(effectiveCpus({})).toBe(availableParallelism());
});

test.for([
  ["1", 1],
  ["2", 2],
  ["16", 16],
  ["1024", 1_024],
] as const)("%j stands for itself", ([text, cpus]) => {
  expect(effectiveCpus({ STORMLANE_FORCE_CPUS: text })).toBe(cpus);
});

test.for(["", "0", "-1", "1.5", "two", "0x2", " 2 ", "2\n", "+2", "02", "1e1", "1025", "9999", "NaN", "٢"])(
  "%j is refused by the name of the variable",
  (text) => {
    expect(() => effectiveCpus({ STORMLANE_FORCE_CPUS: text })).toThrow(/STORMLANE_FORCE_CPUS/);
  },
);
