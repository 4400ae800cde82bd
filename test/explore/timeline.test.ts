import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Footprint } from "../../src/base/footprint.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import { recordTimeline, TimelineRecorder, withoutTimes } from "../../src/explore/timeline.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { Step } from "../../src/kernel/step.ts";
import { Task } from "../../src/kernel/task.ts";
import { HeldSchedule } from "../../src/sim/held-schedule.ts";
import { runCase, runCaseNow } from "../../src/sim/run-case.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { builtInScenarios } from "../campaign/toy-scenarios.ts";

beforeAll(() => installGuards());

/** One access of a run: who, what it touches, and how. */
interface Access {
  readonly process: string;
  readonly id: string;
  readonly rw: "r" | "w";
}

class AccessStep extends Step {
  private readonly footprint: Footprint;

  constructor({ process, id, rw }: Access, index: number) {
    const task = new Task(process, 0, `task ${index}`);
    super(task.operation(index, rw === "w" ? "set" : "get", id));
    this.footprint = { id, rw };
  }

  override get touches(): readonly Footprint[] {
    return [this.footprint];
  }

  override fire(): void {}
}

const recorder = new TimelineRecorder();

function fingerprintOf(accesses: readonly Access[], fresh = recorder): string {
  fresh.begin();
  accesses.forEach((access, index) => fresh.add(new AccessStep(access, index)));
  return fresh.fingerprint();
}

/** As `a w x, b r x`. */
function timeline(text: string): string {
  return fingerprintOf(
    text.split(", ").map((access) => {
      const [process, rw, id] = access.split(" ");
      return { process: process!, rw: rw as "r" | "w", id: id! };
    }),
  );
}

const access: fc.Arbitrary<Access> = fc.record({
  process: fc.constantFrom("a", "b", "c"),
  id: fc.constantFrom("x", "y", "z"),
  rw: fc.constantFrom("r", "w"),
});

describe("the fingerprint of a timeline", () => {
  test("is 16 hexadecimal digits, the same each time, whatever was recorded before", () => {
    fc.assert(
      fc.property(fc.array(access), (accesses) => {
        const fingerprint = fingerprintOf(accesses);
        expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
        expect(fingerprintOf(accesses, new TimelineRecorder())).toBe(fingerprint);
      }),
    );
  });

  test("does not depend on the order of two accesses that do not conflict", () => {
    fc.assert(
      fc.property(fc.array(access, { minLength: 2 }), fc.nat(), (accesses, at) => {
        const index = at % (accesses.length - 1);
        const [left, right] = [accesses[index]!, accesses[index + 1]!];
        fc.pre(left.process !== right.process && (left.id !== right.id || (left.rw === "r" && right.rw === "r")));
        const swapped = accesses.with(index, right).with(index + 1, left);
        expect(fingerprintOf(swapped)).toBe(fingerprintOf(accesses));
      }),
    );
  });

  test.for<readonly [string, string, string]>([
    ["a w x, b w x", "b w x, a w x", "two writers swap"],
    ["a w x, b r x", "b r x, a w x", "a reader comes before the writer"],
    ["a w x, b r x, c w x", "a w x, c w x, b r x", "a reader comes after the next writer"],
    ["a w x, b w x, a w y, b w y", "a w x, b w x, b w y, a w y", "two writers swap at one of two resources"],
    ["a w x, b w x", "a w x, b w x, a w x", "a resource is handed back"],
    ["a w x, b w x, a w y", "a w y, b w y, a w x", "it is another resource"],
    ["a w x, b r x", "a w x, b r x, c r x", "one more reads"],
    ["a w x, b r x, c r x, a w x", "a w x, b r x, a w x, c r x", "a reader misses what another one saw"],
  ])("differs between %s and %s: %s", ([left, right]) => {
    expect(timeline(left)).not.toBe(timeline(right));
  });

  test.for<readonly [string, string, string]>([
    ["a w x, b r x", "a w x, b r x, b r x, b r x", "somebody looks again"],
    ["a w x, b r x, c r x", "a w x, c r x, b r x", "readers come in another order"],
    ["a w x, a w x, b r x", "a w x, b r x", "the same one writes again"],
    [
      "a w log-1767603641.json, b r log-1767603641.json",
      "a w log-1767609999.json, b r log-1767609999.json",
      "it is later",
    ],
  ])("is the same for %s and %s: %s", ([left, right]) => {
    expect(timeline(left)).toBe(timeline(right));
  });

  test("keeps counters in names, and drops times and digests", () => {
    expect(withoutTimes("disk:/claims/000000000007.claim")).toBe("disk:/claims/000000000007.claim");
    expect(withoutTimes("disk:/events/001767604080057-advance-000021.json")).toBe("disk:/events/*-advance-000021.json");
    expect(withoutTimes(`disk:/locked/${"0a1b2c3d".repeat(8)}`)).toBe("disk:/locked/*");
  });
});

describe("a recorded run", () => {
  const scenario = builtInScenarios.find(({ name }) => name === "counter-locked")!;

  test("has the history that it has without recording", async () => {
    await inMacrotask(() => {
      const explorer = new Explorer(scenario, "portfolio", runCaseNow);
      for (let seed = 0; seed < 40; seed++) {
        const plan = explorer.plan(seed);
        const alone = runCaseNow(scenario, plan.case, plan.exploration);
        const again = explorer.plan(seed);
        const recorded = runCaseNow(scenario, again.case, recordTimeline(again.exploration, recorder));
        expect(recorded.history.hash()).toBe(alone.history.hash());
        expect(recorded.realised()).toEqual(alone.realised());
      }
    });
  });

  test("has the same fingerprint when it is replayed from its case", async () => {
    const found = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const plan = new Explorer(scenario, "pos", runCaseNow).plan(seed);
      const outcome = await runCase(scenario, plan.case, recordTimeline(plan.exploration, recorder));
      const fingerprint = recorder.fingerprint();
      const input = outcome.realised();
      const held = new HeldSchedule(input.preemptions);
      const scheduler = { next: held.next.bind(held), preemptions: () => held.used() };
      const replayed = await runCase(scenario, input, recordTimeline({ scheduler }, recorder));
      expect(replayed.history.hash()).toBe(outcome.history.hash());
      expect(recorder.fingerprint()).toBe(fingerprint);
      found.add(fingerprint);
    }
    expect(found.size).toBeGreaterThan(5);
  });
});
