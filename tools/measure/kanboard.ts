import { readdirSync } from "node:fs";
import { boardFrom, boardOf, callsByMethod, requestFor, serve } from "../../test/bench/kanboard-calls.ts";
import { referenceRun } from "../../test/bench/reference-run.ts";
import { loadGolden } from "../../test/fakes/kanboard/golden.ts";
import type { BoardState } from "../../fakes/kanboard/kanboard.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Findings, Table } from "../proof/evidence.ts";
import { garbageCollector } from "./heap.ts";
import { percentile, rounded } from "./runs.ts";

const sizes = [100, 10_000, 100_000] as const;
const plainBudgetUs = 2;
const encodedBudgetUs = 5;
/** A board is used for so many calls, which go to different cards; then another one starts from the same state. */
const callsPerBoard = 50;
const callsMin = 3;
const goldenFolder = new URL("../../test/fixtures/kanboard-golden/", import.meta.url);

/** Calls by method. */
type Mix = ReadonlyMap<string, number>;

/** Microseconds of each call, ascending: with bodies handed over as values, and as text both ways. */
interface Samples {
  readonly plain: readonly number[];
  readonly encoded: readonly number[];
}

interface MeasuredBoard {
  readonly cards: number;
  readonly heapBytes: number;
  readonly copyUs: number;
  readonly byMethod: ReadonlyMap<string, Samples>;
}

/** What a call costs on boards of all sizes, in one process; medians by method, and over the methods of two mixes. */
export async function measureKanboard(seconds: number): Promise<Findings> {
  const golden = goldenMix();
  const reference = await referenceMix();
  const budgetMs = (seconds * 1000) / (sizes.length * Object.keys(callsByMethod).length * 2);
  measureBoard(sizes[0], budgetMs / 4);
  const boards = sizes.map((cards) => measureBoard(cards, budgetMs));
  const medians = boards.flatMap(({ cards, byMethod }) =>
    [golden, reference].map((mix) => ({
      cards,
      mix: mix === golden ? "recordings" : "reference run",
      plainUs: rounded(medianOf(mix, byMethod, "plain"), 2),
      encodedUs: rounded(medianOf(mix, byMethod, "encoded"), 2),
    })),
  );
  const slowest = medians.toSorted((left, right) => right.plainUs - left.plainUs)[0]!;
  const slowestEncoded = medians.toSorted((left, right) => right.encodedUs - left.encodedUs)[0]!;
  return {
    facts: {
      medianUsMost: slowest.plainUs,
      medianUsBudget: plainBudgetUs,
      medianEncodedUsMost: slowestEncoded.encodedUs,
      medianEncodedUsBudget: encodedBudgetUs,
      meetsBudget: slowest.plainUs < plainBudgetUs && slowestEncoded.encodedUs < encodedBudgetUs,
      methods: Object.keys(callsByMethod).length,
      recordedCallsCoveredPercent: coveredPercent(golden),
      referenceCallsCoveredPercent: coveredPercent(reference),
      callsMeasured: boards.reduce((sum, { byMethod }) => sum + callCount(byMethod), 0),
    },
    tables: [
      {
        title: "Median call of a mix, microseconds",
        columns: ["mix", "cards", "as values", "as text"],
        rows: medians.map(({ mix, cards, plainUs, encodedUs }) => [mix, cards, plainUs, encodedUs]),
      },
      {
        title: "Boards",
        columns: ["cards", "copy for a new run, us", "heap, bytes a card"],
        rows: boards.map(({ cards, copyUs, heapBytes }) => [
          cards,
          copyUs,
          // Of a small board it is less than what the engine gives back meanwhile.
          cards < 1_000 ? "" : rounded(heapBytes / cards),
        ]),
      },
      byMethodTable("Median of each method, bodies as values, microseconds", boards, "plain"),
      byMethodTable("Median of each method, bodies as text, microseconds", boards, "encoded"),
    ],
    problems: [],
  };
}

