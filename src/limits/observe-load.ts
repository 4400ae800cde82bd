import type { HistoryEvent } from "../history/event.ts";
import { RandomWalk } from "../explore/strategies/random-walk.ts";
import { mix32 } from "../base/digest.ts";
import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Exploration } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { budgetOfInvariant } from "./budgets/budgets.ts";
import { figureOf } from "./figures.ts";
import type { LevelVerdict } from "./find-edges.ts";
import { Meter, type Meters } from "./meters.ts";
import type { FigureBudget, Load } from "./ramp.ts";
import { StressFaults } from "./stress.ts";

export type RunCase = (scenario: Scenario, input: Case, exploration: Exploration) => Promise<Outcome>;

/** What one run of a load came to. */
export interface Observation {
  readonly verdict: LevelVerdict;
  /** Why it does not hold; empty when it does. */
  readonly why: string;
  readonly meters: Meters;
  /** A bound of the scenario was reached before the run came to its end. */
  readonly hasNoEnd: boolean;
  /** What the system, or its people, said of what was held back or went wrong for good: in words, without doubles. */
  readonly complaints: readonly string[];
  /** How often each name stands in the logs. */
  readonly notes: ReadonlyMap<string, number>;
}

/** Processes that stand for people, by what they are called everywhere here. */
const people: readonly string[] = ["people", "operator"];
/** At so many steps of a million, seeds above 0 choose freely what happens next. */
const switchPpm = 20_000;

/** Runs a load once. Seed 0 is the nominal schedule; each other one a walk of its own. */
export async function observeLoad(
  load: Load,
  { seed, runCase, budgets = [], level = 0 }: ObserveOptions,
): Promise<Observation> {
  const { scenario, workload, stress = [] } = load;
  const meter = new Meter({ people });
  const complaints = new Complaints();
  const input: Case = {
    scenario: scenario.name,
    drawSeed: seed,
    workload,
    faults: [],
    preemptions: [],
    delays: [],
  };
  const outcome = await runCase(scenario, input, {
    faults: new StressFaults(seed, stress, people),
    reader: {
      observe(event) {
        meter.observe(event);
        if (event.kind === "note") complaints.observe(event);
      },
    },
    ...(seed === 0
      ? {}
      : { scheduler: new RandomWalk({ seed: mix32(seed, 0x11a1), switchPpm, fairFromUs: fairFromUs(scenario) }) }),
  });
  return judge(outcome, meter.read(), complaints, { budgets, level });
}

export interface ObserveOptions {
  /** >= 0. */
  readonly seed: number;
  readonly runCase: RunCase;
  readonly budgets?: readonly FigureBudget[];
  /** What the budgets are asked for. */
  readonly level?: number;
}

function fairFromUs({ bounds }: Scenario): number {
  return (bounds.virtualMsMax * 1_000) / 2;
}

function judge(
  { verdict }: Outcome,
  meters: Meters,
  complaints: Complaints,
  { budgets, level }: { readonly budgets: readonly FigureBudget[]; readonly level: number },
): Observation {
  const seen = { meters, complaints: complaints.texts(), notes: complaints.notes };
  const broken = (why: string): Observation => ({ ...seen, verdict: "breaks", why, hasNoEnd: false });
  switch (verdict.kind) {
    case "violated":
      // Over a budget nothing is broken, and the run has ended all the same.
      if (budgetOfInvariant(verdict.violation.invariant) !== undefined) {
        return { ...seen, verdict: "degrades", why: verdict.violation.message, hasNoEnd: false };
      }
      return broken(`${verdict.violation.invariant}: ${verdict.violation.message}`);
    case "limit":
      return { ...broken(`no end within ${verdict.limit} ${verdict.value}`), hasNoEnd: true };
    case "nondeterminism":
      return broken(`nondeterminism: ${verdict.what} at ${verdict.site}`);
    case "broken":
      return broken(`the run itself is broken: ${verdict.error.message}`);
    case "held": {
      const over = budgets.flatMap((budget) => overBudget(budget, meters, level));
      const why = [...seen.complaints, ...over].join("; ");
      return { ...seen, verdict: why === "" ? "holds" : "degrades", why, hasNoEnd: false };
    }
  }
}

function overBudget({ figure, max }: FigureBudget, meters: Meters, level: number): readonly string[] {
  const { read, unit } = figureOf(figure);
  const value = read(meters);
  const most = max(level);
  return value <= most ? [] : [`${figure} ${value} ${unit}, over its budget of ${most}`];
}

/** What a system or its people say when something was held back or went wrong for good. */
class Complaints {
  readonly notes = new Map<string, number>();
  private readonly counts = new Map<string, number>();

  observe({ name, fields }: HistoryEvent & { readonly kind: "note" }): void {
    this.notes.set(name, (this.notes.get(name) ?? 0) + 1);
    const words = complaintOf(name, fields);
    if (words !== undefined) this.counts.set(words, (this.counts.get(words) ?? 0) + 1);
  }

  texts(): readonly string[] {
    return [...this.counts].map(([words, count]) => (count === 1 ? words : `${words} (${count} times)`));
  }
}

function complaintOf(name: string, fields: HistoryNoteFields): string | undefined {
  const field = (key: string): string => {
    const value = fields[key];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  switch (name) {
    case "limit.reached":
      return `limit ${field("limit")} reached`;
    case "failure.seen":
      return "a card shows a failure";
    case "prompt.compressed":
      return "a prompt lost part of its text";
    case "webhook.refused":
      return `a webhook was refused with ${field("status")}`;
    default:
      return undefined;
  }
}

type HistoryNoteFields = (HistoryEvent & { readonly kind: "note" })["fields"];
