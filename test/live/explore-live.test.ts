import { expect, test } from "vitest";
import type { Violation } from "../../src/invariants/invariant.ts";
import { FirstCome, RecordedOrder } from "../../src/live/chooser.ts";
import { exploreLive, type LiveSearchResult, type RunLive } from "../../src/live/explore-live.ts";
import type { LiveOutcome } from "../../src/live/live-run.ts";

const sites = ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => `left/${name}#0`);
const violation = { invariant: "once", place: "card 1", message: "Twice." } as Violation;

/** Real processes of which nothing is real. @param fails by how much of the order is kept, and the number of the run of it */
async function search(fails: (kept: number, time: number) => boolean): Promise<LiveSearchResult> {
  const times = new Map<number, number>();
  const run: RunLive = ({ chooser }) => {
    const kept = chooser instanceof RecordedOrder ? lengthOf(chooser) : sites.length;
    const time = times.get(kept) ?? 0;
    times.set(kept, time + 1);
    const isFailing = !(chooser instanceof FirstCome) && fails(kept, time);
    return Promise.resolve({
      verdict: isFailing ? "violated" : "held",
      violation: isFailing ? violation : undefined,
      ...{ unfitness: undefined, order: sites, seen: [], choices: 0, hurried: 0, struck: [], events: [], checked: {} },
      ...{ wallMs: 1, shortcomings: [] },
    } satisfies LiveOutcome);
  };
  return exploreLive({
    ...{ run, families: [], runs: 5, firstSeed: 1, faultsMax: 0, plain: false, tries: 10 },
    isOver: () => false,
  });
}

/** How many sites it asks for, in order, before all go as they come. */
function lengthOf(chooser: RecordedOrder): number {
  const waiting = sites.map((site) => ({ site, process: "left", name: site, kind: "request" as const, sinceMs: 0 }));
  let length = 0;
  // What comes last of those that wait is taken only because it is asked for.
  while (chooser.choose([{ ...waiting[0]!, site: "other/x#0" }, waiting[length] ?? waiting[0]!]) === 1) length++;
  return length;
}

test("an order is cut to what still fails each time", async () => {
  const { failure } = await search((kept) => kept >= 3);
  expect(failure?.case.order).toEqual(sites.slice(0, 3));
  expect(failure?.reproduced).toMatchObject({ tries: 10, failed: 10 });
});

test("what is small by chance gives way to what was found, when that fails more often", async () => {
  const { failure } = await search((kept, time) => kept === sites.length || (kept >= 3 && time < 4));
  expect(failure?.case.order).toEqual(sites);
  expect(failure?.reproduced).toMatchObject({ tries: 10, failed: 10 });
});
