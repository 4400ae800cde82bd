import type { Scenario } from "../../src/index.ts";
import { abaLease } from "./aba-lease.ts";
import { lateWindow } from "./late-window.ts";
import { lostUpdate } from "./lost-update.ts";
import { reorder } from "./reorder.ts";
import { tokenRing } from "./token-ring.ts";
import { twoStage } from "./two-stage.ts";

const threadCounts = [4, 10, 20, 50, 100] as const;

/** Known bugs that depend on the schedule alone, to compare strategies by. Each run of them is small. */
export const classics: readonly Scenario[] = [
  ...threadCounts.map(reorder),
  ...threadCounts.map(twoStage),
  lostUpdate(),
  abaLease(),
  lateWindow(),
  tokenRing(),
];
