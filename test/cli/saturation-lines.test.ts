import { describe, expect, test } from "vitest";
import { digest64 } from "../../src/base/digest.ts";
import { CampaignSaturation, type CampaignProgress } from "../../src/campaign/saturation.ts";
import { saturationLines, saturationOf } from "../../src/cli/saturation-lines.ts";

/** By strategy: the timelines of its runs. */
function progressOf(runs: Readonly<Record<string, readonly number[]>>): CampaignProgress {
  const saturation = new CampaignSaturation();
  for (const [strategy, timelines] of Object.entries(runs)) {
    saturation.add({
      fingerprints: timelines.map((each) => digest64(`timeline ${each}`)),
      strategies: timelines.map(() => strategy),
    });
  }
  return saturation.progress();
}

const allDiffer = Array.from({ length: 600 }, (_, index) => index);
const allAlike = Array.from({ length: 2_000 }, () => 0);

describe("the lines about saturation", () => {
  test("say that a search is saturated, and when the next new timeline is expected", () => {
    const latest = { of: 1_000, distinct: 2 };
    const nextNewRuns = { estimate: 640.2, low: 200, high: 900 };
    expect(saturationOf({ ...progressOf({}), state: "saturated", latest, nextNewRuns })).toBe(
      "saturated: of the last 1,000 runs 2 had a new timeline; the next new one is expected in 640 runs",
    );
  });

  test("say the opposite, and which strategy is in another state", () => {
    const lines = saturationLines([{ scenario: "race", progress: progressOf({ pct: allDiffer, sweep: allAlike }) }]);
    expect(lines[0]).toBe(
      "  race: more seeds help: of the last 1,000 runs 0 had a new timeline; the next new one is expected in 4.3 runs",
    );
    expect(lines[1]).toMatch(
      /^ {4}sweep, of its own runs: saturated: of the last 1,000 runs 0 had a new timeline; a new/,
    );
    expect(lines).toHaveLength(2);
  });

  test("put all scenarios that are not saturated into one, and leave out what was hardly run", () => {
    const lines = saturationLines([
      { scenario: "alike", progress: progressOf({ pct: allAlike }) },
      { scenario: "one", progress: progressOf({ pct: allDiffer }) },
      { scenario: "two", progress: progressOf({ pct: [...allDiffer, ...allDiffer.slice(300)] }) },
      { scenario: "few", progress: progressOf({ pct: allDiffer.slice(0, 20) }) },
    ]);
    expect(lines.map((line) => line.trim().split(":")[0])).toEqual(["alike", "more seeds help in 2 of 3 scenarios"]);
    expect(lines[1]).toContain("is expected in 1 to 3 runs");
  });
});
