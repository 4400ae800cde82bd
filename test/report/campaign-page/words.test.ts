import { describe, expect, test } from "vitest";
import { perSecond, percent, shortNumber, span, targetName } from "../../../src/report/campaign-page/words.ts";

describe("words of the campaign page", () => {
  test("tell a span of time to two units", () => {
    const minute = 60_000;
    expect([0, 420, 8_400, 59_000].map(span)).toEqual(["0 s", "0.42 s", "8.4 s", "59 s"]);
    expect([minute, 12.05 * minute, 59.99 * minute].map(span)).toEqual(["1 min 0 s", "12 min 3 s", "59 min 59 s"]);
    expect([60 * minute, 23.9 * 60 * minute].map(span)).toEqual(["1 h 0 min", "23 h 54 min"]);
    expect([24 * 60 * minute, 1_000.5 * 24 * 60 * minute].map(span)).toEqual(["1 d 0 h", "1,000 d 12 h"]);
  });

  test("tell shares and large numbers to a few digits", () => {
    expect([0, 1, 0.0134, 0.0000042].map(percent)).toEqual(["0 %", "100 %", "1.3 %", "0.00042 %"]);
    expect([950, 608_412, 1_204_000, 3_400_000_000].map(shortNumber)).toEqual(["950", "608,412", "1.20 M", "3.40 G"]);
  });

  test("tell no rate where no time went by", () => {
    expect(perSecond(10, 0)).toBeUndefined();
    expect(perSecond(10, 2_000)).toBe("5");
  });

  test("name a scenario with what it ran with", () => {
    const named = (variant: string): string => targetName({ scenario: "timeouts", variant });
    expect(["", "F22", "+3f9a0c1d22", "F22+3f9a0c1d22"].map(named)).toEqual([
      "timeouts",
      "timeouts + F22",
      "timeouts + epic 3f9a0c1d",
      "timeouts + F22 + epic 3f9a0c1d",
    ]);
  });
});
