import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isoDate } from "../../../fakes/kanboard/dates.ts";
import { parseRelativeDate } from "../../../fakes/kanboard/relative-dates.ts";

const path = new URL("../../fixtures/kanboard-differential/relative-dates.json", import.meta.url);
const recorded = JSON.parse(readFileSync(path, "utf8")) as readonly {
  readonly now: string;
  /** Null for what is no date. */
  readonly days: Readonly<Record<string, string | null>>;
}[];

describe("a date in words", () => {
  test.for(recorded)("is the day that PHP takes it for, at $now", ({ now, days }) => {
    const nowS = Date.parse(now) / 1000;
    const read = Object.fromEntries(
      Object.keys(days).map((text) => {
        const timeS = parseRelativeDate(text, nowS);
        return [text, timeS === 0 ? null : isoDate(timeS)];
      }),
    );
    expect(read).toEqual(days);
  });

  test("counts days exactly, ahead and back", () => {
    const nowS = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(nowS, fc.integer({ min: 1, max: 500 }), (now, days) => {
        expect(parseRelativeDate(`+${days} days`, now)).toBe(now + days * 86_400);
        expect(parseRelativeDate(`${days} days ago`, now)).toBe(now - days * 86_400);
      }),
    );
  });
});
