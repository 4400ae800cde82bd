import type { Violation } from "../invariants/invariant.ts";
import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Exploration } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { continueFrom } from "./continuation.ts";
import type { Element, ElementRole, Explanation, Neighbour, NoReturn } from "./explanation.ts";
import { Moments } from "./moments.ts";
import { sameShareMin } from "./nearest-holding.ts";
import { findNoReturn } from "./no-return.ts";
import { elementsMax, withoutEachElement, withoutEachItem } from "./removals.ts";
import { Timeline } from "./timeline.ts";

/** How much it may cost. */
export interface ExplainEffort {
  readonly executionsMax: number;
  /** Random continuations for each step that is looked at, >= 2. */
  readonly continuations: number;
  /** At how many further steps on the way the share of failing continuations is told. */
  readonly points: number;
}

/** For a line or two beside each failure of a campaign. */
export const shortEffort: ExplainEffort = { executionsMax: 200, continuations: 8, points: 0 };

/** For somebody who has asked. */
export const fullEffort: ExplainEffort = { executionsMax: 2_000, continuations: 20, points: 10 };

export interface ExplainOptions extends ExplainEffort {
  readonly scenario: Scenario;
  readonly runCase: (scenario: Scenario, input: Case, exploration: Exploration) => Outcome;
  readonly signatureOf: (verdict: Outcome["verdict"]) => string;
}

/**
 * Says why a case fails, by running it with less done to it, and on from its steps at random. The same case gives the same
 * explanation. Call it from inside a macrotask.
 *
 * @returns undefined when the case holds
 */
export function explainFailure(failing: Case, options: ExplainOptions): Explanation | undefined {
  return new Explainer(failing, options).explain();
}

class Explainer {
  private readonly failing: Case;
  private readonly options: ExplainOptions;
  private signature = "";
  private executions = 0;

  constructor(failing: Case, options: ExplainOptions) {
    this.failing = failing;
    this.options = options;
  }

  explain(): Explanation | undefined {
    const timeline = new Timeline(this.failing);
    const outcome = this.run(this.failing, { scheduler: timeline, reader: timeline })!;
    this.signature = this.options.signatureOf(outcome.verdict);
    if (this.signature === "held") return undefined;
    const violation = outcome.verdict.kind === "violated" ? outcome.verdict.violation : undefined;
    const moments = new Moments(outcome.history.events, this.failing, violation);
    const removals = this.removeEach();
    const elements = this.judgeRoles(removals);
    const { noReturn, lastHolding } = this.findNoReturn(outcome, timeline, moments);
    const holding = removals.filter(({ outcome: each }) => this.holds(each));
    // Without forced things: a run without something to do, or another schedule.
    const candidates =
      holding.length > 0 ? holding : [...this.removeItems(), ...(lastHolding === undefined ? [] : [lastHolding])];
    return {
      executions: this.executions,
      elements,
      neighbour: this.nearest(moments, candidates, violation),
      noReturn,
    };
  }

  private removeEach(): RemovalRun[] {
    const removed = withoutEachElement(this.failing);
    const examined = removed.slice(0, elementsMax);
    return removed.map((each, index) => ({
      ...each,
      outcome: index < examined.length ? this.run(each.case) : undefined,
    }));
  }

  private judgeRoles(removals: readonly RemovalRun[]): Element[] {
    const withouts = removals.map(({ outcome }) =>
      outcome === undefined ? "" : this.options.signatureOf(outcome.verdict),
    );
    const free = new Set(removals.filter((_, index) => withouts[index] === this.signature));
    const freeRole = this.roleOfFree(removals, free);
    return removals.map((removal, index) => {
      const without = withouts[index]!;
      const role = free.has(removal) ? freeRole : roleOf(without);
      return { kind: removal.kind, text: removal.text, role, without };
    });
  }

