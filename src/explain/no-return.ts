import type { NoReturn, Share } from "./explanation.ts";

export interface NoReturnOptions {
  /** Of the failing run, >= 1. */
  readonly steps: number;
  /** What becomes of the run that goes on at random after so many steps; undefined when no more runs are allowed. */
  readonly continuation: (steps: number, draw: number) => "failing" | "holding" | "other" | undefined;
  /** For each step that is looked at, >= 2. */
  readonly continuations: number;
  /** At how many steps on the way the share is told besides, evenly. */
  readonly points: number;
}

/** A step of which only the number is known. */
type Found = Omit<NoReturn, "site" | "moment">;

/** Finds the first step after which every continuation fails. @returns undefined when the runs did not suffice */
export function findNoReturn(options: NoReturnOptions): Found | undefined {
  return new Search(options).run();
}

class Search {
  private readonly options: NoReturnOptions;
  private readonly shares = new Map<number, Share>();
  private isOver = false;

  constructor(options: NoReturnOptions) {
    this.options = options;
  }

  run(): Found | undefined {
    const { steps, continuations, points } = this.options;
    if (this.isSure(0, surely * continuations)) return this.found(-1, 0);
    if (this.isOver) return undefined;
    let [low, high] = this.bisect(0, steps, continuations);
    // A step that all continuations failed from by chance is tried harder, and left when one of them holds after all.
    while (!this.isOver && high < steps && !this.isSure(high, surely * continuations)) {
      [low, high] = this.bisect(high, steps, surely * continuations);
    }
    for (let step = low - 1; step > Math.max(0, low - neighbours); step--) this.isSure(step, surely * continuations);
    this.sample(low, continuations);
    for (let point = 0; point < points; point++) this.sample(Math.floor((point * high) / points), continuations);
    return this.found(low, high);
  }

  private found(low: number, high: number): Found {
    const shares = [...this.shares.values()].toSorted((left, right) => left.step - right.step);
    return {
      step: high,
      stepBefore: low,
      steps: this.options.steps,
      isMonotone: shares.every(
        ({ step, failing, holding }) => step >= high || holding > 0 || failing < surely * this.options.continuations,
      ),
      shares,
      shareMin: shareAtLeast(this.shares.get(high)?.failing ?? 0),
    };
  }

  /** Narrows it down to two steps next to each other. @param low not sure @param high sure */
  private bisect(low: number, high: number, count: number): [low: number, high: number] {
    let [unsure, sure] = [low, high];
    while (sure - unsure > 1 && !this.isOver) {
      const middle = (unsure + sure) >> 1;
      if (this.isSure(middle, count)) sure = middle;
      else if (!this.isOver) unsure = middle;
    }
    return [unsure, sure];
  }

  /** Stops at the first continuation that holds. */
  private isSure(step: number, count: number): boolean {
    for (;;) {
      const share = this.shares.get(step) ?? { step, failing: 0, holding: 0, other: 0 };
      if (share.holding > 0) return false;
      const done = share.failing + share.other;
      if (done >= count) return share.failing > 0;
      if (!this.draw(share, done)) return false;
    }
  }

  private sample(step: number, count: number): void {
    for (;;) {
      const share = this.shares.get(step) ?? { step, failing: 0, holding: 0, other: 0 };
      const done = share.failing + share.holding + share.other;
      if (done >= count || !this.draw(share, done)) return;
    }
  }

  private draw(share: Share, draw: number): boolean {
    const end = this.isOver ? undefined : this.options.continuation(share.step, draw);
    this.isOver ||= end === undefined;
    if (end === undefined) return false;
    this.shares.set(share.step, { ...share, [end]: share[end] + 1 });
    return true;
  }
}

/** When all of `count` failed, a smaller share than this would have shown another picture in 19 of 20 cases. */
function shareAtLeast(count: number): number {
  return count === 0 ? 0 : 0.05 ** (1 / count);
}

/** How many times harder the step that was found is tried. */
const surely = 3;
/** Before it, to see whether the share falls again. */
const neighbours = 4;
