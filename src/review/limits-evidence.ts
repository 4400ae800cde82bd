/** What a brief tells of the search for the loads at which the system gives way. */
export interface LimitsEvidence {
  readonly ramps: readonly RampEvidence[];
  readonly findings: readonly LimitFinding[];
}

export interface RampEvidence {
  readonly name: string;
  readonly unit: string;
  /** Each as it is printed; `not reached` where the ramp ended first. */
  readonly holdsUpTo: string;
  readonly degradesFrom: string;
  readonly breaksAt: string;
}

export interface LimitFinding {
  readonly title: string;
  readonly evidence: string;
  readonly command: string;
  /** Nothing holds this limit: past its edge the system goes on. */
  readonly isUnenforced: boolean;
}
