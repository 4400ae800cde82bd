import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { familyOf } from "../../src/faults/fault.ts";
import { leftOut } from "../../src/invariants/end-state.ts";
import { exceedsBudget, faultBudget, type StruckFault } from "../../src/invariants/fault-budget.ts";
import { facts } from "../../scenarios/board-world/settings.ts";

const page = readFileSync(new URL("../../docs/fault-budget.md", import.meta.url), "utf8");

describe("docs/fault-budget.md", () => {
  test("has the rows of the budget, word by word, and no others", () => {
    const rows = faultBudget.map(({ what, kinds, perCard, longestMs, beyond }) => {
      const longest = longestMs === undefined ? "" : `${longestMs / 1000} s`;
      return `| ${what} | ${kinds.map((kind) => `\`${kind}\``).join(", ")} | ${perCard} | ${longest} | ${beyond} |`;
    });
    expect(tableAfter("| fault | kinds | number | longest | beyond |")).toEqual(rows);
  });

  test("names what the comparison of two ends leaves out, and why", () => {
    expect(tableAfter("| place | reason |")).toEqual(
      leftOut.map(({ place, reason }) => `| \`${place}\` | ${reason} |`),
    );
  });

  test("says how many faults a card survives in the built-in scenarios", () => {
    expect(facts.faultsPerCardSurvived).toBe(2);
    expect(page).toContain("the card survives two");
  });
});

test("each kind of fault stands in the budget", () => {
  const named = new Set(faultBudget.flatMap(({ kinds }) => kinds));
  expect(Object.keys(familyOf).filter((kind) => !named.has(kind))).toEqual([]);
});

describe("a card may show a failure", () => {
  test.each<[string, readonly StruckFault[], boolean]>([
    ["after three faults that count, of whatever kinds", [call("refused"), call("kill"), call("disk-fails")], true],
    ["not after two", [call("refused"), call("refused")], false],
    ["not after any number of lost webhooks", Array.from({ length: 9 }, () => webhook("request-lost")), false],
    ["after three requests of its own that were lost", Array.from({ length: 3 }, () => call("request-lost")), true],
    ["not after an outage of a quarter of an hour", [call("partition", { durationMs: 900_000 })], false],
    ["after one of an hour", [call("partition", { durationMs: 3_600_000 })], true],
    ["not after a clock that was set back", [call("clock-jump", { byMs: -3_600_000 })], false],
    ["after three faults that nobody has thought of", Array.from({ length: 3 }, () => call("earthquake")), true],
  ])("%s", (_when, faults, expected) => {
    expect(exceedsBudget(facts, faults)).toBe(expected);
  });
});

function call(fault: string, params: StruckFault["params"] = {}): StruckFault {
  return { site: "poller-a@0/card E1 lane 2 attempt 1/board.getTask(E1)#0", fault, params };
}

function webhook(fault: string): StruckFault {
  return { site: "board@0/board.createTask(E1)~0/webhook.task.create(E1)#0", fault, params: {} };
}

function tableAfter(head: string): readonly string[] {
  const lines = page.slice(page.indexOf(head)).split("\n").slice(2);
  return lines.slice(0, lines.indexOf(""));
}
