import { describe, expect, test } from "vitest";
import { runExample } from "./run-example.ts";

export interface ExampleRace {
  /** The folder below `examples`. */
  readonly example: string;
  /** As few as show the race, with some to spare. */
  readonly seeds: number;
  readonly signature: string;
}

/** Its `race` shows the race, and in the same runs its `fixed` holds. */
export function describeExample({ example, seeds, signature }: ExampleRace): void {
  describe(`the example ${example}`, () => {
    test("has the race that its README tells of", async () => {
      const { scenarios } = await runExample(example, "race", ["--seeds", String(seeds), "--no-explain"]);
      expect(scenarios[0]!.failures.map(({ signature }) => signature)).toEqual([signature]);
    });

    test("holds in the same runs once it is mended", async () => {
      const { scenarios, determinism } = await runExample(example, "fixed", [
        ...["--seeds", String(seeds)],
        ...["--double-runs", "10%"],
      ]);
      expect(scenarios[0]).toMatchObject({ runs: seeds, failures: [] });
      expect(determinism.checked).toBeGreaterThan(0);
      expect(determinism.mismatches).toBe(0);
    });
  });
}
