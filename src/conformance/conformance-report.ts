import type { CallResult, SentRequest } from "./replay.ts";
import type { Difference } from "./comparison.ts";

/** What a replay found, per procedure. */
export interface ConformanceReport {
  readonly total: Counts;
  readonly methods: readonly (Counts & { readonly method: string })[];
  readonly recordings: readonly (Counts & { readonly recording: string })[];
  /** The first of them, in the order in which they came. */
  readonly differences: readonly FoundDifference[];
  readonly skips: readonly { readonly why: string; readonly recording: string; readonly calls: number }[];
}

export interface Counts {
  readonly calls: number;
  readonly agree: number;
  readonly differ: number;
  readonly skipped: number;
}

export interface FoundDifference extends Difference {
  readonly recording: string;
  readonly n: number;
  readonly method: string;
  readonly request: SentRequest;
}

/** @param method report on this procedure alone, in any case */
export function reportOf(results: readonly CallResult[], method?: string): ConformanceReport {
  const wanted = method?.toLowerCase();
  const counted = wanted === undefined ? results : results.filter((each) => each.method.toLowerCase() === wanted);
  const byMethod = groupBy(counted, (each) => each.method.toLowerCase());
  const byRecording = groupBy(counted, (each) => each.recording);
  return {
    total: countsOf(counted),
    methods: [...byMethod]
      .map(([name, group]) => ({ method: spellingOf(name, group), ...countsOf(group) }))
      .toSorted((left, right) => (left.method < right.method ? -1 : 1)),
    recordings: [...byRecording].map(([recording, group]) => ({ recording, ...countsOf(group) })),
    differences: counted.flatMap(differenceOf).slice(0, differencesMax),
    skips: skipsOf(counted),
  };
}

function countsOf(results: readonly CallResult[]): Counts {
  const count = (kind: CallResult["verdict"]["kind"]): number =>
    results.filter(({ verdict }) => verdict.kind === kind).length;
  return { calls: results.length, agree: count("agrees"), differ: count("differs"), skipped: count("skipped") };
}

/** The server takes a procedure in any case: the usual spelling is the one that has capitals inside. */
function spellingOf(name: string, group: readonly CallResult[]): string {
  return group.find(({ method }) => /^[a-z]+([A-Z][a-z]+)+/.test(method))?.method ?? name;
}

function differenceOf({ recording, n, method, verdict }: CallResult): FoundDifference[] {
  if (verdict.kind !== "differs") return [];
  return [{ recording, n, method, request: verdict.request, ...verdict.difference }];
}

function skipsOf(results: readonly CallResult[]): ConformanceReport["skips"] {
  const skipped = results.flatMap(({ recording, verdict }) =>
    verdict.kind === "skipped" ? [{ recording, why: verdict.why }] : [],
  );
  const groups = groupBy(skipped, ({ recording, why }) => `${recording}\n${why}`);
  return [...groups.values()].map((group) => ({ ...group[0]!, calls: group.length }));
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** More are counted, not kept. */
const differencesMax = 100;
