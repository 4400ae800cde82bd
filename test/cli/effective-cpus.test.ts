import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cpusInWords, effectiveCpus } from "../../src/cli/effective-cpus.ts";

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

test("a machine that behaves as a smaller one is called by both", () => {
  const real = availableParallelism();
  expect(cpusInWords({})).toBe(String(real));
  expect(cpusInWords({ STORMLANE_FORCE_CPUS: String(real) })).toBe(String(real));
  expect(cpusInWords({ STORMLANE_FORCE_CPUS: String(real + 1) })).toBe(`${real + 1}of${real}`);
});

test("nobody else asks how many processors there are", () => {
  const source = fileURLToPath(new URL("../../src/", import.meta.url));
  const asking = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .filter((name) => /\b(?:availableParallelism|cpus)\s*\(\)/.test(readFileSync(join(source, name), "utf8")));
  expect(asking).toEqual([join("cli", "effective-cpus.ts")]);
});
