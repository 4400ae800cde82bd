import fc from "fast-check";
import { expect, test } from "vitest";
import { timedBench, type BenchModule } from "../../src/bench/bench-module.ts";
import { measureSideBySide, roundsMin, type SideBySideOptions } from "../../src/bench/side-by-side.ts";
import { evaluate, wallClockThreshold, type Metrics, type Verdict } from "../../src/bench/verdict.ts";

/** A machine on which each iteration takes what the bench is worth, and more when others have work to do. */
class BusyMachine {
  private ns = 0n;
  private readonly delayNs: () => number;
  readonly order: string[] = [];

  constructor(delayNs: () => number = () => 0) {
    this.delayNs = delayNs;
  }

  readonly tools = { nowNs: () => this.ns, burden: 0, spend: () => {} };

  bench(name: string, ns: number): BenchModule {
    const body = (): void => {
      this.order.push(name);
      this.ns += BigInt(Math.round(ns + this.delayNs()));
    };
    return timedBench({ name: "it", about: "", operations: 1, setUp: () => undefined, body, isDone: () => true });
  }

  options(more: Partial<SideBySideOptions> = {}): SideBySideOptions {
    return { rounds: 20, iterations: 5, warmUpMsMin: 0, before: this.tools, after: this.tools, ...more };
  }

  /** Of a version that takes so many nanoseconds, beside one of 100,000. */
  async verdictOf(ns: number): Promise<Verdict> {
    const { before, after } = await measureSideBySide(this.bench("A", 100_000), this.bench("B", ns), this.options());
    if (before.kind === "invalid" || after.kind === "invalid") throw new Error("both sides measure");
    return evaluate(after.metrics, before.metrics, () => wallClockThreshold);
  }
}

test("two versions are measured in turns, each first as often as the other", async () => {
  const machine = new BusyMachine();
  const options = machine.options({ rounds: 4, iterations: 1 });
  await measureSideBySide(machine.bench("A", 1), machine.bench("B", 1), options);
  expect(machine.order.join("")).toBe("ABABBAABBA");
});

test("the figure of a round is its quickest iteration", async () => {
  const delays = [0, 0, 0, 0, 0, 0, 70, 3, 50, 9, 40, 5];
  const machine = new BusyMachine(() => delays.shift() ?? 0);
  const options = machine.options({ rounds: 2, iterations: 3 });
  const { before, after } = await measureSideBySide(machine.bench("A", 100), machine.bench("B", 200), options);
  expect(before).toMatchObject({ metrics: { it: { samples: [103, 100] } } });
  expect(after).toMatchObject({ metrics: { it: { samples: [205, 200] } } });
});

test("each side warms up on its own before the first round", async () => {
  const machine = new BusyMachine();
  const options = machine.options({ rounds: 2, iterations: 1, warmUpMsMin: 3 });
  await measureSideBySide(machine.bench("A", 1e6), machine.bench("B", 1e6), options);
  expect(machine.order.join("")).toBe("AAAABBBBABBA");
});

test("no round begins after the time is up, but for the first few", async () => {
  const machine = new BusyMachine();
  const options = machine.options({ timeMsMax: 1 });
  const { after } = await measureSideBySide(machine.bench("A", 1e6), machine.bench("B", 1e6), options);
  expect(after.kind === "measured" && after.metrics["it"]?.samples).toHaveLength(roundsMin);
});

test("what fails on one side is invalid there, and is not tried again", async () => {
  let tried = 0;
  const broken: BenchModule = {
    ...new BusyMachine().bench("B", 1),
    run: () => {
      tried++;
      return Promise.resolve({ kind: "invalid", why: "no board" });
    },
  };
  const machine = new BusyMachine();
  const { before, after } = await measureSideBySide(machine.bench("A", 1), broken, machine.options());
  expect(before).toMatchObject({ kind: "measured" });
  expect({ after, tried }).toEqual({ after: { kind: "invalid", why: "no board" }, tried: 1 });
});

test("a figure that no machine can blur is taken once", async () => {
  let runs = 0;
  const metrics: Metrics = { calls: { unit: "calls", isDeterministic: true, samples: [3] } };
  const counting: BenchModule = {
    name: "it",
    about: "",
    lane: "deterministic",
    metrics: ["calls"],
    run: () => {
      runs++;
      return Promise.resolve({ kind: "measured", metrics });
    },
  };
  const { after } = await measureSideBySide(counting, counting, new BusyMachine().options());
  expect(after).toEqual({ kind: "measured", metrics });
  // With a warm-up each, which shows that it is the same twice.
  expect(runs).toBe(4);
});

/** One iteration in so many is held up, by as much as the iteration takes or by ten times that. */
const load = fc.record({ seed: fc.integer({ min: 1, max: 0x7fff_ffff }), oneIn: fc.integer({ min: 2, max: 30 }) });

function machineUnder({ seed, oneIn }: { readonly seed: number; readonly oneIn: number }): BusyMachine {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
  return new BusyMachine(() => next() * 3_000 + (next() < 1 / oneIn ? 100_000 + next() * 900_000 : 0));
}

test("a quarter more is found, whatever else the machine does", () =>
  fc.assert(
    fc.asyncProperty(load, async (busy) => {
      expect((await machineUnder(busy).verdictOf(125_000)).kind).toBe("fail");
    }),
    { numRuns: 100 },
  ));

test("the same beside itself is never a failure, whatever else the machine does", () =>
  fc.assert(
    fc.asyncProperty(load, async (busy) => {
      expect((await machineUnder(busy).verdictOf(100_000)).kind).not.toBe("fail");
    }),
    { numRuns: 100 },
  ));
