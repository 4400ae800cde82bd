import type { HistoryEvent } from "../../history/event.ts";
import { pattern, sample, type ReadRun } from "./calls.ts";
import type { Detector, Sighting } from "./foot-gun.ts";

/** The same is logged, commented or traced many times within a moment. */
export const loggingInLoop: Detector = {
  kind: "logging-in-loop",
  title: "Logging in a tight loop",
  leastFix: "say it once when the loop ends, with a count",
  look(run) {
    return [...lineSeries(run)].flatMap(([place, lines]) => sightingOf(place, lines));
  },
};

interface Medium {
  /** As it stands in a sentence. */
  readonly words: string;
  /** So many within `spanUs` are too many. */
  readonly countMin: number;
  readonly spanUs: number;
}

const media = {
  log: { words: "logged", countMin: 20, spanUs: 1_000_000 },
  comment: { words: "commented", countMin: 10, spanUs: 60_000_000 },
  trace: { words: "traced", countMin: 50, spanUs: 60_000_000 },
} satisfies Record<string, Medium>;

interface Lines {
  readonly medium: Medium;
  readonly who: string;
  readonly what: string;
  readonly at: Line[];
}

interface Line {
  readonly index: number;
  readonly atUs: number;
  /** Rises each time that the task changes something: a line for each piece of work is no loop. */
  readonly work: number;
}

/** By who, where and what. */
function lineSeries({ events }: ReadRun): ReadonlyMap<string, Lines> {
  const series = new Map<string, Lines>();
  const workOf = new Map<string, number>();
  for (const [index, event] of events.entries()) {
    const line = lineOf(event);
    if (event.kind === "change" && event.op !== undefined) {
      const task = `${event.op.process} ${event.op.taskName}`;
      workOf.set(task, (workOf.get(task) ?? 0) + 1);
    }
    if (line === undefined) continue;
    const { medium, who, what } = line;
    const place = `${pattern(who)} ${medium.words} ${what}`;
    const lines = series.get(place) ?? { medium, who, what, at: [] };
    series.set(place, lines);
    lines.at.push({ index, atUs: event.atUs, work: medium === media.log ? (workOf.get(who) ?? 0) : 0 });
  }
  return series;
}

function lineOf(event: HistoryEvent): Pick<Lines, "medium" | "who" | "what"> | undefined {
  if (event.kind === "note") {
    if (people.has(event.process)) return undefined;
    return { medium: media.log, who: `${event.process} ${event.task}`, what: event.name };
  }
  if (event.kind !== "change" || event.op === undefined || people.has(event.op.process)) return undefined;
  const who = `${event.op.process} ${event.op.taskName}`;
  const { change } = event;
  if (change.type === "comment.created")
    return { medium: media.comment, who, what: `on card ${change["card"] as number}` };
  const path = change.store === "disk" && change.type === "file.written" ? (change["path"] as string) : "";
  return path.includes("/traces/")
    ? { medium: media.trace, who, what: path.slice(0, path.lastIndexOf("/")) }
    : undefined;
}

const people: ReadonlySet<string> = new Set(["people", "operator"]);

function sightingOf(place: string, { medium, who, what, at }: Lines): readonly Sighting[] {
  let densest: readonly Line[] = [];
  for (let first = 0, last = 0; last < at.length; last++) {
    while (at[last]!.atUs - at[first]!.atUs > medium.spanUs || at[last]!.work !== at[first]!.work) first++;
    if (last - first + 1 > densest.length) densest = at.slice(first, last + 1);
  }
  if (densest.length < medium.countMin) return [];
  return [
    {
      place,
      events: sample(densest.map(({ index }) => index)),
      count: densest.length,
      words: `${who} ${medium.words} ${what} ${densest.length} times within ${medium.spanUs / 1e6} s.`,
    },
  ];
}
