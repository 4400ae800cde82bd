import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { builtInMutants } from "../../scenarios/index.ts";
import { execute, repository, vitestPath } from "../vitest/run-suite.ts";
import { adversarialCases } from "./adversarial-cases.ts";
import { keptRepro, shownBy } from "./trial.ts";

const ids = builtInMutants.map(({ id }) => id).toSorted();

describe("the adversarial lane", () => {
  test("has an entry for every mutant of the catalogue, and no other", () => {
    expect(Object.keys(adversarialCases).toSorted()).toEqual(ids);
  });

  test("uses each kept counterexample of a mutant once", () => {
    const kept = readdirSync(new URL("../../reports/corpus/", import.meta.url)).filter((name) =>
      name.endsWith(".json"),
    );
    const ofMutants = kept.filter((name) => keptRepro(name).mutant !== undefined);
    const used = Object.values(adversarialCases).map(({ repro }) => repro);
    expect(used.toSorted()).toEqual(ofMutants.toSorted());
  });

  test("collects two tests for every mutant, some in each of its files, and no other", async () => {
    const args = [vitestPath, "list", "test/adversarial", "--no-static-parse", "--json"];
    const { exitCode, output } = await execute(args, { cwd: repository, env: {} });
    expect(exitCode).toBe(0);
    const listed = JSON.parse(output.slice(output.indexOf("["))) as readonly Listed[];
    const collected = Map.groupBy(listed, ({ file }) => basename(file));
    const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.ts"));
    expect([...collected.keys()].toSorted()).toEqual(files.toSorted());
    const tried = collected.get("mutants.test.ts")!.map(({ name }) => name.split(" > ")[0]!);
    expect(tried.toSorted()).toEqual(ids.flatMap((id) => [id, id]));
  });
});

interface Listed {
  readonly name: string;
  readonly file: string;
}

describe("what a case shows", () => {
  const violation = { invariant: "I2", place: "S1", message: "The story S1 has no card.", expected: 1, actual: 0 };

  test("is a broken rule, whatever else the case forced", () => {
    const shown = shownBy({ verdict: { kind: "violated", violation: violation as never }, unused: ["late"] });
    expect(shown).toEqual({ kind: "broken", invariant: "I2", signature: "I2: S1" });
  });

  test("is nothing where it was never reached, however well the run ended", () => {
    expect(shownBy({ verdict: { kind: "held" }, unused: ["late"] })).toEqual({ kind: "unreached", site: "late" });
    expect(shownBy({ verdict: { kind: "held" }, unused: [] })).toEqual({ kind: "held" });
  });

  test("is undecided at a bound", () => {
    const verdict = { kind: "limit", limit: "stepsMax", value: 5 } as const;
    expect(shownBy({ verdict, unused: [] })).toEqual({ kind: "undecided", why: "limit: stepsMax" });
  });
});
