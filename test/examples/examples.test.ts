import { describe, expect, test } from "vitest";
import { runExample } from "./run-example.ts";

/** Each with as few seeds as show its race, with some to spare. */
describe.each([
  { example: "ports-functions", seeds: ["--seeds", "60"], signature: "reports-stay: the card" },
  { example: "hono-service", seeds: ["--seeds", "300"], signature: "card-twice: a card" },
])("$example", ({ example, seeds, signature }) => {
  test("has the race that its README tells of", async () => {
    const { scenarios } = await runExample(example, "race", [...seeds, "--no-explain"]);
    expect(scenarios[0]!.failures.map(({ signature }) => signature)).toEqual([signature]);
  });

  test("holds in the same runs once it is mended", async () => {
    const { scenarios, determinism } = await runExample(example, "fixed", [...seeds, "--double-runs", "10%"]);
    expect(scenarios[0]!.failures).toEqual([]);
    expect(scenarios[0]!.runs).toBe(Number(seeds[1]));
    expect(determinism.checked).toBeGreaterThan(0);
    expect(determinism.mismatches).toBe(0);
  });
});
