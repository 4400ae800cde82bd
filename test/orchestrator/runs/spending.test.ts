import fc from "fast-check";
import { expect, test } from "vitest";
import { addSpending, nothingSpent, spendingLine, sumSpending } from "../../../src/orchestrator/runs/spending.ts";

const spending = fc.record({
  tokens: fc.nat(1_000_000),
  usd: fc.nat(90_000_000).map((micros) => micros / 1_000_000),
  comments: fc.nat(5),
});

test("what was written is the sum of it, and a write that was cut short is lost alone", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(spending, fc.boolean(), fc.nat(40)), { maxLength: 12 }), (entries) => {
      let text = "";
      let sum = nothingSpent;
      for (const [spent, isWhole, chars] of entries) {
        const line = spendingLine(spent);
        text += isWhole ? line : line.slice(0, chars % line.length);
        if (isWhole) sum = addSpending(sum, spent);
      }
      const read = sumSpending(text);
      expect([read.tokens, read.comments]).toEqual([sum.tokens, sum.comments]);
      expect(read.usd).toBeCloseTo(sum.usd, 5);
    }),
  );
});

test("a line that is damaged counts as nothing", () => {
  expect(sumSpending("=12 x 0\n=1 2\n1 2 3\n=5 0 1\n")).toEqual({ tokens: 5, usd: 0, comments: 1 });
});
