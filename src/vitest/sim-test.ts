import type { TestAPI, TestContext } from "vitest";
import { installGuards } from "../kernel/guards.ts";
import { UsageError } from "../cli/usage-error.ts";
import type { Scenario } from "../sim/scenario.ts";
import { checkedScenario, readSimTest } from "./read-sim-test.ts";
import { loadedUnderFakeTimers } from "./real-time.ts";
import { vitestTimeoutMsOf, type NamedSimTestOptions, type SimTestOptions } from "./sim-test-options.ts";
import { shownAt, SimulationFailure } from "./simulation-failure.ts";
import { simulate } from "./simulation.ts";
import { placeOf } from "./test-place.ts";
import { vitest } from "./vitest-peer.ts";

/**
 * Defines a test that runs a scenario over seeds. It fails with the story of the smallest failing run, and with the
 * command that replays it. What it found is kept in a file and runs first from then on.
 *
 * With a scenario alone, its name is the name of the test.
 */
export interface SimTest extends DefineSimTest {
  readonly skip: DefineSimTest;
  readonly only: DefineSimTest;
  /** Passes if the simulation fails: for a mistake that must be found. */
  readonly fails: DefineSimTest;
  /** Takes turns with other tests of its file, run by run. */
  readonly concurrent: DefineSimTest;
  readonly todo: (name: string) => void;
  readonly skipIf: (condition: unknown) => DefineSimTest;
  readonly runIf: (condition: unknown) => DefineSimTest;
}

export interface DefineSimTest {
  (name: string, options: NamedSimTestOptions): void;
  (scenario: Scenario, options?: SimTestOptions): void;
  /** A test for each value; one that is an array stands for several arguments. Names are formatted as by `test.each`. */
  each<Arguments extends readonly unknown[]>(
    values: readonly Arguments[],
  ): (name: string, optionsOf: (...values: [...Arguments]) => NamedSimTestOptions) => void;
  each<Value>(values: readonly Value[]): (name: string, optionsOf: (value: Value) => NamedSimTestOptions) => void;
}

export const simTest: SimTest = simTestOver(vitest.test);

function simTestOver(test: TestAPI): SimTest {
  return Object.defineProperties(defineBy(test), {
    skip: { get: () => defineBy(test.skip) },
    only: { get: () => defineBy(test.only) },
    fails: { get: () => defineBy(test.fails) },
    concurrent: { get: () => defineBy(test.concurrent) },
    todo: { value: (name: string) => test.todo(name) },
    skipIf: { value: (condition: unknown) => defineBy(test.skipIf(condition)) },
    runIf: { value: (condition: unknown) => defineBy(test.runIf(condition)) },
  }) as SimTest;
}

/** One of vitest's own functions that define tests. */
type VitestTest = TestAPI["skip"];

function defineBy(test: VitestTest): DefineSimTest {
  const define = (first: string | Scenario, second?: SimTestOptions): void => {
    const name = typeof first === "string" ? first : checkedScenario(first).name;
    const options = typeof first === "string" ? second : { ...second, scenario: first };
    const definedAt = placeOfCall(define);
    installGuards();
    test(name, { timeout: vitestTimeoutMsOf(options, process.env) }, (context) =>
      runSimTest(options, context, definedAt),
    );
  };
  const each = (values: readonly unknown[]) => {
    const defineEach = (name: string, optionsOf: (...values: unknown[]) => NamedSimTestOptions): void => {
      const optionsOfValue = (value: unknown): NamedSimTestOptions =>
        optionsOf(...(Array.isArray(value) ? (value as unknown[]) : [value]));
      const definedAt = placeOfCall(defineEach);
      installGuards();
      const timeout = Math.max(...values.map((value) => vitestTimeoutMsOf(optionsOfValue(value), process.env)));
      test.for(values)(name, { timeout }, (value, context) => runSimTest(optionsOfValue(value), context, definedAt));
    };
    return defineEach;
  };
  return Object.assign(define, { each }) as DefineSimTest;
}

async function runSimTest(
  options: NamedSimTestOptions | undefined,
  { task, signal }: TestContext,
  definedAt: Error,
): Promise<void> {
  try {
    refuseFakeTimersBefore();
    const settings = await readSimTest(options, process.env);
    const simulated = await simulate({ settings, place: placeOf(task), cwd: process.cwd(), signal });
    if (simulated.kind === "failed") throw new SimulationFailure(simulated.lines);
  } catch (error) {
    const isTold = error instanceof UsageError || error instanceof SimulationFailure;
    throw isTold ? shownAt(error, definedAt) : error;
  }
}

function refuseFakeTimersBefore(): void {
  if (!loadedUnderFakeTimers) return;
  throw new UsageError({
    what: "simTest",
    why: "fake timers were on before stormlane/vitest was imported, so that no run can begin",
    fix: "turn them on in a hook or in a test, not at the top of a setup file",
  });
}

/** Frames begin where the user calls the function. */
function placeOfCall(calledFunction: (...args: never[]) => unknown): Error {
  const place = new Error("the place of a test");
  Error.captureStackTrace(place, calledFunction);
  return place;
}
