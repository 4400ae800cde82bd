import { distance } from "fastest-levenshtein";

/** What to do about a name that does not exist, as `did you mean claim-race?`. */
export function suggestName(wrong: string, names: readonly string[]): string {
  const [nearest] = names
    .map((name) => ({ name, edits: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .toSorted((left, right) => left.edits - right.edits);
  if (nearest !== undefined && nearest.edits <= Math.max(2, wrong.length / 2)) return `did you mean ${nearest.name}?`;
  return names.length === 0 ? "there are none" : `choose from ${names.join(", ")}`;
}
