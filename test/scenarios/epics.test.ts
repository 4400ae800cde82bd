import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isWorkable } from "../../scenarios/board-world/epic-from-prd.ts";
import { epicFromPrd, scenarioWith } from "../../scenarios/index.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { createdCards, outcomeOf, tagsSeen } from "./outcome-of.ts";

const folder = new URL("../../scenarios/epics/", import.meta.url);

function readPrd(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as JsonObject;
}

describe("the epics that come with the scenarios", () => {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .toSorted();

  test.each(names)("%s is a plan that a run can be given", (name) => {
    const epic = epicFromPrd(name, readPrd(name));
    expect(epic.reference).toMatch(/^[A-Z0-9-]{1,30}$/);
    expect(epic.dirname).toBe(name.slice(0, 30));
  });

  test("all but the flood and the hostile one can be carried out", () => {
    const refused = names.filter((name) => !isWorkable(epicFromPrd(name, readPrd(name)).prd, 20));
    expect(refused).toEqual(["city-services-portal", "hostile-plan"]);
  });

  test("20 stories get 20 cards", async () => {
    const scenario = scenarioWith("partial-spawn", { epic: readPrd("marketplace-launch") });
    const outcome = await outcomeOf(scenario, scenario.workloads.scripted[0]!);
    expect(outcome.verdict.kind).toBe("held");
    expect(createdCards(outcome)).toHaveLength(21);
  });

  test.each(["city-services-portal", "hostile-plan"])("%s gets no card and a visible failure", async (name) => {
    for (const from of ["partial-spawn", "timeouts"]) {
      const scenario = scenarioWith(from, { epic: readPrd(name) });
      const outcome = await outcomeOf(scenario, scenario.workloads.scripted[0]!);
      expect(outcome.verdict, from).toEqual({ kind: "held" });
      expect(createdCards(outcome), from).toHaveLength(1);
      expect(
        [...tagsSeen(outcome)].some((tag) => tag.endsWith("-failed")),
        from,
      ).toBe(true);
    }
  });

  test.each(["small-hostile-plan", "warehouse-stocktake"])("%s is carried out to the last lane", async (name) => {
    const scenario = scenarioWith("timeouts", { epic: readPrd(name) });
    const outcome = await outcomeOf(scenario, scenario.workloads.scripted[0]!);
    expect(outcome.verdict).toEqual({ kind: "held" });
    expect(tagsSeen(outcome)).toContain("review-complete");
    const { stories } = readPrd(name) as { stories: readonly JsonValue[] };
    expect(createdCards(outcome)).toHaveLength(1 + stories.length);
  });
});

describe("a plan of the caller's own", () => {
  test("that is none is refused with the place that is wrong", () => {
    const refusals: readonly (readonly [JsonValue, RegExp])[] = [
      [null, /mine is null/],
      [[], /mine is a list/],
      ["x", /mine is a string/],
      [{}, /no list "stories"/],
      [{ stories: {} }, /no list "stories"/],
      [{ stories: [] }, /no stories/],
      [{ stories: [1] }, /story 1 of mine is a number/],
      [{ stories: [{ id: "a", title: "b" }, { title: "c" }] }, /story 2 of mine has no "id"/],
      [{ stories: [{ id: 1 }] }, /story 1 of mine has no "title"/],
      [{ stories: Array.from({ length: 501 }, () => ({ id: 1, title: "x" })) }, /more than 500/],
    ];
    for (const [value, reason] of refusals) expect(() => epicFromPrd("mine", value)).toThrow(reason);
  });

  test("is called after its file, however that is called", () => {
    const plan = { stories: [{ id: 1, title: "x" }] };
    expect(epicFromPrd("../../My Plan (v2)!", plan)).toMatchObject({ reference: "MY-PLAN-V2", dirname: "my-plan-v2" });
    expect(epicFromPrd("\u05d0", plan)).toMatchObject({ reference: "EPIC", dirname: "epic", title: "\u05d0" });
  });
});

test("an unknown scenario or mutant is an error", () => {
  expect(() => scenarioWith("nothing", {})).toThrow(/no built-in scenario nothing/);
  expect(() => scenarioWith("timeouts", { mutant: "F99" })).toThrow(/no mutant F99/);
});
