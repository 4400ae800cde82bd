import { placeOf, sample, type ReadRun, type SystemCall } from "./calls.ts";
import type { Detector, Sighting } from "./foot-gun.ts";

/** A large file is read as a whole, again and again: each time all of it, for what is new or what is looked for in it. */
export const wholeFileReads: Detector = {
  kind: "whole-file-reads",
  title: "A large file is read whole, again and again",
  leastFix: "keep what was read, or an index of it, and read on from where the last look ended",
  look(run) {
    return [...largeReads(run)].flatMap(([place, reads]) => sightingOf(place, reads));
  },
};

const largeBytes = 64 * 1024;
const readsMin = 3;

interface LargeRead {
  readonly call: SystemCall;
  readonly path: string;
  readonly sizeBytes: number;
}

/** By place and file. */
function largeReads({ events, calls }: ReadRun): ReadonlyMap<string, readonly LargeRead[]> {
  const sizes = new Map<string, number>();
  const reads = new Map<string, LargeRead[]>();
  let next = 0;
  for (const [index, event] of events.entries()) {
    if (event.kind === "change") observe(sizes, event.change);
    const call = calls[next];
    if (call?.index !== index) continue;
    next++;
    if (call.name !== "disk.readText" && call.name !== "disk.readBytes") continue;
    const path = pathOf(call.key, sizes);
    const sizeBytes = path === undefined ? 0 : sizes.get(path)!;
    if (path === undefined || sizeBytes < largeBytes) continue;
    const place = `${placeOf(call)} ${path}`;
    reads.set(place, [...(reads.get(place) ?? []), { call, path, sizeBytes }]);
  }
  return reads;
}

function sightingOf(place: string, reads: readonly LargeRead[]): readonly Sighting[] {
  if (reads.length < readsMin) return [];
  const { call, path } = reads[0]!;
  const totalBytes = reads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [
    {
      place,
      events: sample(reads.map((read) => read.call.index)),
      count: reads.length,
      words: `${call.process} read all of ${path} ${reads.length} times: ${Math.round(totalBytes / 1024)} KiB in all.`,
    },
  ];
}

function observe(sizes: Map<string, number>, change: { readonly [field: string]: unknown }): void {
  if (change["store"] !== "disk") return;
  switch (change["type"]) {
    case "file.written":
      sizes.set(change["path"] as string, change["sizeBytes"] as number);
      return;
    case "file.removed":
      sizes.delete(change["path"] as string);
      return;
    case "file.renamed": {
      const sizeBytes = sizes.get(change["from"] as string);
      sizes.delete(change["from"] as string);
      if (sizeBytes !== undefined) sizes.set(change["to"] as string, sizeBytes);
      return;
    }
    default:
  }
}

/** A key is the path itself, or the end of it. */
function pathOf(key: string, sizes: ReadonlyMap<string, number>): string | undefined {
  if (sizes.has(key)) return key;
  if (key === "") return undefined;
  return [...sizes.keys()].find((path) => path.endsWith(`/${key}`));
}
