import { expect, test } from "vitest";
import { AssertionFailure } from "../../src/base/assert.ts";
import { RealRandom } from "../../src/real/random.ts";

const random = new RealRandom();

test.each([1, 2, 3, 10, 2 ** 32])("an integer below %d is drawn", (bound) => {
  for (let turn = 0; turn < 50; turn++) {
    const drawn = random.int("test", bound);
    expect(Number.isInteger(drawn)).toBe(true);
    expect(drawn).toBeGreaterThanOrEqual(0);
    expect(drawn).toBeLessThan(bound);
  }
});

test.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])("a bound of %d is a defect of the caller", (bound) => {
  expect(() => random.int("test", bound)).toThrow(AssertionFailure);
});

test("ids have 16 hexadecimal digits and differ", () => {
  const ids = Array.from({ length: 100 }, () => random.id("test"));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set(ids).size).toBe(100);
});
