import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { builtInScenarios } from "../../scenarios/index.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import { outcomeOf } from "./outcome-of.ts";

interface Expected {
  readonly scripted: readonly {
    readonly verdict: string;
    readonly end: string;
    readonly sometimes: readonly string[];
    /** Invariants that a run of this workload says nothing about. */
    readonly unchecked: readonly string[];
  }[];
}

describe.each(builtInScenarios)("$name", (scenario) => {
  const path = new URL(`../../scenarios/${scenario.name}/expected.json`, import.meta.url);
  const expected = JSON.parse(readFileSync(path, "utf8")) as Expected;

  test("its scripted workloads end as expected when nothing goes wrong", async () => {
    const found = [];
    for (const workload of scenario.workloads.scripted) {
      const outcome = await outcomeOf(scenario, workload);
      found.push({
        verdict: signatureOf(outcome.verdict),
        end: outcome.end.kind === "stopped" ? outcome.end.reason : outcome.end.kind,
        sometimes: scenario.sometimes.map(({ name }) => name).filter((name) => outcome.sometimes.includes(name)),
        unchecked: Object.keys(outcome.checked).filter((id) => outcome.checked[id] === 0),
      });
    }
    expect({ scripted: found }).toEqual(expected);
  });

  test("it judges whoever dies of an error of their own", async () => {
    const withBystander: Scenario = {
      ...scenario,
      build(world, workload) {
        scenario.build(world, workload);
        world.process("bystander", () => Promise.reject(new TypeError("a bystander's own")), { daemon: true });
      },
    };
    const outcome = await outcomeOf(withBystander, scenario.workloads.scripted[0]!);
    expect(signatureOf(outcome.verdict)).toBe("no-crash: bystander");
  });

  test("a run is small: at most 4,000 operations and a quarter of an hour", async () => {
    for (const workload of scenario.workloads.scripted) {
      const { stats } = await outcomeOf(scenario, workload);
      expect(stats.ops).toBeLessThan(4_000);
      expect(stats.virtualMs).toBeLessThan(900_000);
    }
  });

  test("a run is the same after others as before them", async () => {
    const [first] = scenario.workloads.scripted;
    const before = (await outcomeOf(scenario, first!)).history.hash();
    const other = (await outcomeOf(scenario, scenario.workloads.draw(5))).history.hash();
    const after = (await outcomeOf(scenario, first!)).history.hash();
    expect(after).toBe(before);
    expect(other).not.toBe(before);
  });

  test("it draws the same workload for the same seed, and only ones that it accepts", () => {
    for (let seed = 0; seed < 100; seed++) {
      const workload = scenario.workloads.draw(seed);
      expect(scenario.workloads.refuse(workload), `seed ${seed}`).toBeUndefined();
      expect(scenario.workloads.draw(seed)).toEqual(workload);
    }
    const drawn = Array.from({ length: 50 }, (_, seed) => JSON.stringify(scenario.workloads.draw(seed)));
    expect(new Set(drawn).size).toBeGreaterThan(10);
  });

  test("it accepts its scripted workloads", () => {
    for (const workload of scenario.workloads.scripted) {
      expect(scenario.workloads.refuse(JSON.parse(JSON.stringify(workload)))).toBeUndefined();
    }
  });
});
