import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Boundary, type Held } from "../../../src/live/boundary.ts";
import {
  FirstCome,
  Postponing,
  Priorities,
  RandomWalk,
  RecordedOrder,
  type Chooser,
} from "../../../src/live/chooser.ts";

/** Arrivals by process, each process one after the other. */
const arrivals = fc.array(fc.constantFrom("left", "right", "people"), { minLength: 1, maxLength: 30 });

/**
 * Lets all go that processes send, of each one at a time. Where a chooser waits, time passes until nothing but what it
 * waits for is there.
 */
function letGo(processes: readonly string[], chooser: Chooser): readonly string[] {
  const counts = new Map<string, number>();
  const queue: Held[] = processes.map((process) => {
    const occurrence = counts.get(process) ?? 0;
    counts.set(process, occurrence + 1);
    return { process, name: "ask", kind: "request", site: `${process}/ask#${occurrence}`, sinceMs: 0 };
  });
  const order: string[] = [];
  while (queue.length > 0) {
    const held = queue.filter((each, index) => queue.findIndex(({ process }) => process === each.process) === index);
    const index = chooser.choose(held) ?? 0;
    const [site] = [held[index]!.site];
    order.push(site);
    queue.splice(
      queue.findIndex((each) => each.site === site),
      1,
    );
  }
  return order;
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

test("every way to choose chooses something that is there, and the same again from the same seed", () => {
  fc.assert(
    fc.property(arrivals, seeds, (processes, seed) => {
      const stepsExpected = processes.length;
      for (const make of [
        () => new RandomWalk(seed),
        () => new Priorities(seed, stepsExpected),
        () => new Postponing(new FirstCome(), { seed, stepsExpected }),
        () => new Postponing(new Priorities(seed, stepsExpected), { seed, stepsExpected }),
      ]) {
        const order = letGo(processes, make());
        expect(order.toSorted()).toEqual(letGo(processes, new FirstCome()).toSorted());
        expect(letGo(processes, make())).toEqual(order);
      }
    }),
  );
});

test("an order that was recorded comes again, from every way to choose", () => {
  fc.assert(
    fc.property(arrivals, seeds, (processes, seed) => {
      const order = letGo(processes, new RandomWalk(seed));
      expect(letGo(processes, new RecordedOrder(order, { patienceMs: 1, nowMs: () => 0 }))).toEqual(order);
    }),
  );
});

test("what was recorded and does not come is waited for, and then left out", () => {
  let nowMs = 0;
  const chooser = new RecordedOrder(["left/ask#0", "right/ask#0"], { patienceMs: 100, nowMs: () => nowMs });
  const held: readonly Held[] = [
    { process: "people", name: "ask", kind: "people", site: "people/ask#0", sinceMs: 0 },
    { process: "right", name: "ask", kind: "request", site: "right/ask#0", sinceMs: 0 },
  ];
  expect(chooser.choose(held)).toBeUndefined();
  nowMs = 99;
  expect(chooser.choose(held)).toBeUndefined();
  nowMs = 100;
  expect(chooser.choose(held)).toBe(1);
  expect(chooser.choose(held.slice(0, 1))).toBe(0);
});

test("the boundary holds each arrival until it is let go, and names it by how often it came", async () => {
  const boundary = new Boundary(() => 0);
  const passed: string[] = [];
  for (const process of ["left", "right", "left"]) {
    void boundary.arrive({ process, name: "ask", kind: "request" }).then((fault) => {
      passed.push(`${process} ${fault?.kind ?? "unharmed"}`);
    });
  }
  expect(boundary.held.map(({ site }) => site)).toEqual(["left/ask#0", "right/ask#0", "left/ask#1"]);
  expect(passed).toEqual([]);
  boundary.release(1, { kind: "refused" });
  await Promise.resolve();
  expect(passed).toEqual(["right refused"]);
  expect(boundary.held).toHaveLength(2);
  boundary.open();
  await boundary.arrive({ process: "late", name: "ask", kind: "request" });
  expect(passed).toEqual(["right refused", "left unharmed", "left unharmed"]);
});
