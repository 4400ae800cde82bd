import { hash32, mix32 } from "../../base/digest.ts";
import { movesTime, type ExecutedStep, type PendingStep } from "./execution.ts";

/** Another order that a schedule leaves to be explored: a step comes without one that came before it. */
export interface Reversal {
  /** Index of the step that is put off, with all that happens after it. */
  readonly first: number;
  /** The step that comes without it: executed later, or taken back. */
  readonly second: PendingStep;
  /** Index of the second; where it was taken back, the end of the schedule. */
  readonly secondIndex: number;
}

/**
 * The partial order of a schedule: a step happens before another when it scheduled it or conflicts with it and came
 * first, and over chains of these. Schedules with the same partial order are equivalent: they lead to the same state.
 *
 * Source: Mazurkiewicz, "Trace theory", 1987; Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial order
 * reduction", POPL 2014, section 3.
 */
export class Causality {
  /** By step: a hash of its name and of all that happened before it, the same in all equivalent schedules. 53 bits. */
  readonly hashes: number[] = [];

  private readonly steps: readonly ExecutedStep[];
  /** By step: a bit for each step that happens before it. */
  private readonly past: Uint32Array[] = [];
  /** By step: those that it races with: they conflict, and nothing between orders them. */
  private readonly racing: number[][] = [];

  constructor(steps: readonly ExecutedStep[]) {
    this.steps = steps;
    const words = (steps.length + 31) >>> 5;
    const lastWrite = new Map<string, number>();
    const readsSince = new Map<string, number[]>();
    for (const [index, step] of steps.entries()) {
      const past = new Uint32Array(words);
      const racing: number[] = [];
      const causes = new Set<number>();
      if (step.creator >= 0) causes.add(step.creator);
      for (const [id, isWritten] of step.touched.resources) {
        const write = lastWrite.get(id);
        if (write !== undefined) causes.add(write);
        const reads = readsSince.get(id);
        if (isWritten) {
          for (const read of reads ?? []) causes.add(read);
          lastWrite.set(id, index);
          readsSince.set(id, []);
        } else if (reads === undefined) readsSince.set(id, [index]);
        else reads.push(index);
      }
      const name = hash32(step.name);
      let hash = { left: name, right: mix32(name, name) };
      for (const cause of [...causes].toSorted((left, right) => right - left)) {
        if (hasBit(past, cause)) continue;
        addBits(past, this.past[cause]!);
        setBit(past, cause);
        if (cause !== step.creator) racing.push(cause);
        // A sum: in equivalent schedules the causes may come in another order.
        const causeHash = this.hashes[cause]!;
        hash = {
          left: (hash.left + mix32(causeHash >>> 0, Math.floor(causeHash / 0x1_0000_0000))) >>> 0,
          right: (hash.right + mix32(Math.floor(causeHash / 0x1_0000_0000), causeHash >>> 0)) >>> 0,
        };
      }
      this.past.push(past);
      this.racing.push(racing);
      this.hashes.push(joined(mix32(hash.left, hash.right), mix32(hash.right, hash.left)));
    }
  }

  /** All reversals whose second step stands, or is taken back, at an index from `from` on. */
  *reversals(from: number): Generator<Reversal> {
    for (let index = from; index < this.steps.length; index++) {
      const step = this.steps[index]!;
      const firsts = movesTime(step) ? this.delayers(step, index, index) : this.racing[index]!;
      for (const first of firsts) yield { first, second: step, secondIndex: index };
      const beforeUs = index === 0 ? 0 : this.steps[index - 1]!.atUs;
      for (const second of step.cancelled) {
        const end = this.steps.length;
        // It may come as late as after all that did without the one that took it back: what of that it conflicts with
        // shows when it has come.
        if (second.dueUs <= beforeUs) yield { first: index, second, secondIndex: end };
        else {
          for (const first of this.delayers(second, end, index)) yield { first, second, secondIndex: end };
        }
      }
    }
  }

  /** Indexes of all steps that do not depend on this one, in order. */
  without(first: number): number[] {
    const indexes = this.steps.map((_, index) => index);
    return indexes.filter((index) => !this.happensBeforeOrIs(first, index));
  }

  /** The beginning of the schedule in which the second step of a reversal comes without the first. */
  reversed({ first, second }: Reversal): PendingStep[] {
    return [...this.without(first).map((index) => this.steps[index]!), second];
  }

