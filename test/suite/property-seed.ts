/** Of every change. What a change is refused for is then of the change, and the same for everybody. */
const seedOfEveryChange = 20_261_122;

/**
 * The seed from which fast-check draws the cases of all properties of a run of tests.
 *
 * @param text STORMLANE_PROPERTY_SEED: a whole number of 32 bits, as fast-check names one with a property that failed
 * @throws Error when it is anything else
 */
export function propertySeed(text: string | undefined): number {
  if (text === undefined || text === "") return seedOfEveryChange;
  const seed = Number(text);
  if (/^-?\d+$/.test(text) && seed === (seed | 0)) return seed;
  throw new Error(
    `STORMLANE_PROPERTY_SEED is ${JSON.stringify(text)}: it must be a whole number of 32 bits, as the seed that stands with a property that failed`,
  );
}
