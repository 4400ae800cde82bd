/** A share of runs, 0 to 1, with its 95 % interval. */
export interface ShareInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How often something happens, from `hits` in `runs`. It stays inside 0 to 1, and is of use also where nothing or
 * everything was hit. Without runs nothing is known.
 * Source: Wilson, J. Am. Stat. Assoc. 22 (1927); recommended by Brown, Cai and DasGupta, Statistical Science 16 (2001).
 */
export function hitRate(hits: number, runs: number): ShareInterval {
  if (runs === 0) return { estimate: 0, low: 0, high: 1 };
  const estimate = hits / runs;
  const centre = (hits + zSquared / 2) / (runs + zSquared);
  const halfWidth = (z * Math.sqrt(runs * estimate * (1 - estimate) + zSquared / 4)) / (runs + zSquared);
  return {
    estimate,
    low: hits === 0 ? 0 : centre - halfWidth,
    high: hits === runs ? 1 : centre + halfWidth,
  };
}

/**
 * The chance that the next run shows something that none has shown: the share of runs whose species was seen once.
 * The interval is the hull of two: Esty's normal one, which takes into account how uncertain the many rare species are,
 * and Wilson's, which does not collapse where all or none were seen once. Runs must be drawn alike, one apart from the
 * other: an enumeration promises more or less than this says.
 * Source: Good, Biometrika 40 (1953); Esty, Annals of Statistics 11 (1983); for tests: Böhme, "STADS", TOSEM 27 (2018).
 *
 * @param once species seen in exactly one run
 * @param twice species seen in exactly two
 */
export function unseenMass({ runs, once, twice }: SpeciesCounts): ShareInterval {
  if (runs === 0) return { estimate: 1, low: 0, high: 1 };
  const wilson = hitRate(once, runs);
  const halfWidth = (z * Math.sqrt(Math.max(0, once * (1 - once / runs) + 2 * twice))) / runs;
  return {
    estimate: wilson.estimate,
    low: Math.max(0, Math.min(wilson.low, wilson.estimate - halfWidth)),
    high: Math.min(1, Math.max(wilson.high, wilson.estimate + halfWidth)),
  };
}

export interface SpeciesCounts {
  readonly runs: number;
  readonly once: number;
  readonly twice: number;
}

/** Of the normal distribution, for 95 %. */
const z = 1.959964;
const zSquared = z * z;
