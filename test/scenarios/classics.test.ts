import { beforeAll, describe, expect, test } from "vitest";
import { classics } from "../../scenarios/classics/classics.ts";
import { builtInScenarios, scenarioWith } from "../../scenarios/index.ts";
import { emptyCase, Explorer } from "../../src/explore/explorer.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";

beforeAll(() => installGuards());

describe.each(classics)("$name", (scenario) => {
  test("holds by default, and has something to judge", async () => {
    const outcome = await inMacrotask(() => runCaseNow(scenario, emptyCase(scenario, 1, {})));
    expect(outcome.verdict).toEqual({ kind: "held" });
    expect(outcome.end.kind).toBe("quiescent");
  });

  test("has its bug, and the schedule that shows it replays from JSON", async () => {
    const found = await inMacrotask(() => {
      const explorer = new Explorer(scenario, "surw", runCaseNow);
      for (let seed = 0; seed < 3_000; seed++) {
        const plan = explorer.plan(seed);
        const outcome = runCaseNow(scenario, plan.case, plan.exploration);
        if (outcome.verdict.kind === "violated") return outcome;
      }
      return undefined;
    });
    expect(found).toBeDefined();
    const { verdict, realised, history } = found!;
    const again = await inMacrotask(() => runCaseNow(scenario, JSON.parse(JSON.stringify(realised()))));
    expect(signatureOf(again.verdict)).toBe(signatureOf(verdict));
    expect(again.history.hash()).toBe(history.hash());
    expect(again.unused).toEqual([]);
  });
});

test("are run only when they are named, and take nothing in the place of their parts", () => {
  const names = builtInScenarios.map(({ name }) => name);
  for (const { name } of classics) {
    expect(names).not.toContain(name);
    expect(scenarioWith(name, {}).name).toBe(name);
    expect(() => scenarioWith(name, { mutant: "F24" })).toThrow(/no core/);
  }
});
