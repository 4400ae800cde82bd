import { betweenWaits, isRead, placeOf, sample, type ReadRun, type SystemCall } from "./calls.ts";
import type { Detector, Sighting } from "./foot-gun.ts";

/** One task reads the same again, though nothing of that kind has changed since, and without having waited for it. */
export const reReading: Detector = {
  kind: "re-reading",
  title: "The same is read again",
  leastFix: "read it once where the work begins, and hand it on",
  look(run) {
    return [...run.byTask.values()].flatMap((calls) => betweenWaits(calls).flatMap((part) => repeatedReads(part, run)));
  },
};

/** Who looks again before each of a few writes, as what cannot be locked demands, stays below. */
const readsMin = 8;

function repeatedReads(calls: readonly SystemCall[], { events }: ReadRun): readonly Sighting[] {
  const reads = new Map<string, SystemCall[]>();
  const worst = new Map<string, readonly SystemCall[]>();
  let lookedUpTo = calls[0]!.index;
  for (const call of calls) {
    for (; lookedUpTo < call.index; lookedUpTo++) {
      const event = events[lookedUpTo]!;
      if (event.kind === "change") forget(reads, event.change.store);
    }
    if (!isRead(call) || call.answer === undefined || call.answer.failed) continue;
    const key = `${call.name} ${call.resource}`;
    const same = [...(reads.get(key) ?? []), call];
    reads.set(key, same);
    const place = placeOf(call);
    if (same.length >= readsMin && same.length > (worst.get(place)?.length ?? 0)) worst.set(place, same);
  }
  return [...worst].map(([place, same]) => ({
    place,
    events: sample(same.map(({ index }) => index)),
    count: same.length,
    words: `${same[0]!.task} read ${same[0]!.name}(${same[0]!.key}) ${same.length} times, and nothing had changed between.`,
  }));
}

/** What was read of a store is no longer known once it has changed. */
function forget(reads: Map<string, SystemCall[]>, store: string): void {
  for (const key of [...reads.keys()]) {
    const isOfDisk = key.startsWith("disk.");
    if (isOfDisk === (store === "disk" || store === "git")) reads.delete(key);
  }
}
