import { Draws } from "../kernel/draws.ts";
import type { Violation } from "../invariants/invariant.ts";
import { FirstCome, Postponing, Priorities, RandomWalk, RecordedOrder, type Chooser } from "./chooser.ts";
import type { LiveOutcome, LiveRunOptions, Unfitness } from "./live-run.ts";
import { drawFaults, type PlannedFault } from "./planned-fault.ts";

/** One order of a run, and what befell it: with the config, all that is known of a run of real processes. */
export interface LiveCase {
  readonly order: readonly string[];
  readonly faults: readonly PlannedFault[];
}

export interface LiveFailure {
  /** Invariant and place. */
  readonly signature: string;
  readonly violation: Violation;
  /** Of the search; 0 is the run in which nothing is done to the processes. */
  readonly seed: number;
  readonly strategy: string;
  readonly case: LiveCase;
  readonly reproduced: Reproduction;
  /** A run that failed so: of its case, where one did. */
  readonly outcome: LiveOutcome;
}

/** Of so many runs of a case, so many failed in the same way. */
export interface Reproduction {
  readonly tries: number;
  readonly failed: number;
  /** The first of those that failed. */
  readonly outcome: LiveOutcome | undefined;
}

export type RunLive = (
  options: Pick<LiveRunOptions, "chooser" | "faults" | "seed"> & { readonly plain?: boolean },
) => Promise<LiveOutcome>;

export interface LiveSearchOptions {
  readonly run: RunLive;
  readonly families: LiveRunOptions["plan"]["faults"];
  readonly runs: number;
  readonly firstSeed: number;
  /** In one run at most. */
  readonly faultsMax: number;
  /** Everything goes on as it comes and nothing goes wrong: what repetition alone finds. */
  readonly plain: boolean;
  /** How often a counterexample is run again to say how often it shows. */
  readonly tries: number;
  readonly isOver: () => boolean;
  readonly onRun?: (run: LiveRunReport) => void;
}

export interface LiveRunReport {
  readonly seed: number;
  readonly strategy: string;
  readonly outcome: LiveOutcome;
}

export interface LiveSearchResult {
  readonly runs: number;
  readonly failingRuns: number;
  readonly effects: number;
  readonly choices: number;
  readonly hurried: number;
  /** Runs that were broken off before they were over. */
  readonly limits: number;
  readonly orders: number;
  readonly shortcomings: readonly string[];
  readonly checked: Readonly<Record<string, number>>;
  readonly failure: LiveFailure | undefined;
  /** A run could say nothing. */
  readonly unfit: Unfitness | undefined;
}

/**
 * Runs real processes in other orders and with other troubles, seed by seed, until a rule breaks. The first run lets all
 * go as it comes: it shows what arrives, and where trouble can strike.
 */
export async function exploreLive(options: LiveSearchOptions): Promise<LiveSearchResult> {
  const search = new LiveSearch(options);
  return search.search();
}

class LiveSearch {
  private readonly options: LiveSearchOptions;
  private readonly orders = new Set<string>();
  private readonly checked: Record<string, number> = {};
  private runs = 0;
  private failingRuns = 0;
  private effects = 0;
  private choices = 0;
  private hurried = 0;
  private limits = 0;
  private shortcomings: readonly string[] = [];

  constructor(options: LiveSearchOptions) {
    this.options = options;
  }

  async search(): Promise<LiveSearchResult> {
    const { runs, firstSeed, plain } = this.options;
    let first: LiveOutcome | undefined;
    let failure: LiveFailure | undefined;
    for (let number = 0; number < runs; number++) {
      if (this.options.isOver()) break;
      const seed = number === 0 ? 0 : firstSeed + number - 1;
      const { chooser, faults } = this.caseOf(seed, first);
      const outcome = await this.options.run({ chooser, faults, seed, plain });
      this.take(outcome);
      this.options.onRun?.({ seed, strategy: chooser.name, outcome });
      first ??= outcome;
      if (outcome.verdict === "unfit") return this.result(failure, outcome.unfitness);
      if (outcome.verdict === "interrupted") break;
      if (outcome.verdict !== "violated") continue;
      failure ??= await this.report(seed, chooser.name, outcome);
      // Repetition is there to count.
      if (!plain) break;
    }
    return this.result(failure);
  }

