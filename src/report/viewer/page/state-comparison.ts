import type { WorldState } from "../../world-state.ts";
import { compareRows, type ComparedRow } from "./row-differences.ts";
import { countOf, panels, type Panel, type StateRows } from "./state-rows.ts";

/** What a panel shows of a state beside the one that it is compared with. */
export interface ComparedPanel {
  /** How many things there are. */
  readonly count: number;
  readonly differing: readonly ComparedRow[];
  /** All of them, and what only the other state has: put together for the panel that is looked at. */
  readonly rows: () => readonly ComparedRow[];
}

export type ComparedPanels = Readonly<Record<Panel, ComparedPanel>>;

/** A state, and the words for it. */
export interface WordedState {
  readonly state: WorldState;
  readonly rows: StateRows;
}

/** Of two states of one run most records are the very same, and are not looked at. */
export function comparePanels(here: WordedState, there: WordedState): ComparedPanels {
  const compared = panels.map((panel) => [
    panel,
    {
      count: countOf(panel, here.state),
      differing: compareRows(
        here.rows.rowsUnlike(panel, here.state, there.state),
        there.rows.rowsUnlike(panel, there.state, here.state),
      ).filter(({ what }) => what !== "same"),
      rows: () => compareRows(here.rows.rows(panel, here.state), there.rows.rows(panel, there.state)),
    },
  ]);
  return Object.fromEntries(compared) as ComparedPanels;
}
