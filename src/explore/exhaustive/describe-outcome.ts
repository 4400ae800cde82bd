import { digest64 } from "../../base/digest.ts";
import { canonicalJson, type JsonObject } from "../../base/json.ts";
import type { Outcome } from "../../sim/outcome.ts";

/**
 * What a run came to: its verdict, and a digest of all changes that it made to services and disks. Not in which order,
 * nor by whom: where two processes race for something, it is one outcome whoever wins.
 */
export function describeOutcome({ verdict, history }: Outcome): string {
  const changes = history.events.flatMap((event) => (event.kind === "change" ? [withoutAuthor(event.change)] : []));
  return `${verdictText(verdict)}, changes ${digest64(changes.toSorted().join("\n"))}`;
}

function withoutAuthor({ by: _, ...change }: JsonObject): string {
  return canonicalJson(change);
}

function verdictText(verdict: Outcome["verdict"]): string {
  switch (verdict.kind) {
    case "violated":
      return `${verdict.violation.invariant}: ${verdict.violation.place}`;
    case "limit":
      return `limit ${verdict.limit}`;
    case "nondeterminism":
      return `nondeterminism ${verdict.what}`;
    case "held":
    case "broken":
      return verdict.kind;
  }
}
