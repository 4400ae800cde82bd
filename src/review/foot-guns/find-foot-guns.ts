import { readRun } from "./calls.ts";
import type { Detector, FootGun, FootGunEvidence, RecordedRun } from "./foot-gun.ts";
import { growingPolls } from "./growing-polls.ts";
import { loggingInLoop } from "./logging-in-loop.ts";
import { processPerRequest } from "./process-per-request.ts";
import { reReading } from "./re-reading.ts";
import { readsOneByOne } from "./reads-one-by-one.ts";
import { retryWithoutBackoff } from "./retry-without-backoff.ts";
import { unboundedLoop } from "./unbounded-loop.ts";
import { wholeFileReads } from "./whole-file-reads.ts";

/** In the order in which reports list what they find. */
const detectors: readonly Detector[] = [
  unboundedLoop,
  retryWithoutBackoff,
  processPerRequest,
  loggingInLoop,
  growingPolls,
  readsOneByOne,
  reReading,
  wholeFileReads,
];

/**
 * What the runs show of habits that are dangerous, by kind, then by place. It reads the histories and nothing else.
 *
 * @param runs looked at one after the other, so that they need not all be kept
 */
export function findFootGuns(runs: Iterable<RecordedRun>): readonly FootGun[] {
  const collector = new FootGunCollector();
  for (const run of runs) collector.add(run);
  return collector.found();
}

/** The same, run after run. */
export class FootGunCollector {
  private readonly seen = new Map<Detector, Map<string, Seen>>(detectors.map((detector) => [detector, new Map()]));

  add({ scenario, seed, events }: RecordedRun): void {
    const run = readRun(events);
    for (const [detector, places] of this.seen) {
      const inThisRun = new Set<string>();
      for (const { place, count, words, events: indexes } of detector.look(run)) {
        const seen = places.get(place) ?? { runs: 0, evidence: [], worst: "" };
        places.set(place, seen);
        if (!inThisRun.has(place)) seen.runs++;
        inThisRun.add(place);
        if (count > (seen.evidence[0]?.count ?? 0)) seen.worst = words;
        seen.evidence = worstFirst([...seen.evidence, { scenario, seed, events: indexes, count }]);
      }
    }
  }

  found(): readonly FootGun[] {
    return [...this.seen].flatMap(([{ kind, title, leastFix }, places]) =>
      [...places]
        .toSorted(([left], [right]) => (left < right ? -1 : 1))
        .map(([place, seen]) => ({ kind, title, place, ...seen, leastFix })),
    );
  }
}

interface Seen {
  runs: number;
  evidence: readonly FootGunEvidence[];
  worst: string;
}

/** One for each run, the first of equals before the others. */
function worstFirst(evidence: readonly FootGunEvidence[]): readonly FootGunEvidence[] {
  const sorted = evidence.toSorted((left, right) => right.count - left.count);
  const isFirst = ({ scenario, seed }: FootGunEvidence, index: number): boolean =>
    sorted.findIndex((each) => each.scenario === scenario && each.seed === seed) === index;
  return sorted.filter(isFirst).slice(0, evidenceMax);
}

const evidenceMax = 3;
