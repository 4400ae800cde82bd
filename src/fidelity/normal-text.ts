/**
 * Texts without what differs between runs that went alike: addresses and folders of this run by their names in a
 * simulation, moments as `<time>`, identifiers that chance gave as `<uuid>`.
 */
export class NormalText {
  private readonly places: readonly (readonly [string, string])[];

  constructor(places: readonly (readonly [here: string, simulated: string])[]) {
    this.places = places;
  }

  of(text: string): string {
    let normal = text;
    for (const [here, simulated] of this.places) normal = normal.replaceAll(here, simulated);
    return normal
      .replaceAll(uuid, "<uuid>")
      .replaceAll(isoTime, "<time>")
      .replaceAll(boardTime, "<time>")
      .replaceAll(epochTime, "<time>");
  }
}

/** Whether a number stands for a moment: seconds or milliseconds since the Unix epoch, from 2017 to 2033. */
export function isMoment(value: number): boolean {
  return (value >= 1.5e9 && value < 2e9) || (value >= 1.5e12 && value < 2e12);
}

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const isoTime = /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g;
/** As Kanboard writes it for people: month first. */
const boardTime = /\b\d\d\/\d\d\/\d{4}(?: \d\d:\d\d)?\b/g;
const epochTime = /\b1[5-9]\d{8}(?:\d{3})?(?:\.\d+)?\b/g;
