import { betweenWaits, isRead, isRequest, placeOf, sample, type SystemCall } from "./calls.ts";
import type { Detector, Sighting } from "./foot-gun.ts";

/** One request for each of many things, between two waits, where one request would answer for all: N + 1 reads. */
export const readsOneByOne: Detector = {
  kind: "reads-one-by-one",
  title: "One request for each of many",
  leastFix: "ask for all of them in one request, as Kanboard's batches allow, or keep what the list said already",
  look({ byTask }) {
    return [...byTask.values()].flatMap((calls) => betweenWaits(calls).flatMap(manyKeys));
  },
};

const keysMin = 8;

function manyKeys(calls: readonly SystemCall[]): readonly Sighting[] {
  const byPlace = new Map<string, Map<string, number>>();
  for (const call of calls) {
    if (!isRequest(call) || !isRead(call)) continue;
    const place = placeOf(call);
    const keys = byPlace.get(place) ?? new Map<string, number>();
    byPlace.set(place, keys);
    if (!keys.has(call.key)) keys.set(call.key, call.index);
  }
  return [...byPlace]
    .filter(([, keys]) => keys.size >= keysMin)
    .map(([place, keys]) => ({
      place,
      events: sample([...keys.values()]),
      count: keys.size,
      words: `${calls[0]!.task} asked ${keys.size} times without a wait between, each time about another one: ${[...keys.keys()].slice(0, 3).join(", ")} and more.`,
    }));
}
