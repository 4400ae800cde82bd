import { spanKinds, type Span, type SpanKind } from "../../orchestrator/spans/span.ts";
import { timeByKind } from "../../orchestrator/spans/time-by-kind.ts";

/** A span as `serve` writes it. */
export interface WrittenSpan extends Span {
  /** Its number on its host. Clocks and ids are those of one role of one process. */
  readonly process: number;
  readonly role: string;
}

export interface SpanProfile {
  readonly version: 1;
  /** One for each lane that runs were in, in order. */
  readonly lanes: readonly LaneProfile[];
  /** Operations of runs by name. */
  readonly operations: readonly OperationProfile[];
}

export interface LaneProfile {
  readonly lane: number;
  readonly runs: number;
  readonly boardCallsPerRun: number;
  readonly modelCallsPerRun: number;
  readonly totalMs: Percentiles;
  /** Of all runs together; with `own` they sum to the total. */
  readonly msByKind: Readonly<Record<SpanKind | "own", number>>;
}

export interface OperationProfile {
  readonly kind: SpanKind;
  readonly name: string;
  readonly count: number;
  /** Answers that were failures, or never came. */
  readonly errors: number;
  readonly ms: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Where the time of runs went. Spans of ticks, deliveries and leases are no run's. */
export function profileSpans(spans: readonly WrittenSpan[]): SpanProfile {
  const runs = new Map<string, { lane: number; spans: WrittenSpan[] }>();
  for (const span of spans) {
    const lane = /^card .* lane (\d+) attempt \d+$/.exec(span.task)?.[1];
    if (lane === undefined) continue;
    const name = `${span.process} ${span.role} ${span.taskId}`;
    const run = runs.get(name) ?? { lane: Number(lane), spans: [] };
    runs.set(name, run);
    run.spans.push(span);
  }
  const byLane = Map.groupBy(runs.values(), ({ lane }) => lane);
  const ofRuns = [...runs.values()].flatMap((run) => run.spans);
  const byName = Map.groupBy(ofRuns, ({ kind, name }) => `${kind} ${name}`);
  return {
    version: 1,
    lanes: [...byLane]
      .toSorted(([left], [right]) => left - right)
      .map(([lane, laneRuns]) =>
        laneProfile(
          lane,
          laneRuns.map((run) => run.spans),
        ),
      ),
    operations: [...byName.values()].map(operationProfile).toSorted((left, right) => totalOf(right) - totalOf(left)),
  };
}

function laneProfile(lane: number, runs: readonly (readonly WrittenSpan[])[]): LaneProfile {
  const msByKind: Record<SpanKind | "own", number> = {
    model: 0,
    board: 0,
    git: 0,
    files: 0,
    process: 0,
    wait: 0,
    own: 0,
  };
  const totalsMs: number[] = [];
  for (const spans of runs) {
    const startMs = Math.min(...spans.map((span) => span.startMs));
    const endMs = Math.max(...spans.map((span) => span.endMs));
    totalsMs.push(endMs - startMs);
    const spent = timeByKind(spans, { startMs, endMs });
    for (const kind of [...spanKinds, "own"] as const) msByKind[kind] += spent[kind];
  }
  const perRun = (kind: SpanKind): number => runs.flat().filter((span) => span.kind === kind).length / runs.length;
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

function totalOf({ count, ms }: OperationProfile): number {
  return count * ms.p50;
}

/** By the nearest rank. */
function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (percent: number): number => sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)] ?? 0;
  return { p50: at(50), p95: at(95), p99: at(99) };
}
