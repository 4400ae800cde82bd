import { runCase } from "stormlane";
import { simTest } from "stormlane/vitest";
import { describe, expect, test } from "vitest";
import { claimByLooking, claimByName } from "../src/claims.ts";
import { answers } from "./answers.ts";

// CLAIM=looking puts the mistake back in.
const scenario = answers(process.env["CLAIM"] === "looking" ? claimByLooking : claimByName);

simTest("no card is answered twice", { scenario, seeds: 300 });

simTest.each([["pct"], ["surw"]] as const)("no card is answered twice under %s", (strategy) => ({
  scenario,
  seeds: 50,
  strategies: [strategy],
  faults: false,
  allowVacuous: true,
}));

describe("one run", () => {
  test("in which nothing goes wrong holds, whoever claims how", async () => {
    const quiet = { drawSeed: 1, workload: { cards: 2 }, faults: [], preemptions: [], delays: [] };
    const outcome = await runCase(answers(claimByLooking), { scenario: "answers", ...quiet });
    expect(outcome).toHold();
  });
});
