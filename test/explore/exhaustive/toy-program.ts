import * as fc from "fast-check";
import type { Footprint } from "../../../src/base/footprint.ts";
import type { RunSchedule } from "../../../src/explore/exhaustive/search.ts";
import { Kernel } from "../../../src/kernel/kernel.ts";
import type { Operation } from "../../../src/kernel/operation.ts";
import type { Continuation, Incarnation, SimulatedProcess } from "../../../src/kernel/process.ts";
import { Step } from "../../../src/kernel/step.ts";
import { Task } from "../../../src/kernel/task.ts";

/**
 * A small program of processes over shared variables. Each instruction is an operation of one step, or waits. It may
 * hang on what was read before, so that one order of steps leads to other steps than another.
 */
export interface ToyProgram {
  readonly processes: readonly (readonly Instruction[])[];
  /** Kills the first process at this time. */
  readonly killAtUs?: number;
}

export type Instruction =
  | { readonly kind: "read"; readonly variable: number }
  /** Writes the sum of all it has read, and a number. */
  | { readonly kind: "write"; readonly variable: number; readonly value: number }
  /** Only when the last value read is even. */
  | { readonly kind: "write-if-even"; readonly variable: number; readonly value: number }
  | { readonly kind: "sleep"; readonly us: number }
  /** Reads with a time limit: whichever comes first takes the other back. */
  | { readonly kind: "read-within"; readonly variable: number; readonly us: number }
  /** Two reads under way at once. */
  | { readonly kind: "read-both"; readonly variable: number; readonly other: number };

/**
 * Runs a toy program under a scheduler. Its outcome is all that its processes read and what the variables hold.
 * @param options `tells: false`: its steps say nothing of the variables that they touch
 */
export function runToy(program: ToyProgram, options: { readonly tells: boolean } = { tells: true }): RunSchedule {
  return (scheduler) => {
    const toy = new ToyWorld(program, scheduler, options.tells);
    const end = toy.kernel.runToEnd();
    if (end.kind === "broken") throw end.error;
    return { outcome: toy.outcome(), verdict: "held" };
  };
}

const variablesCount = 3;
const latencySlackUs = 1_000;

class ToyWorld {
  readonly kernel: Kernel;
  readonly variables: number[] = Array.from({ length: variablesCount }, () => 0);
  private readonly reads: number[][];
  private readonly tells: boolean;

  constructor(program: ToyProgram, scheduler: Parameters<RunSchedule>[0], tells: boolean) {
    this.tells = tells;
    this.kernel = new Kernel({ seed: 1, stepsMax: 1_000, virtualMsMax: 10_000, scheduler });
    this.reads = program.processes.map(() => []);
    const boot = new Task("world", 0, "boot");
    const processes = program.processes.map((instructions, index) =>
      this.kernel.addProcess(`p${index}`, (life) => this.main(life, instructions, this.reads[index]!)),
    );
    for (const process of processes) this.later(boot, `start ${process.name}`, 0, () => this.kernel.start(process));
    if (program.killAtUs !== undefined) {
      const [first] = processes as [SimulatedProcess];
      this.later(boot, "kill p0", program.killAtUs, () => {
        // The scheduler cannot see whose life ends.
        scheduler.entered(first.name, 0);
        this.kernel.kill(first, "kill", "");
      });
    }
  }

  outcome(): string {
    return JSON.stringify([this.variables, this.reads]);
  }

  private async main(life: Incarnation, instructions: readonly Instruction[], reads: number[]): Promise<void> {
    let sum = 0;
    let last = 0;
    const took = (value: number): void => {
      reads.push(value);
      last = value;
      sum += value;
    };
    for (const instruction of instructions) {
      switch (instruction.kind) {
        case "read":
          took(await this.access(life, "main", instruction.variable, undefined));
          break;
        case "write":
          await this.access(life, "main", instruction.variable, sum + instruction.value);
          break;
        case "write-if-even":
          if (last % 2 === 0) await this.access(life, "main", instruction.variable, sum + instruction.value);
          break;
        case "sleep":
          await this.sleep(life, "main", instruction.us);
          break;
        case "read-within":
          took(await this.readWithin(life, instruction.variable, instruction.us));
          break;
        case "read-both":
          await Promise.all(
            [instruction.variable, instruction.other].map(async (variable, index) =>
              took(10 * (index + 1) + (await this.access(life, `part-${index}`, variable, undefined))),
            ),
          );
      }
    }
  }

