import { hash32 } from "../base/digest.ts";
import { Draws, purpose } from "../kernel/draws.ts";
import type { Held } from "./boundary.ts";

/** Says which of what is held goes next. */
export interface Chooser {
  readonly name: string;
  /** @returns an index; undefined to wait for what should come first */
  choose(held: readonly Held[]): number | undefined;
}

/** As it came: what a machine does that nobody holds up. */
export class FirstCome implements Chooser {
  readonly name = "first-come";

  choose(): number {
    return 0;
  }
}

/** Any of them, with equal odds. */
export class RandomWalk implements Chooser {
  readonly name = "random";
  private readonly draws: Draws;
  private step = 0;

  constructor(seed: number) {
    this.draws = new Draws(seed);
  }

  choose(held: readonly Held[]): number {
    return this.draws.int(this.step++, purpose("walk"), held.length);
  }
}

/**
 * Each process has a priority; at a few steps the one that goes first falls behind all others, for good. Source:
 * Burckhardt et al., "A randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010.
 */
export class Priorities implements Chooser {
  readonly name = "pct";
  private readonly draws: Draws;
  private readonly fallen = new Map<string, number>();
  private readonly changes: ReadonlySet<number>;
  private step = 0;

  /** @param stepsExpected about how many arrivals a run has */
  constructor(seed: number, stepsExpected: number, changes = 2) {
    this.draws = new Draws(seed);
    this.changes = new Set(
      Array.from({ length: changes }, (_, number) =>
        this.draws.int(number, purpose("change"), Math.max(1, stepsExpected)),
      ),
    );
  }

  choose(held: readonly Held[]): number {
    // A choice is one only where processes differ.
    const contested = held.some(({ process }) => process !== held[0]!.process);
    if (contested && this.changes.has(this.step++)) {
      const first = this.first(held);
      this.fallen.set(held[first]!.process, this.step);
    }
    return this.first(held);
  }

  private first(held: readonly Held[]): number {
    const ranks = held.map(({ process }) => this.rank(process));
    return ranks.indexOf(Math.min(...ranks));
  }

  /** Small is early. */
  private rank(process: string): number {
    const fallen = this.fallen.get(process);
    return fallen === undefined ? this.draws.int(hash32(process), purpose("priority"), 1_000_000) : 1_000_000 + fallen;
  }
}

/**
 * Sets a few arrivals aside, each until others have come and gone, and chooses among the rest as another does. Without
 * this nothing could overtake what comes alone: a timer of a real process fires when it fires. Source: Emmi, Qadeer,
 * Rakamarić, "Delay-bounded scheduling", POPL 2011.
 */
export class Postponing implements Chooser {
  readonly name: string;
  private readonly base: Chooser;
  private readonly draws: Draws;
  private readonly points: ReadonlySet<number>;
  /** By site: how many others are still to go first. */
  private readonly postponed = new Map<string, number>();
  private step = 0;

  /** @param stepsExpected about how many arrivals a run has */
  constructor(base: Chooser, { seed, stepsExpected }: { readonly seed: number; readonly stepsExpected: number }) {
    this.name = base.name;
    this.base = base;
    this.draws = new Draws(seed);
    const count = 1 + this.draws.int(0, purpose("postponed"), postponedMax);
    this.points = new Set(
      Array.from({ length: count }, (_, number) =>
        this.draws.int(number, purpose("point"), Math.max(1, stepsExpected)),
      ),
    );
  }

  choose(held: readonly Held[]): number | undefined {
    const free = held.filter(({ site }) => (this.postponed.get(site) ?? 0) <= 0);
    if (free.length === 0) return undefined;
    const index = this.base.choose(free);
    if (index === undefined) return undefined;
    const chosen = free[index]!;
    const step = this.step++;
    if (this.points.has(step) && !this.postponed.has(chosen.site)) {
      this.postponed.set(chosen.site, 1 + this.draws.int(step, purpose("others"), othersMax));
      return this.choose(held);
    }
    for (const [site, left] of this.postponed) if (site !== chosen.site) this.postponed.set(site, left - 1);
    return held.indexOf(chosen);
  }
}

const postponedMax = 3;
const othersMax = 8;

/**
 * An order that was recorded. What should come next is waited for; when it does not come in time it is left out, and
 * after the last one all go as they come.
 */
export class RecordedOrder implements Chooser {
  readonly name = "recorded";
  private readonly sites: readonly string[];
  private readonly patienceMs: number;
  private readonly nowMs: () => number;
  private next = 0;
  private waitingSinceMs: number | undefined;

  constructor(
    sites: readonly string[],
    { patienceMs, nowMs }: { readonly patienceMs: number; readonly nowMs: () => number },
  ) {
    this.sites = sites;
    this.patienceMs = patienceMs;
    this.nowMs = nowMs;
  }

  choose(held: readonly Held[]): number | undefined {
    while (this.next < this.sites.length) {
      const index = held.findIndex(({ site }) => site === this.sites[this.next]);
      if (index === -1 && this.nowMs() - (this.waitingSinceMs ??= this.nowMs()) < this.patienceMs) return undefined;
      this.waitingSinceMs = undefined;
      this.next++;
      if (index !== -1) return index;
    }
    return 0;
  }
}
