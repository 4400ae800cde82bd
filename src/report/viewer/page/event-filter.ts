import type { HistoryEvent } from "../../../history/event.ts";
import type { Run } from "./run.ts";

/** Which events are shown. Empty strings choose nothing. */
export interface EventFilter {
  /** Found in what happened, who did it, or the site; upper and lower case are the same. */
  readonly search: string;
  /** A lane. */
  readonly actor: string;
  readonly kind: KindFilter;
  /** Only what bears on the failure. */
  readonly onlyTold: boolean;
}

export const kindFilters = ["all", "changes", "faults and failures", "process turns", "notes", "operations"] as const;
export type KindFilter = (typeof kindFilters)[number];

export const everything: EventFilter = { search: "", actor: "", kind: "all", onlyTold: false };

/** Says of each event of a run whether a filter shows it. What is searched is put together once. */
export class EventSearch {
  private readonly run: Run;
  private readonly told: ReadonlySet<number>;
  private readonly searched: (string | undefined)[] = [];

  constructor(run: Run, told: ReadonlySet<number>) {
    this.run = run;
    this.told = told;
  }

  /** @returns the indices of the events that are shown, ascending */
  find(filter: EventFilter): number[] {
    const { run } = this;
    const search = filter.search.trim().toLowerCase();
    const lane = filter.actor === "" ? -1 : run.lanes.findIndex(({ name }) => name === filter.actor);
    const found: number[] = [];
    for (let index = 0; index < run.events.length; index++) {
      if (filter.onlyTold && !this.told.has(index)) continue;
      if (lane !== -1 && run.laneOf[index] !== lane && run.spans[run.spanOf[index]!]?.from !== lane) continue;
      if (!isOfKind(run.events[index]!, filter.kind)) continue;
      if (search !== "" && !this.searchedText(index).includes(search)) continue;
      found.push(index);
    }
    return found;
  }

  /** Puts together what is searched of some events, so that the first search does not wait for it. */
  prepare(from: number, to: number): void {
    for (let index = from; index < Math.min(to, this.run.events.length); index++) this.searchedText(index);
  }

  private searchedText(index: number): string {
    const { run } = this;
    return (this.searched[index] ??=
      `${index} ${run.actor(index)} ${run.text(index)} ${run.spans[run.spanOf[index]!]?.op.site ?? ""}`.toLowerCase());
  }
}

function isOfKind(event: HistoryEvent, kind: KindFilter): boolean {
  switch (kind) {
    case "all":
      return true;
    case "changes":
      return event.kind === "change";
    case "faults and failures":
      return isTrouble(event);
    case "process turns":
      return event.kind === "process";
    case "notes":
      return event.kind === "note";
    case "operations":
      return event.kind === "sent" || event.kind === "effect" || event.kind === "answered";
  }
}

/** A fault, the death of a process, or a call that did not succeed; to find nothing is no trouble. */
function isTrouble(event: HistoryEvent): boolean {
  if (event.kind === "answered") return event.outcome !== "ok" && event.detail !== "ENOENT";
  return isMark(event);
}

/** Where something was done to the run: `n` and `p` go from one to the next. */
export function isMark(event: HistoryEvent): boolean {
  if (event.kind === "process") return !quietTurns.has(event.what);
  return event.kind === "fault";
}

const quietTurns: ReadonlySet<string> = new Set(["start", "finish", "resume"]);
