import type { Severity } from "../severity.ts";
import type { Category } from "./invariant-words.ts";

/** One thing that is wrong with a release, or that nobody knows of it. */
export interface ReviewFinding {
  readonly title: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly component: string;
  readonly failureMode: string;
  readonly evidence: string;
  /** Shows it again; undefined where there is nothing to run. */
  readonly replayCommand: string | undefined;
  readonly leastFix: string;
  /** The test that would catch it next time. */
  readonly test: string;
  /** Ids of the invariants that it is about. */
  readonly invariants: readonly string[];
  readonly hinders: Hindrance;
}

/** `release`: not ready. `conditions`: ready for those who know it. `nothing`: worth a look. */
export type Hindrance = "release" | "conditions" | "nothing";