function measureBoard(cards: number, budgetMs: number): MeasuredBoard {
  const collectGarbage = garbageCollector();
  collectGarbage();
  const heapBefore = process.memoryUsage().heapUsed;
  const state = boardOf(cards);
  collectGarbage();
  const heapBytes = process.memoryUsage().heapUsed - heapBefore;
  const byMethod = new Map<string, Samples>();
  for (const method of Object.keys(callsByMethod)) {
    const plain = measureCalls(state, cards, method, false, budgetMs);
    byMethod.set(method, { plain, encoded: measureCalls(state, cards, method, true, budgetMs) });
  }
  return { cards, heapBytes, copyUs: measureCopy(state), byMethod };
}

function measureCalls(
  state: BoardState,
  cards: number,
  method: string,
  isEncoded: boolean,
  budgetMs: number,
): readonly number[] {
  const samples: number[] = [];
  const endMs = performance.now() + budgetMs;
  while (samples.length < callsMin || performance.now() < endMs) {
    const board = boardFrom(state);
    for (let n = 0; n < callsPerBoard && (samples.length < callsMin || performance.now() < endMs); n++) {
      const request = requestFor(method, callsByMethod[method]!(n, cards), isEncoded);
      const startMs = performance.now();
      const { body } = serve(board, request);
      if (isEncoded) body!.text();
      else body!.json();
      samples.push((performance.now() - startMs) * 1000);
    }
  }
  return samples.toSorted((left, right) => left - right);
}

function measureCopy(state: BoardState): number {
  const samples: number[] = [];
  for (let copy = 0; copy < 200; copy++) {
    const startMs = performance.now();
    boardFrom(state);
    samples.push((performance.now() - startMs) * 1000);
  }
  return rounded(
    percentile(
      samples.toSorted((left, right) => left - right),
      50,
    ),
    1,
  );
}

/** How often each method is called in all recordings of the real server. */
function goldenMix(): Mix {
  const names = readdirSync(goldenFolder).filter((name) => name.endsWith(".jsonl"));
  const methods = names
    .toSorted()
    .flatMap((name) =>
      loadGolden(name.replace(/\.jsonl$/, "")).lines.flatMap((line) => ("method" in line ? [line.method] : [])),
    );
  return countOf(methods);
}

/** How often each method is called in one reference run. */
async function referenceMix(): Promise<Mix> {
  const { scenario, case: input } = referenceRun();
  const { history } = await inMacrotask(() => runCaseNow(scenario, input));
  const names = history.events.flatMap((event) => (event.kind === "sent" ? [event.op.name] : []));
  return countOf(names.flatMap((name) => (name.startsWith("board.") ? [name.slice("board.".length)] : [])));
}

function countOf(names: readonly string[]): Mix {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Of all calls of a mix that are of a measured method. */
function medianOf(mix: Mix, byMethod: MeasuredBoard["byMethod"], kind: keyof Samples): number {
  const weighted = [...byMethod].flatMap(([method, samples]) => {
    const weight = (mix.get(method) ?? 0) / samples[kind].length;
    return samples[kind].map((us) => ({ us, weight }));
  });
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  let below = 0;
  for (const { us, weight } of weighted.toSorted((left, right) => left.us - right.us)) {
    below += weight;
    if (below >= total / 2) return us;
  }
  return Number.NaN;
}

function coveredPercent(mix: Mix): number {
  let [covered, all] = [0, 0];
  for (const [method, calls] of mix) {
    all += calls;
    if (method in callsByMethod) covered += calls;
  }
  return rounded((covered * 100) / all, 1);
}

function callCount(byMethod: MeasuredBoard["byMethod"]): number {
  return [...byMethod.values()].reduce((sum, { plain, encoded }) => sum + plain.length + encoded.length, 0);
}

function byMethodTable(title: string, boards: readonly MeasuredBoard[], kind: keyof Samples): Table {
  const [first, last] = [boards[0]!, boards.at(-1)!];
  const medianIn = (board: MeasuredBoard, method: string): number => percentile(board.byMethod.get(method)![kind], 50);
  return {
    title,
    columns: ["method", ...boards.map(({ cards }) => `${cards} cards`), `${last.cards} to ${first.cards}`],
    rows: [...first.byMethod.keys()].map((method) => [
      method,
      ...boards.map((board) => rounded(medianIn(board, method), 2)),
      rounded(medianIn(last, method) / medianIn(first, method), 1),
    ]),
  };
}
