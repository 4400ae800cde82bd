import type { IncidentEvent } from "./incident-event.ts";
import type { LogContents } from "./read-logs.ts";

/** What all logs together say, in the order in which it happened. */
export interface Timeline {
  /** By time, then by log and line. */
  readonly events: readonly IncidentEvent[];
  readonly clocks: readonly ClockReport[];
}

/** How the clock of a log goes against that of the first. */
export interface ClockReport {
  readonly source: string;
  /** What was added to its times; 0 for the first, and where nothing tells. */
  readonly shiftMs: number;
  /** Moments that it has in common with logs that are aligned already. */
  readonly commonMoments: number;
  /** The shifts that its moments ask for differ by so much, at most. */
  readonly spreadMs: number;
}

/**
 * Puts several logs into one order. Where a log shares moments with others, the same webhook or request, the median of the
 * differences is how its clock differs; less than `toleranceMs`, the grain of the board's own times, is no difference. The
 * access log of a board's server, whose lines say nothing that others know, goes by the clock of the board's own logs.
 */
export function timelineOf({ events, reports }: Pick<LogContents, "events" | "reports">): Timeline {
  const known = new Map<string, number>();
  const clocks: ClockReport[] = [];
  const aligned: IncidentEvent[] = [];
  const kinds = kindsBySource(events);
  const left = reports.map(({ name }) => name).filter((name) => events.some(({ source }) => source === name));
  while (left.length > 0) {
    const next = nextOf(left, kinds)
      .map((source) => ({ source, differences: differencesOf(events, source, known) }))
      .reduce((best, each) => (each.differences.length > best.differences.length ? each : best));
    left.splice(left.indexOf(next.source), 1);
    const clock = clockOf(next.source, next.differences, boardClock(kinds, next.source, clocks));
    clocks.push(clock);
    for (const event of events) {
      if (event.source !== next.source) continue;
      const moved = { ...event, atMs: event.atMs + clock.shiftMs };
      aligned.push(moved);
      if (moved.moment !== undefined && moved.moment !== "" && !known.has(moved.moment))
        known.set(moved.moment, moved.atMs);
    }
  }
  const order = new Map(reports.map(({ name }, index) => [name, index]));
  const sorted = aligned.toSorted(
    (left, right) =>
      left.atMs - right.atMs || order.get(left.source)! - order.get(right.source)! || left.line - right.line,
  );
  return { events: sorted, clocks };
}

const toleranceMs = 2_000;

function differencesOf(events: readonly IncidentEvent[], source: string, known: ReadonlyMap<string, number>): number[] {
  const seen = new Set<string>();
  return events.flatMap((event) => {
    const { moment = "" } = event;
    const at = known.get(moment);
    if (event.source !== source || at === undefined || seen.has(moment)) return [];
    seen.add(moment);
    return [at - event.atMs];
  });
}

type Kinds = ReadonlyMap<string, ReadonlySet<IncidentEvent["kind"]>>;

function kindsBySource(events: readonly IncidentEvent[]): Kinds {
  const kinds = new Map<string, Set<IncidentEvent["kind"]>>();
  for (const { source, kind } of events) kinds.set(source, (kinds.get(source) ?? new Set()).add(kind));
  return kinds;
}

/** The orchestrator's clock is the one to go by; access logs wait until the board's own logs are aligned. */
function nextOf(left: readonly string[], kinds: Kinds): readonly string[] {
  const isAccessLog = (source: string): boolean => [...kinds.get(source)!].every((kind) => kind === "request");
  const others = left.filter((source) => !isAccessLog(source));
  if (others.length === 0) return left;
  return others.toSorted((one, other) => Number(kinds.get(other)!.has("note")) - Number(kinds.get(one)!.has("note")));
}

/** How far the clock of the board's own logs was moved, for what has no moment in common with anybody. */
function boardClock(kinds: Kinds, source: string, aligned: readonly ClockReport[]): number {
  if (![...kinds.get(source)!].every((kind) => kind === "request")) return 0;
  return (
    aligned.find(({ source: name, commonMoments }) => commonMoments > 0 && kinds.get(name)!.has("card"))?.shiftMs ?? 0
  );
}

function clockOf(source: string, differences: readonly number[], unlessKnownMs: number): ClockReport {
  const sorted = differences.toSorted((left, right) => left - right);
  const median = sorted[sorted.length >> 1] ?? unlessKnownMs;
  const spreadMs = sorted.length === 0 ? 0 : sorted.at(-1)! - sorted[0]!;
  return { source, shiftMs: Math.abs(median) < toleranceMs ? 0 : median, commonMoments: sorted.length, spreadMs };
}