  private access(life: Incarnation, task: string, variable: number, write: number | undefined): Promise<number> {
    return new Promise((resolve) => {
      const operation = this.kernel.begin(life.task(task), write === undefined ? "read" : "write", `v${variable}`);
      const touches: Footprint = { id: `v${variable}`, rw: write === undefined ? "r" : "w" };
      let value = 0;
      const effect = (): void => {
        if (write !== undefined) this.variables[variable] = write;
        value = this.variables[variable]!;
      };
      const answer = new ToyStep(
        operation,
        [],
        () => this.answer(operation, life, { deliver: () => resolve(value) }),
        1,
      );
      const arrival = new ToyStep(operation, this.tells ? [touches] : [], () => {
        effect();
        this.kernel.schedule(answer, 0, latencySlackUs);
      });
      this.kernel.schedule(arrival, 0, latencySlackUs);
    });
  }

  private sleep(life: Incarnation, task: string, us: number): Promise<void> {
    return new Promise((resolve) => {
      const operation = this.kernel.begin(life.task(task), "sleep", "");
      const wake = new ToyStep(operation, [], () => this.answer(operation, life, { deliver: resolve }));
      this.kernel.schedule(wake, us, 0);
    });
  }

  private readWithin(life: Incarnation, variable: number, us: number): Promise<number> {
    return new Promise((resolve) => {
      const operation = this.kernel.begin(life.task("main"), "read", `v${variable}`);
      const limit = new ToyStep(
        operation,
        [],
        () => {
          this.kernel.cancel(arrival);
          this.answer(operation, life, { deliver: () => resolve(-1) });
        },
        1_000,
      );
      const arrival = new ToyStep(operation, [{ id: `v${variable}`, rw: "r" }], () => {
        this.kernel.cancel(limit);
        const value = this.variables[variable]!;
        this.answer(operation, life, { deliver: () => resolve(value) });
      });
      this.kernel.schedule(arrival, 0, latencySlackUs);
      this.kernel.schedule(limit, us, 0);
    });
  }

  private answer(operation: Operation, life: Incarnation, continuation: Continuation): void {
    this.kernel.answer(operation, life, "ok", "", continuation);
  }

  private later(task: Task, name: string, us: number, action: () => void): void {
    const operation = this.kernel.begin(task, "world", name);
    this.kernel.schedule(new ToyStep(operation, [], () => (this.kernel.forget(operation), action())), us, 0);
  }
}

class ToyStep extends Step {
  private readonly told: readonly Footprint[];
  private readonly action: () => void;

  constructor(operation: Operation, touches: readonly Footprint[], action: () => void, stage = 0) {
    super(operation);
    this.told = touches;
    this.action = action;
    this.stage = stage;
  }

  override get touches(): readonly Footprint[] {
    return this.told;
  }

  override fire(): void {
    this.action();
  }
}

const variable = fc.integer({ min: 0, max: variablesCount - 1 });
const value = fc.integer({ min: 1, max: 3 });
const us = fc.constantFrom(200, 500, 1_500);

const instruction: fc.Arbitrary<Instruction> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("read" as const), variable }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("write" as const), variable, value }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("write-if-even" as const), variable, value }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sleep" as const), us }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("read-within" as const), variable, us }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("read-both" as const), variable, other: variable }) },
);

/** Small enough to run every schedule. */
export const toyPrograms: fc.Arbitrary<ToyProgram> = fc.record(
  {
    processes: fc.oneof(
      fc.tuple(
        fc.array(instruction, { minLength: 1, maxLength: 3 }),
        fc.array(instruction, { minLength: 1, maxLength: 2 }),
      ),
      fc.tuple(
        fc.array(instruction, { minLength: 1, maxLength: 1 }),
        fc.array(instruction, { minLength: 1, maxLength: 1 }),
        fc.array(instruction, { minLength: 1, maxLength: 1 }),
      ),
    ),
    killAtUs: fc.constantFrom(0, 500),
  },
  { requiredKeys: ["processes"] },
);
