import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { keepCodeOfTypeStripping } from "../../../src/real/type-stripping.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CallCounts } from "../../../src/serving/executable/call-counts.ts";
import { temporaryFolder } from "../../cli/run-command.ts";

test("each count goes on by one from 1, whatever else is counted", () => {
  const property = fc.property(fc.array(fc.constantFrom("a", "b", "a\nb"), { maxLength: 60 }), (names) => {
    const folder = temporaryFolder();
    const seen = new Map<string, number>();
    for (const name of names) {
      const expected = (seen.get(name) ?? 0) + 1;
      // Another process knows nothing but the folder.
      expect(new CallCounts(folder).next(name)).toBe(expected);
      seen.set(name, expected);
    }
  });
  fc.assert(property, { numRuns: 20 });
});

test("of many that count at once no two get the same number, and none is left out", { timeout: 60_000 }, async () => {
  const workerData = { folder: temporaryFolder(), times: 150 };
  keepCodeOfTypeStripping();
  const workers = Array.from(
    { length: 4 },
    () => new Worker(new URL("count-worker.ts", import.meta.url), { workerData }),
  );
  const taken = (await Promise.all(workers.map((worker) => once(worker, "message")))) as [number[]][];
  const numbers = taken.flat(2).toSorted((left, right) => left - right);
  expect(numbers).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
});
