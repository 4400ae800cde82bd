import type { ColumnRow } from "../board/rows.ts";
import { laneOfTitle } from "../decide/lanes.ts";

/** Which column of the board is which lane, as read at one moment. */
export class Columns {
  /** Monotonic. */
  readonly readAtMs: number;
  private readonly laneById = new Map<number, number>();
  private readonly idByLane = new Map<number, number>();

  /** Of two columns with one lane's title the first counts. */
  constructor(rows: readonly ColumnRow[], readAtMs: number) {
    this.readAtMs = readAtMs;
    for (const { id, title } of rows) {
      const lane = laneOfTitle(title);
      // A column that is no lane is known all the same: it need not be looked up again.
      this.laneById.set(id, lane ?? 0);
      if (lane !== undefined && !this.idByLane.has(lane)) this.idByLane.set(lane, id);
    }
  }

  knows(columnId: number): boolean {
    return this.laneById.has(columnId);
  }

  /** undefined for a column that is no lane. */
  laneOf(columnId: number): number | undefined {
    const lane = this.laneById.get(columnId);
    return lane === 0 ? undefined : lane;
  }

  columnOf(lane: number): number | undefined {
    return this.idByLane.get(lane);
  }
}
