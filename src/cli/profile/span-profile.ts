import { spanKinds, type Mark, type Span, type SpanKind } from "../../orchestrator/spans/span.ts";
import { timeByKind } from "../../orchestrator/spans/time-by-kind.ts";

/** Whose a span or mark is. Clocks and ids are those of one role of one process. */
export interface Origin {
  /** Its number on its host; of a simulated one, its life. */
  readonly process: number;
  readonly role: string;
}

/** As `serve` writes it. */
export type WrittenSpan = Span & Origin;
export type WrittenMark = Mark & Origin;

export interface SpanProfile {
  readonly version: 2;
  /** One for each lane that runs were in, in order. */
  readonly lanes: readonly PartProfile[];
  /** One for each agent and lane, in order of lanes. */
  readonly agents: readonly AgentProfile[];
  /** Operations of runs by name, the longest in all first. */
  readonly operations: readonly OperationProfile[];
  readonly rates: Rates;
}

export interface PartProfile {
  readonly lane: number;
  readonly runs: number;
  readonly boardCallsPerRun: number;
  readonly modelCallsPerRun: number;
  readonly totalMs: Percentiles;
  /** Of all runs together; with `own` they sum to the total. */
  readonly msByKind: TimeOfKinds;
}

export interface AgentProfile extends PartProfile {
  readonly agent: string;
}

export type TimeOfKinds = Readonly<Record<SpanKind | "own", number>>;

export interface OperationProfile {
  readonly kind: SpanKind;
  readonly name: string;
  readonly count: number;
  /** Answers that were failures, or never came. */
  readonly errors: number;
  readonly ms: Percentiles;
}

/** Shares from 0 to 1; 0 of nothing. */
export interface Rates {
  readonly runs: number;
  /** Of the runs: ended to be tried again. */
  readonly runsRetried: number;
  /** Questions to a model: one for each run and purpose. */
  readonly questions: number;
  /** Requests per question beyond the first. */
  readonly modelRetries: number;
  /** Answers per question that could not be used, were repaired, or came to a prompt that had been shortened. */
  readonly answersRefused: number;
  readonly answersRepaired: number;
  readonly promptsCompressed: number;
  /** By kind: operations without success. */
  readonly errors: Readonly<Record<SpanKind, number>>;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

interface RunSpans {
  readonly lane: number;
  readonly spans: WrittenSpan[];
}

/** Where the time of runs went. Spans of ticks, deliveries and leases are no run's. */
export function profileSpans(entries: readonly (WrittenSpan | WrittenMark)[]): SpanProfile {
  const runs = new Map<string, RunSpans>();
  const marks: WrittenMark[] = [];
  for (const entry of entries) {
    const lane = /^card .* lane (\d+) attempt \d+$/.exec(entry.task)?.[1];
    if (lane === undefined) continue;
    if (entry.kind === "mark") {
      marks.push(entry);
      continue;
    }
    const name = `${entry.process} ${entry.role} ${entry.taskId}`;
    const run = runs.get(name) ?? { lane: Number(lane), spans: [] };
    runs.set(name, run);
    run.spans.push(entry);
  }
  const all = [...runs.values()];
  const ofRuns = all.flatMap((run) => run.spans);
  const byName = Map.groupBy(ofRuns, ({ kind, name }) => `${kind} ${name}`);
  return {
    version: 2,
    lanes: [...Map.groupBy(all, ({ lane }) => lane)]
      .map(([lane, group]) => partProfile(lane, group))
      .toSorted((left, right) => left.lane - right.lane),
    agents: agentParts(all),
    operations: [...byName.values()].map(operationProfile).toSorted((left, right) => totalOf(right) - totalOf(left)),
    rates: ratesOf(all, marks),
  };
}

function agentParts(runs: readonly RunSpans[]): readonly AgentProfile[] {
  const parts = runs.flatMap(({ lane, spans }) =>
    [...Map.groupBy(spans, ({ agent }) => agent)].map(([agent, own]) => ({ agent, lane, spans: own })),
  );
  const byAgent = Map.groupBy(
    parts.filter(({ agent }) => agent !== ""),
    ({ agent, lane }) => `${lane} ${agent}`,
  );
  return [...byAgent.values()]
    .map((group) => ({ agent: group[0]!.agent, ...partProfile(group[0]!.lane, group) }))
    .toSorted((left, right) => left.lane - right.lane);
}

function partProfile(lane: number, runs: readonly { readonly spans: readonly WrittenSpan[] }[]): PartProfile {
  const msByKind = { own: 0, ...zeroes() };
  const totalsMs: number[] = [];
  for (const { spans } of runs) {
    const startMs = Math.min(...spans.map((span) => span.startMs));
    const endMs = Math.max(...spans.map((span) => span.endMs));
    totalsMs.push(endMs - startMs);
    const spent = timeByKind(spans, { startMs, endMs });
    for (const kind of [...spanKinds, "own"] as const) msByKind[kind] += spent[kind];
  }
  const spans = runs.flatMap((run) => run.spans);
  const perRun = (kind: SpanKind): number => spans.filter((span) => span.kind === kind).length / runs.length;
  return {
    lane,
    runs: runs.length,
    boardCallsPerRun: perRun("board"),
    modelCallsPerRun: perRun("model"),
    totalMs: percentiles(totalsMs),
    msByKind,
  };
}

function operationProfile(spans: readonly WrittenSpan[]): OperationProfile {
  const { kind, name } = spans[0]!;
  return {
    kind,
    name,
    count: spans.length,
    errors: spans.filter(({ outcome }) => outcome !== "ok").length,
    ms: percentiles(spans.map(({ startMs, endMs }) => endMs - startMs)),
  };
}

function ratesOf(runs: readonly RunSpans[], marks: readonly WrittenMark[]): Rates {
  const spans = runs.flatMap((run) => run.spans);
  const requests = runs.flatMap((run, index) =>
    run.spans.filter(({ kind }) => kind === "model").map(({ key }) => `${index} ${key}`),
  );
  const questions = new Set(requests).size;
  const count = (name: Mark["name"]): number => marks.filter((mark) => mark.name === name).length;
  const refused = count("answer.refused");
  const errors = zeroes();
  for (const kind of spanKinds) {
    const ofKind = spans.filter((span) => span.kind === kind);
    errors[kind] = share(ofKind.filter(({ outcome }) => outcome !== "ok").length, ofKind.length);
  }
  return {
    runs: runs.length,
    runsRetried: share(
      marks.filter(({ name, detail }) => name === "run.finished" && detail === "retry").length,
      runs.length,
    ),
    questions,
    modelRetries: share(Math.max(0, requests.length - questions - refused), questions),
    answersRefused: share(refused, questions),
    answersRepaired: share(count("answer.repaired"), questions),
    promptsCompressed: share(count("prompt.compressed"), questions),
    errors,
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function zeroes(): Record<SpanKind, number> {
  return { model: 0, board: 0, git: 0, files: 0, process: 0, wait: 0 };
}

function totalOf({ count, ms }: OperationProfile): number {
  return count * ms.p50;
}

/** By the nearest rank. */
function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (percent: number): number => sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)] ?? 0;
  return { p50: at(50), p95: at(95), p99: at(99) };
}
