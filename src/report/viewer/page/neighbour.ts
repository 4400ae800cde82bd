import type { HistoryEvent } from "../../../history/event.ts";
import { Run } from "./run.ts";
import { StateHistory } from "./state-history.ts";
import { StateRows } from "./state-rows.ts";

/** The run that holds, beside the failing one. */
export class Neighbour {
  readonly removed: string;
  readonly run: Run;
  readonly states: StateHistory;
  readonly rows: StateRows;
  /** How many events both begin with. */
  readonly sameEvents: number;
  private readonly failing: readonly HistoryEvent[];

  constructor(failing: readonly HistoryEvent[], removed: string, events: readonly HistoryEvent[]) {
    this.failing = failing;
    this.removed = removed;
    this.run = new Run(events);
    this.states = new StateHistory(events);
    this.rows = new StateRows(this.run.cards);
    this.sameEvents = sharedLength(failing, events);
  }

  /**
   * How far the neighbour was when so many events of the failing run had happened: as far where both are the same, and from
   * there on up to the same virtual time.
   */
  lengthBeside(length: number): number {
    if (length <= this.sameEvents) return length;
    if (length >= this.failing.length) return this.run.events.length;
    const { atUs } = this.failing[length - 1]!;
    let low = this.sameEvents;
    let high = this.run.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.run.events[middle]!.atUs <= atUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function sharedLength(left: readonly HistoryEvent[], right: readonly HistoryEvent[]): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) if (identityOf(left[index]!) !== identityOf(right[index]!)) return index;
  return length;
}

/** An operation is the same in two runs by its site: its id is an order of arrival. */
function identityOf(event: HistoryEvent): string {
  return JSON.stringify("op" in event && event.op !== undefined ? { ...event, op: event.op.site } : event);
}