  /** Of what can be left out alone: whether it can be left out together. */
  private roleOfFree(removals: readonly RemovalRun[], free: ReadonlySet<RemovalRun>): ElementRole {
    if (free.size < 2) return "redundant";
    const keep = (kind: Element["kind"]): boolean[] =>
      removals.filter((each) => each.kind === kind).map((each) => !free.has(each));
    const [faults, preemptions, delays] = [keep("fault"), keep("preemption"), keep("delay")];
    const outcome = this.run({
      ...this.failing,
      faults: this.failing.faults.filter((_, index) => faults[index]),
      preemptions: this.failing.preemptions.filter((_, index) => preemptions[index]),
      delays: this.failing.delays.filter((_, index) => delays[index]),
    });
    if (outcome === undefined) return "unknown";
    return this.options.signatureOf(outcome.verdict) === this.signature ? "redundant" : "replaceable";
  }

  /** Each workload with one item of a list less. */
  private removeItems(): HoldingRun[] {
    const found: HoldingRun[] = [];
    for (const { text, case: input } of withoutEachItem(this.failing, this.options.scenario)) {
      const outcome = this.run(input);
      if (this.holds(outcome)) found.push({ text, outcome: outcome! });
    }
    return found;
  }

  private findNoReturn(
    { stats }: Outcome,
    timeline: Timeline,
    moments: Moments,
  ): { readonly noReturn: NoReturn | undefined; readonly lastHolding: HoldingRun | undefined } {
    const { scenario, continuations, points } = this.options;
    const fairFromUs = scenario.faults.faultsUntilMs * 1_000;
    let last: { readonly steps: number; readonly outcome: Outcome } | undefined;
    const found = findNoReturn({
      steps: stats.steps,
      continuations,
      points,
      continuation: (steps, draw) => {
        const outcome = this.run(this.failing, continueFrom(this.failing, { steps, draw, fairFromUs }));
        if (outcome === undefined) return undefined;
        if (this.options.signatureOf(outcome.verdict) === this.signature) return "failing";
        if (!this.holds(outcome)) return "other";
        if (last === undefined || steps > last.steps) last = { steps, outcome };
        return "holding";
      },
    });
    if (found === undefined) return { noReturn: undefined, lastHolding: undefined };
    const { from, to } = timeline.eventsOf(found.step);
    return {
      noReturn: {
        ...found,
        site: timeline.siteOf(found.step),
        moment: found.step === 0 ? undefined : moments.weightiest(from, to),
      },
      lastHolding: last && { text: `the schedule after step ${last.steps}`, outcome: last.outcome },
    };
  }

  private nearest(
    failing: Moments,
    candidates: readonly HoldingRun[],
    violation: Violation | undefined,
  ): Neighbour | undefined {
    let nearest: { readonly text: string; readonly holding: Moments; readonly sameEvents: number } | undefined;
    for (const { text, outcome } of candidates) {
      const holding = new Moments(outcome!.history.events, this.failing, violation);
      const sameEvents = failing.sharedWith(holding);
      if (nearest === undefined || sameEvents > nearest.sameEvents) nearest = { text, holding, sameEvents };
    }
    if (nearest === undefined || nearest.sameEvents < failing.length * sameShareMin) return undefined;
    const { text, holding, sameEvents } = nearest;
    return {
      without: text,
      sameEvents,
      failing: failing.firstTelling(sameEvents),
      holding: holding.firstTelling(sameEvents),
      onlyFailing: failing.notIn(holding, sameEvents, onlyMax),
      onlyHolding: holding.notIn(failing, sameEvents, onlyMax),
    };
  }

  private holds(outcome: Outcome | undefined): boolean {
    return outcome !== undefined && this.options.signatureOf(outcome.verdict) === "held";
  }

  /** @returns undefined when no more runs are allowed */
  private run(input: Case, exploration: Exploration = {}): Outcome | undefined {
    if (this.executions >= this.options.executionsMax) return undefined;
    this.executions++;
    return this.options.runCase(this.options.scenario, input, exploration);
  }
}

interface HoldingRun {
  readonly text: string;
  readonly outcome: Outcome | undefined;
}

type RemovalRun = ReturnType<typeof withoutEachElement>[number] & HoldingRun;

function roleOf(without: string): ElementRole {
  if (without === "") return "unknown";
  return without === "held" ? "necessary" : "shielding";
}

const onlyMax = 3;
