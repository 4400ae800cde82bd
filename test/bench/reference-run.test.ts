import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { installGuards } from "../../src/kernel/guards.ts";
import type { Outcome } from "../../src/sim/outcome.ts";
import { runCase } from "../../src/sim/run-case.ts";
import { cardsDone, externalOps, opMix, referenceRun } from "./reference-run.ts";

const frozenMix = JSON.parse(readFileSync(new URL("reference-mix.json", import.meta.url), "utf8")) as unknown;

describe("the reference run", () => {
  let outcome: Outcome;

  beforeAll(async () => {
    installGuards();
    const { scenario, case: input } = referenceRun();
    outcome = await runCase(scenario, input);
  });

  test("holds, ends by itself, and brings the epic and its ten stories through the last lane", () => {
    expect(outcome.verdict).toEqual({ kind: "held" });
    expect(outcome.end).toEqual({ kind: "stopped", reason: "settled" });
    expect(cardsDone(outcome.history.events)).toBe(11);
  });

  test("is worked on by pollers and by the webhook server", () => {
    const triggers = outcome.history.events.flatMap((event) =>
      event.kind === "note" && event.name === "run.started" ? [event.fields["trigger"]] : [],
    );
    expect(new Set(triggers)).toContain("webhook");
    const listings = outcome.history.events.filter(
      (event) => event.kind === "sent" && event.op.name === "board.getAllTasks" && event.op.taskName.startsWith("tick"),
    );
    const pollers = listings.map((event) => (event.kind === "sent" ? event.op.process : ""));
    expect(new Set(pollers)).toEqual(new Set(["poller-a", "poller-b"]));
  });

  test("meets no fault", () => {
    expect(outcome.history.events.filter(({ kind }) => kind === "fault")).toEqual([]);
  });

  // Rates of two versions compare only while the same work is done: a changed mix is a decision, explained in the commit.
  test("has the frozen mix of operations (after a change on purpose: npm run measure -- reference --freeze)", () => {
    expect(opMix(outcome.history.events)).toEqual(frozenMix);
  });

  test("counts every operation once in its mix, and waits and the simulation's own apart", () => {
    const mix = opMix(outcome.history.events);
    const all = Object.values(mix).reduce((sum, count) => sum + count, 0);
    expect(all).toBe(outcome.stats.ops);
    expect(externalOps(mix)).toBe(all - mix["clock"]! - mix["world"]! - mix["run"]!);
  });
});
