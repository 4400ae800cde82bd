/** What so many clean runs say about a failure that was seen before. Runs are taken to be independent of each other. */
export interface Odds {
  /** Probability that all of these runs are clean although the failure is as likely as before, 0 to 1. */
  readonly cleanByChance: number;
  /** The rate of the failure is at most this, with 95 % confidence. */
  readonly rateMax: number;
}

export interface SeenBefore {
  readonly hits: number;
  /** Runs among which the hits were, >= hits. */
  readonly runs: number;
}

/**
 * How likely so many clean runs in a row are when nothing was fixed. The rate before is known by its hits alone, so it is
 * averaged over: with a uniform prior (the rule of succession) the next run fails with (hits + 1) / (runs + 2), and
 * for `clean` runs in a row Γ(runs - hits + 1 + clean) Γ(runs + 2) / (Γ(runs - hits + 1) Γ(runs + 2 + clean)) is a
 * product of hits + 1 quotients.
 */
export function cleanByChance({ hits, runs }: SeenBefore, clean: number): number {
  let probability = 1;
  for (let index = 1; index <= hits + 1; index++) {
    probability *= (runs - hits + index) / (runs - hits + index + clean);
    if (probability < Number.MIN_VALUE) return 0;
  }
  return probability;
}

/** Upper bound of the rate after clean runs alone, exact (Clopper and Pearson, 1934, for no hits): (1 - rate)^clean = 5 %. */
export function rateMaxAfter(clean: number): number {
  return clean === 0 ? 1 : 1 - 0.05 ** (1 / clean);
}

export function oddsAfter(before: SeenBefore, clean: number): Odds {
  return { cleanByChance: cleanByChance(before, clean), rateMax: rateMaxAfter(clean) };
}

/** The fewest clean runs after which they happen by chance with at most this probability, 0 < probability < 1. */
export function cleanRunsNeeded(before: SeenBefore, probability: number): number {
  let enough = 1;
  while (cleanByChance(before, enough) > probability) enough *= 2;
  let few = Math.floor(enough / 2);
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (cleanByChance(before, middle) > probability) few = middle;
    else enough = middle;
  }
  return enough;
}
