import type { Run } from "../runs/run.ts";

/** Does one lane's work for one card. Every effect is found again by its key, so it may be run again after any cut. */
export type Agent = (run: Run) => Promise<void>;
