import type { Counterexample } from "../evidence.ts";
import type { LimitFinding } from "../../limits/report.ts";
import type { FootGunKind } from "../foot-guns/foot-gun.ts";

/** What no release may do, whatever else holds. */
export interface PassBarRule {
  readonly id: PassBarRuleId;
  readonly title: string;
  /** Ids of the core's invariants that speak of it. */
  readonly invariants: readonly string[];
  /** What shows in histories when it is broken, whoever judges them. */
  readonly footGuns: readonly FootGunKind[];
  readonly breaks: (counterexample: Counterexample, isBuiltIn: boolean) => boolean;
  /** Of the core's explicit limits, those that it stands on: one that nothing enforces breaks it. */
  readonly limits: readonly string[];
  /** Findings of loads that break it, whichever ramp shows them. */
  readonly loads: readonly LimitFinding["kind"][];
}

export type PassBarRuleId = "bounded-retries" | "nothing-real" | "honest-reports" | "bounded-spawning";

export const passBarRules: readonly PassBarRule[] = [
  {
    id: "bounded-retries",
    title: "Retries end",
    invariants: ["C1", "L2", "L3"],
    footGuns: ["unbounded-loop"],
    limits: ["attemptsPerCauseMax", "ralphIterationsMax", "modelTriesMax"],
    loads: ["no-end"],
    breaks: ({ kind, invariant, signature }, isBuiltIn) =>
      kind === "livelock" ||
      (isBuiltIn && (invariant === "L2" || invariant === "L3")) ||
      // Of costs, those of doing the same work again; comments are no work.
      (isBuiltIn && invariant === "C1" && /(?: attempts| coders| tests| completions)$/.test(signature)),
  },
  {
    id: "nothing-real",
    title: "Tests reach no real network and no real program",
    invariants: [],
    footGuns: [],
    limits: [],
    loads: [],
    breaks: ({ kind, signature }) =>
      // As the guard that stood in the way says it.
      kind === "nondeterminism" && /\(use ports\.(?:http|subprocess)/.test(signature),
  },
  {
    id: "honest-reports",
    title: "What is reported as done is done",
    invariants: ["O1"],
    footGuns: [],
    limits: [],
    loads: [],
    breaks: ({ invariant, message }, isBuiltIn) =>
      isBuiltIn && invariant === "O1" && / acknowledged .* but there is no /.test(message),
  },
  {
    id: "bounded-spawning",
    title: "Spawning has a limit",
    invariants: ["I3", "L1"],
    footGuns: [],
    limits: ["childrenPerEpicMax"],
    loads: ["recursion"],
    breaks: ({ invariant, message }, isBuiltIn) =>
      isBuiltIn && (invariant === "L1" || (invariant === "I3" && !message.endsWith("but the card does not say so."))),
  },
];

/** @returns undefined when it breaks none */
export function brokenRuleOf(counterexample: Counterexample, isBuiltIn: boolean): PassBarRule | undefined {
  return passBarRules.find(({ breaks }) => breaks(counterexample, isBuiltIn));
}

/** @returns undefined when it breaks none */
export function brokenRuleOfLimit({ kind, of }: LimitFinding): PassBarRule | undefined {
  return passBarRules.find(
    ({ limits, loads }) => loads.includes(kind) || (kind === "unenforced-limit" && limits.includes(of)),
  );
}
