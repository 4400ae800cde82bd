import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { disciplines } from "./discipline.ts";

test.for(disciplines.map(({ rule, tests }) => [rule, tests] as const))("%s: its tests are there", ([, tests]) => {
  expect(tests.length).toBeGreaterThan(0);
  for (const [file, title] of tests) {
    const url = new URL(`../${file}`, import.meta.url);
    expect(existsSync(url), file).toBe(true);
    // In a title, and not in a comment.
    const titled = readFileSync(url, "utf8")
      .split("\n")
      .filter((line) => line.includes(title) && !/^\s*(?:\/\/|\*)/.test(line));
    expect(titled.length, `${file}: ${title}`).toBeGreaterThan(0);
  }
});
