/** What the parts read of the document of `stormlane run --json`. */
export interface RunResult {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly problems: readonly { readonly text: string; readonly scenario: string }[];
  readonly seeds: { readonly run: number };
  readonly wallMs: number;
  /** Of all threads. */
  readonly cpuMs: number;
  readonly seedsPerSecond: number;
  readonly opsPerSecond: number;
  readonly workers: number;
  readonly scenarios: readonly ScenarioResult[];
  readonly determinism: { readonly checked: number; readonly mismatches: number };
}

export interface ScenarioResult {
  readonly name: string;
  readonly runs: number;
  readonly ops: number;
  readonly virtualMs: number;
  readonly limits: Readonly<Record<string, number>>;
  readonly failures: readonly FailureResult[];
  readonly sometimes: readonly { readonly name: string; readonly hits: number }[];
  readonly invariants: readonly { readonly id: string; readonly checked: number; readonly violations: number }[];
}

export interface FailureResult {
  readonly kind: string;
  readonly signature: string;
  readonly invariant: string;
  readonly seed: number;
  readonly strategy: string;
  readonly reproFile: string | null;
  readonly faults: number | null;
  readonly preemptions: number | null;
  readonly delays: number | null;
  readonly minimal: boolean;
}

/** What the parts read of the document of `stormlane replay --json`. */
export interface ReplayDocument {
  readonly result: string;
  readonly text: string;
}