  private caseOf(seed: number, first: LiveOutcome | undefined): { chooser: Chooser; faults: readonly PlannedFault[] } {
    const { families, faultsMax, plain } = this.options;
    if (first === undefined || plain) return { chooser: new FirstCome(), faults: [] };
    const stepsExpected = first.order.length;
    const bases = [() => new FirstCome(), () => new RandomWalk(seed), () => new Priorities(seed, stepsExpected)];
    const chooser = new Postponing(bases[seed % bases.length]!(), { seed, stepsExpected });
    // Half of the runs have no trouble but their order.
    const count = Math.floor(seed / 3) % 2 === 0 ? 0 : 1 + (Math.floor(seed / 6) % Math.max(1, faultsMax));
    const faults = drawFaults(first.seen, { count: Math.min(count, faultsMax), families, draws: new Draws(seed) });
    return { chooser, faults };
  }

  private take(outcome: LiveOutcome): void {
    this.runs++;
    this.shortcomings = outcome.shortcomings;
    if (outcome.verdict === "violated") this.failingRuns++;
    if (outcome.verdict === "limit") this.limits++;
    this.effects += outcome.order.length;
    this.choices += outcome.choices;
    this.hurried += outcome.hurried;
    this.orders.add(outcome.order.join("\n"));
    for (const [id, count] of Object.entries(outcome.checked)) this.checked[id] = (this.checked[id] ?? 0) + count;
  }

  /** Makes it small, and says how often the small one fails. */
  private async report(seed: number, strategy: string, outcome: LiveOutcome): Promise<LiveFailure> {
    const violation = outcome.violation!;
    const signature = signatureOf(violation);
    const found: LiveCase = { order: outcome.order, faults: outcome.struck };
    if (this.options.plain) {
      const reproduced = { tries: 0, failed: 0, outcome: undefined };
      return { signature, violation, seed, strategy, case: found, reproduced, outcome };
    }
    const { run, tries } = this.options;
    const smaller = await this.shrink(found, signature);
    let [kept, reproduced] = [smaller, await reproduce(run, smaller, { signature, tries })];
    if (reproduced.failed < tries && smaller !== found && !this.options.isOver()) {
      // It may be small by chance: two failures in a row are no proof.
      const whole = await reproduce(run, found, { signature, tries });
      if (whole.failed > reproduced.failed) [kept, reproduced] = [found, whole];
    }
    return { signature, violation, seed, strategy, case: kept, reproduced, outcome: reproduced.outcome ?? outcome };
  }

  /** Without each fault, then without what comes after the point from which on all may go as it comes. */
  private async shrink(found: LiveCase, signature: string): Promise<LiveCase> {
    const fails = async (candidate: LiveCase): Promise<boolean> => {
      if (this.options.isOver()) return false;
      // Twice: what fails now and then is no smaller case, but a rarer one.
      const { failed, tries } = await reproduce(this.options.run, candidate, { signature, tries: 2 });
      return failed === tries;
    };
    let small = found;
    for (const fault of found.faults) {
      const without = { ...small, faults: small.faults.filter((each) => each !== fault) };
      if (await fails(without)) small = without;
    }
    let [low, high] = [0, small.order.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await fails({ ...small, order: small.order.slice(0, middle) })) high = middle;
      else low = middle + 1;
    }
    return high === found.order.length && small === found ? found : { ...small, order: small.order.slice(0, high) };
  }

  private result(failure: LiveFailure | undefined, unfit?: Unfitness): LiveSearchResult {
    const { orders, runs, failingRuns, effects, choices, hurried, limits, shortcomings, checked } = this;
    const counts = { runs, failingRuns, effects, choices, hurried, limits, orders: orders.size };
    return { ...counts, shortcomings, checked, failure, unfit };
  }
}

/** The same failure: invariant and place. */
export function signatureOf({ invariant, place }: Violation): string {
  return `${invariant}: ${place}`;
}

/** How often a case fails in the same way. */
export async function reproduce(
  run: RunLive,
  input: LiveCase,
  { signature, tries }: { readonly signature: string; readonly tries: number },
): Promise<Reproduction> {
  let failed = 0;
  let first: LiveOutcome | undefined;
  for (let number = 0; number < tries; number++) {
    const outcome = await runCaseLive(run, input);
    if (outcome.violation === undefined || signatureOf(outcome.violation) !== signature) continue;
    failed++;
    first ??= outcome;
  }
  return { tries, failed, outcome: first };
}

/** Runs a case again, as far as real processes let it. */
export function runCaseLive(run: RunLive, { order, faults }: LiveCase): Promise<LiveOutcome> {
  const chooser = new RecordedOrder(order, { patienceMs: replayPatienceMs, nowMs: () => performance.now() });
  return run({ chooser, faults, seed: 0 });
}

/** Longer than a process takes to its next request, shorter than what clients wait. */
const replayPatienceMs = 800;
