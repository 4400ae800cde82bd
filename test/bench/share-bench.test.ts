import { expect, test } from "vitest";
import type { BenchOutcome } from "../../src/bench/bench-module.ts";
import { shareBench } from "../../src/bench/share-bench.ts";

/** With the part an operation takes 100 ns, without it 80; each is delayed by the next of these. */
async function measured(
  delays: readonly number[],
  options: { readonly iterations: number; readonly works?: boolean },
): Promise<{ readonly outcome: BenchOutcome; readonly order: string; readonly ended: number }> {
  let ns = 0n;
  let order = "";
  let ended = 0;
  const left = [...delays];
  const take = (what: string, takesNs: number): string => {
    order += what;
    ns += BigInt(takesNs + (left.shift() ?? 0));
    return "done";
  };
  const outcome = await shareBench({
    name: "share",
    about: "",
    setUp: () => undefined,
    tearDown: () => void ended++,
    withPart: () => take("+", 100),
    withoutPart: () => take("-", 80),
    isDone: (value) => value === "done" && options.works !== false,
  }).run({ iterations: options.iterations, warmUps: 0, nowNs: () => ns, burden: 0, spend: () => {} });
  return { outcome, order, ended };
}

test("a share is of the quickest with the part and the quickest without, done in turns", async () => {
  const { outcome, order, ended } = await measured([0, 900, 300, 0, 70, 0, 5, 500], { iterations: 4 });
  expect(order).toBe("+--++--+");
  expect(outcome).toEqual({
    kind: "measured",
    metrics: { share: { unit: "%", isDeterministic: false, samples: [20] } },
  });
  expect(ended).toBe(1);
});

test("there is a sample for every four turns, and one for fewer", async () => {
  const countOf = async (iterations: number): Promise<number | undefined> => {
    const { outcome } = await measured([], { iterations });
    return outcome.kind === "measured" ? outcome.metrics["share"]!.samples.length : undefined;
  };
  expect([await countOf(1), await countOf(4), await countOf(9), await countOf(20)]).toEqual([1, 1, 2, 5]);
});

test("what does not do its work has no share, and is torn down all the same", async () => {
  const { outcome, ended } = await measured([], { iterations: 1, works: false });
  expect({ outcome, ended }).toEqual({
    outcome: { kind: "invalid", why: "the subject did not do its work" },
    ended: 1,
  });
});
