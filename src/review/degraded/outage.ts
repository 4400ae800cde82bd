import type { FaultSpec, Seam } from "../../faults/fault.ts";
import type { FaultSource } from "../../faults/plan.ts";
import type { Operation } from "../../kernel/operation.ts";
import type { Condition } from "./conditions.ts";

/** One operation that a condition would strike. */
export interface StrikableCall {
  readonly atUs: number;
}

/** Strikes nothing, and writes down what a condition would. */
export class Watch implements FaultSource {
  readonly calls = new Map<Condition, StrikableCall[]>();

  constructor(conditions: readonly Condition[]) {
    for (const condition of conditions) this.calls.set(condition, []);
  }

  strike(operation: Operation, seam: Seam, nowUs: number): undefined {
    for (const [condition, calls] of this.calls) {
      if (isStruck(condition, operation, seam)) calls.push({ atUs: nowUs });
    }
    return undefined;
  }
}

export interface Window {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** One condition, for a while, and nothing else: every operation that it strikes is struck. */
export class Outage implements FaultSource {
  readonly calls: StrikableCall[] = [];
  private readonly condition: Condition;
  private readonly window: Window;

  constructor(condition: Condition, window: Window) {
    this.condition = condition;
    this.window = window;
  }

  strike(operation: Operation, seam: Seam, nowUs: number): FaultSpec | undefined {
    if (!isStruck(this.condition, operation, seam)) return undefined;
    this.calls.push({ atUs: nowUs });
    return isWithin(this.window, nowUs) ? this.condition.fault : undefined;
  }
}

export function isWithin({ fromUs, untilUs }: Window, atUs: number): boolean {
  return atUs >= fromUs && atUs < untilUs;
}

/** Requests of people reach the board also when those of the system do not: what they would do is not in question. */
function isStruck({ seams, strikes }: Condition, operation: Operation, seam: Seam): boolean {
  if (!seams.includes(seam) || people.has(operation.process)) return false;
  return strikes?.(operation.name) ?? true;
}

const people: ReadonlySet<string> = new Set(["people", "operator"]);
