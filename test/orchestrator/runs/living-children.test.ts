import fc from "fast-check";
import { expect, test } from "vitest";
import { livingChildren } from "../../../src/orchestrator/runs/run-records.ts";

test("who was started and not seen to end lives, whatever writes were cut short in between", () => {
  const change = fc.record({ pid: fc.integer({ min: 2, max: 30 }), isStart: fc.boolean(), chars: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(fc.tuple(change, fc.boolean()), { maxLength: 20 }), (changes) => {
      let text = "";
      const living = new Set<number>();
      for (const [{ pid, isStart, chars }, isWhole] of changes) {
        const line = `${isStart ? "+" : "-"}${pid}\n`;
        text += isWhole ? line : line.slice(0, chars % line.length);
        if (!isWhole) continue;
        if (isStart) living.add(pid);
        else living.delete(pid);
      }
      expect(livingChildren(text)).toEqual([...living]);
    }),
  );
});

test("a damaged line names nobody", () => {
  expect(livingChildren("+0\n+x\n7\n+1.5\n+12345678901\nx+8\n+9\n")).toEqual([9]);
});