  /** The equivalent schedule that differs most from this one: of the steps that could come next, always the last. */
  lastFirst(): string[] {
    const left = this.steps.map((_, index) => index);
    const names: string[] = [];
    while (left.length > 0) {
      const at = left.findLastIndex((index, place) =>
        left.slice(0, place).every((other) => !this.happensBefore(other, index)),
      );
      names.push(this.steps[left[at]!]!.name);
      left.splice(at, 1);
    }
    return names;
  }

  /** Indexes of the steps between the two of a reversal that do not depend on the first. */
  between({ first, secondIndex }: Pick<Reversal, "first" | "secondIndex">): number[] {
    const independent: number[] = [];
    for (let index = first + 1; index < secondIndex; index++) {
      if (!this.happensBefore(first, index)) independent.push(index);
    }
    return independent;
  }

  /** Names of the steps that can come first, where the first of a reversal came: one of them must be explored there. */
  initials(reversal: Reversal): string[] {
    const between = this.between(reversal);
    const among = new Uint32Array((this.steps.length + 31) >>> 5);
    for (const index of between) setBit(among, index);
    const initials = between.filter((index) => !meet(this.past[index]!, among)).map((index) => this.steps[index]!.name);
    return this.dependsOnAny(reversal, between, among) ? initials : [...initials, reversal.second.name];
  }

  /** A fingerprint of the state after each step, from 0: equal when equivalent schedules lead there. */
  *states(): Generator<number> {
    let left = 0;
    let right = 0;
    for (const hash of this.hashes) {
      left = (left + (hash >>> 0)) >>> 0;
      right = (right + Math.floor(hash / 0x1_0000_0000)) & 0x1f_ffff;
      yield right * 0x1_0000_0000 + left;
    }
  }

  /** Whether the second step of a reversal comes after one of these. One that moves time comes after any. */
  private dependsOnAny({ second, secondIndex }: Reversal, indexes: readonly number[], bits: Uint32Array): boolean {
    if (indexes.length === 0) return false;
    const executed = this.steps[secondIndex];
    return executed !== second || meet(this.past[secondIndex]!, bits);
  }

  /**
   * A step that moves time waits for every pending step whose latest time is earlier: a step that schedules one, as a
   * timer that is due before, puts it off until that has come too. So it is not only what stands right before it that
   * it might have come without.
   *
   * @param moverIndex where it comes, or the end where it was taken back
   * @param endedAt where it comes, or was taken back
   * @returns the last steps without which, and without what happens after them, it can come
   */
  private delayers(mover: PendingStep, moverIndex: number, endedAt: number): number[] {
    const found: number[] = [];
    for (let index = Math.min(endedAt, moverIndex - 1); index >= 0; index--) {
      // It would be pending itself.
      if (this.steps[index]!.latestUs < mover.dueUs) continue;
      if (!this.happensBeforeOrIs(index, endedAt) || this.happensBeforeOrIs(index, mover.creator)) continue;
      if (found.some((later) => this.happensBefore(index, later))) continue;
      if (this.canComeWithout(mover, moverIndex, index)) found.push(index);
    }
    return found;
  }

  /** Whether, without a step and what happens after it, nothing is pending that must come before `mover`. */
  private canComeWithout(mover: PendingStep, moverIndex: number, without: number): boolean {
    const comes = (index: number): boolean => index < moverIndex && !this.happensBeforeOrIs(without, index);
    const blocks = (step: PendingStep, endedAt: number): boolean =>
      step.latestUs < mover.dueUs && step !== mover && (step.creator === -1 || comes(step.creator)) && !comes(endedAt);
    return !this.steps.some(
      (step, index) => blocks(step, index) || step.cancelled.some((cancelled) => blocks(cancelled, index)),
    );
  }

  private happensBefore(first: number, second: number): boolean {
    return first < second && hasBit(this.past[second]!, first);
  }

  private happensBeforeOrIs(first: number, second: number): boolean {
    return first === second || this.happensBefore(first, second);
  }
}

function hasBit(bits: Uint32Array, index: number): boolean {
  return (bits[index >>> 5]! & (1 << (index & 31))) !== 0;
}

function setBit(bits: Uint32Array, index: number): void {
  bits[index >>> 5]! |= 1 << (index & 31);
}

function meet(bits: Uint32Array, others: Uint32Array): boolean {
  return bits.some((word, at) => (word & others[at]!) !== 0);
}

function addBits(bits: Uint32Array, others: Uint32Array): void {
  for (let word = 0; word < bits.length; word++) bits[word]! |= others[word]!;
}

function joined(low: number, high: number): number {
  return (high >>> 11) * 0x1_0000_0000 + low;
}
