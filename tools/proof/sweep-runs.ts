import { digest64 } from "../../src/base/digest.ts";
import {
  firstFaults,
  passingRun,
  type FirstFaults,
  type PassingRun,
} from "../../src/explore/complete-sweep/first-faults.ts";
import { runWithFirstFault } from "../../src/explore/complete-sweep/recovery.ts";
import { runWithTwoFaults, secondFaults } from "../../src/explore/complete-sweep/second-faults.ts";
import type { RunCase } from "../../src/explore/complete-sweep/sweep-target.ts";
import type { Fault } from "../../src/faults/fault.ts";
import type { Outcome } from "../../src/sim/outcome.ts";
import { judgeEnd, type Judgement, type SweepProblem } from "./sweep-judge.ts";
import type { ProvedTarget } from "./sweep-targets.ts";

/** Runs to be made of one target. Plain data: it crosses threads. */
export type SweepOrder =
  | { readonly kind: "first"; readonly target: string; readonly indexes: readonly number[] }
  /** Second faults, by index, in the recovery from one first fault. */
  | { readonly kind: "second"; readonly target: string; readonly first: number; readonly indexes: readonly number[] };

export interface SweptRun {
  /** Of the fault in its list. */
  readonly index: number;
  readonly hasStruck: boolean;
  readonly reading: Judgement["reading"];
  readonly problem?: FoundProblem;
  /** The state from which the system recovered, and how many second faults there are in the recovery. */
  readonly recovery?: { readonly fingerprint: string; readonly seconds: number };
}

export interface FoundProblem extends SweepProblem {
  readonly faults: readonly Fault[];
}

/** Makes the runs of a sweep. Keeps what it has learnt of each target. */
export class SweepRuns {
  private readonly targets: readonly ProvedTarget[];
  private readonly runCase: RunCase;
  private readonly prepared = new Map<string, PreparedTarget>();

  constructor(targets: readonly ProvedTarget[], runCase: RunCase) {
    this.targets = targets;
    this.runCase = runCase;
  }

  run(order: SweepOrder): readonly SweptRun[] {
    const prepared = this.prepare(order.target);
    return order.kind === "first"
      ? order.indexes.map((index) => this.runFirst(prepared, index))
      : this.runSeconds(prepared, order.first, order.indexes);
  }

  prepare(name: string): PreparedTarget {
    let prepared = this.prepared.get(name);
    if (prepared === undefined) {
      const target = this.targets.find((each) => each.name === name)!;
      const passing = passingRun(target, this.runCase);
      prepared = { target, passing, faults: firstFaults(target, passing) };
      this.prepared.set(name, prepared);
    }
    return prepared;
  }

  private runFirst({ target, passing, faults }: PreparedTarget, index: number): SweptRun {
    const first = faults.tried[index]!;
    const { outcome, recovery } = runWithFirstFault(target, passing, first, this.runCase);
    return {
      ...sweptRun({ target, passing, index, faults: [first.fault] }, outcome),
      ...(recovery === undefined
        ? {}
        : {
            recovery: {
              fingerprint: digest64(recovery.fingerprint),
              seconds: secondFaults(target, recovery).length,
            },
          }),
    };
  }

  private runSeconds(prepared: PreparedTarget, which: number, indexes: readonly number[]): readonly SweptRun[] {
    const { target, passing, faults } = prepared;
    const first = faults.tried[which]!;
    const { recovery } = runWithFirstFault(target, passing, first, this.runCase);
    const seconds = recovery === undefined ? [] : secondFaults(target, recovery);
    return indexes.map((index) => {
      const second = seconds[index]!;
      const outcome = runWithTwoFaults(target, first, second, this.runCase);
      return sweptRun({ target, passing, index, faults: [first.fault, second] }, outcome);
    });
  }
}

export interface PreparedTarget {
  readonly target: ProvedTarget;
  readonly passing: PassingRun;
  readonly faults: FirstFaults;
}

interface Judged {
  readonly target: ProvedTarget;
  readonly passing: PassingRun;
  readonly index: number;
  readonly faults: readonly Fault[];
}

function sweptRun({ target, passing, index, faults }: Judged, outcome: Outcome): SweptRun {
  const struck = outcome.history.events.filter(({ kind }) => kind === "fault").length;
  const { reading, problem } = judgeEnd(target, passing.outcome, outcome);
  return {
    index,
    hasStruck: struck >= faults.length,
    reading,
    ...(problem === undefined ? {} : { problem: { ...problem, faults } }),
  };
}
