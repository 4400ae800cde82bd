import { exploreScenario, type ScenarioResult } from "../campaign/explore-scenario.ts";
import { failureOf, type Failure } from "../campaign/failure.ts";
import { RangeSeeds } from "../campaign/seed-range.ts";
import { addTally, emptyTally } from "../campaign/tally.ts";
import { TaskRunner } from "../campaign/task-runner.ts";
import { ThisThread } from "../campaign/this-thread.ts";
import { prepareFolder } from "../cli/atomic-file.ts";
import { FailureDesk } from "../cli/failure-desk.ts";
import { judgeCampaign } from "../cli/run-report.ts";
import { UsageError } from "../cli/usage-error.ts";
import { digest64 } from "../base/digest.ts";
import type { StrategyName } from "../explore/explorer.ts";
import { inMacrotask } from "../kernel/settle.ts";
import { plainLine } from "../report/plain-line.ts";
import { signatureOf } from "../sim/outcome.ts";
import { runCase, runCaseNow } from "../sim/run-case.ts";
import { HangWatch } from "./hang-watch.ts";
import { keptFailures, type KeptFailure } from "./kept-failures.ts";
import type { Search, SimTestSettings } from "./read-sim-test.ts";
import { realMs } from "./real-time.ts";
import { SeedBySeed } from "./seed-by-seed.ts";
import { keptFolder, shortPath, testCommand, type TestPlace } from "./test-place.ts";

export interface SimulationOptions {
  readonly settings: SimTestSettings;
  readonly place: TestPlace;
  /** Where the command is typed that is printed. */
  readonly cwd: string;
  /** vitest has given the test up, or is stopped. */
  readonly signal: AbortSignal;
}

export type Simulated =
  | { readonly kind: "held"; readonly runs: number }
  /** Nobody waits for it any more. */
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly lines: readonly string[] };

/** Runs what failed before, then the seeds, and makes a story of the first failure. */
export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const { place, cwd, settings } = options;
  const hangWatch = new HangWatch({
    stallMsMax: settings.stallMsMax,
    test: place.names.join(" > "),
    command: testCommand(place, cwd),
  });
  try {
    return await new Simulation(options, hangWatch).run();
  } finally {
    hangWatch.close();
  }
}

class Simulation {
  private readonly options: SimulationOptions;
  private readonly startMs = realMs();
  private readonly endMs: number;
  private readonly interruption = new AbortController();
  private readonly folder: string;
  private readonly hangWatch: HangWatch;

  constructor(options: SimulationOptions, hangWatch: HangWatch) {
    this.options = options;
    this.hangWatch = hangWatch;
    const { timeoutMs, reproFolder } = options.settings;
    this.endMs = this.startMs + timeoutMs;
    this.folder = keptFolder(options.place, reproFolder);
  }

  async run(): Promise<Simulated> {
    const { settings, signal } = this.options;
    const failedAgain = settings.oneSeed ? undefined : await this.runKept();
    if (failedAgain !== undefined) return failedAgain;
    const results: ScenarioResult[] = [];
    for (const search of settings.searches) {
      const result = await this.explore(search);
      results.push(result);
      const [failure] = result.failures;
      if (failure !== undefined) return this.tell(failure, search.strategy);
    }
    if (signal.aborted) return { kind: "stopped" };
    return this.judge(results);
  }

  private async runKept(): Promise<Simulated | undefined> {
    const { scenario } = this.options.settings;
    for (const kept of keptFailures(this.folder, this.shownFolder, scenario)) {
      if (this.isOver()) return undefined;
      const { pulse } = this.hangWatch;
      pulse.enter(kept.repro.foundBy.seed);
      const outcome = await runCase(scenario, kept.repro.case, { heartbeat: pulse.beat });
      pulse.clear();
      const failure = failureOf(outcome, kept.repro.foundBy, signatureOf);
      if (failure !== undefined) return this.tell(failure, "portfolio", kept);
    }
    return undefined;
  }

  private async explore({ strategy, seeds }: Search): Promise<ScenarioResult> {
    const { scenario, timeBudgetMs, searches } = this.options.settings;
    const untilMs = timeBudgetMs === undefined ? Infinity : realMs() + timeBudgetMs / searches.length;
    const enough = new AbortController();
    const isEnough = (): boolean => {
      if (realMs() >= untilMs || this.isOver()) enough.abort();
      return enough.signal.aborted;
    };
    const result = await exploreScenario({
      scenario: scenario.name,
      seeds: new RangeSeeds(seeds),
      failuresMax: 1,
      doubleRunsPpm,
      executor: this.executor(strategy, isEnough),
      signal: enough.signal,
      onFailure: (failure) => this.deskFor(failure, strategy).desk.persist(scenario, failure),
    });
    return result.end === "interrupted" && !this.isOver() ? { ...result, end: "duration" } : result;
  }

  private async tell(failure: Failure, strategy: StrategyName, kept?: KeptFailure): Promise<Simulated> {
    const { scenario } = this.options.settings;
    const { desk, notKept } = this.deskFor(failure, strategy, kept);
    desk.persist(scenario, failure);
    const { story, reproFile } = await desk.report(scenario.name, failure, 1);
    const last = reproFile === undefined ? [`  not kept: ${notKept}`] : this.whereKept(reproFile, failure, kept);
    return { kind: "failed", lines: [...story, ...last] };
  }

  private whereKept(reproFile: string, failure: Failure, kept: KeptFailure | undefined): string[] {
    if (kept === undefined) {
      const otherwise = `  without that file: ${this.seedCommand(failure)}`;
      return [`  kept: ${reproFile}, which that command runs first`, otherwise];
    }
    const before = kept.repro.expected.signature;
    if (before === failure.signature) return [`  kept: ${reproFile}, which failed so before`];
    return [`  kept: ${reproFile}`, `  before, ${kept.fileName} failed in another way: ${plainLine(before, 200)}`];
  }

  /** What fails in another way than before is kept beside what was kept then. */
  private deskFor(
    failure: Failure,
    strategy: StrategyName,
    kept?: KeptFailure,
  ): { readonly desk: FailureDesk; readonly notKept: string | undefined } {
    const { settings, place, cwd } = this.options;
    const { scenario, mutant, budgets, explains } = settings;
    const notKept = refusalOf(() => prepareFolder("reproFolder", this.folder));
    const desk = new FailureDesk({
      settings: {
        scenarios: [{ scenario }],
        strategy,
        mutant,
        epic: undefined,
        budgets,
        explains,
        outFolder: this.shownFolder,
        outPath: notKept === undefined ? this.folder : undefined,
      },
      host: { cwd, outIsTerminal: false },
      executor: this.executor(strategy, () => this.isOver()),
      interrupted: this.interruption.signal,
      replayCommand: notKept === undefined ? testCommand(place, cwd) : this.seedCommand(failure),
      ...(kept === undefined ? {} : { reproFileName: fileNameOf(kept, failure) }),
    });
    return { desk, notKept };
  }

  private judge(results: readonly ScenarioResult[]): Simulated {
    const { scenario, shard, judgesGoals, timeoutMs } = this.options.settings;
    const tally = emptyTally();
    for (const result of results) addTally(tally, result.tally);
    const { runs } = tally;
    const title = `FAILED  ${plainLine(scenario.name, 120)}: `;
    if (results.some(({ end }) => end === "interrupted")) {
      const why = `${runs} seeds were run, and no more of them within ${timeoutMs} ms`;
      return { kind: "failed", lines: [`${title}${why}; raise timeoutMs, run fewer seeds, or set timeBudgetMs`] };
    }
    const whole: ScenarioResult = { ...results[0]!, tally };
    const { problems } = judgeCampaign(
      { scenarios: [{ scenario, result: whole, failures: [] }], interrupted: false },
      { judgesGoals, shard },
    );
    if (problems.length === 0) return { kind: "held", runs };
    return { kind: "failed", lines: problems.map(({ kind, text }) => `${title}${kind}: ${text}${hints[kind] ?? ""}`) };
  }

  private executor(strategy: StrategyName, isOver: () => boolean): SeedBySeed {
    const { scenario } = this.options.settings;
    const runner = new TaskRunner({ scenarioNamed: () => scenario, strategy, runCase: runCaseNow, signatureOf });
    return new SeedBySeed(new ThisThread(runner, inMacrotask, this.hangWatch.pulse), isOver);
  }

  private isOver(): boolean {
    if (this.options.signal.aborted || realMs() >= this.endMs) this.interruption.abort();
    return this.interruption.signal.aborted;
  }

  private seedCommand({ seed }: Failure): string {
    const { place, cwd } = this.options;
    return `STORMLANE_SEED=${seed} ${testCommand(place, cwd)}`;
  }

  private get shownFolder(): string {
    return shortPath(this.options.cwd, this.folder);
  }
}

/** As `stormlane run`: some runs are run again from their case, and must be the same. */
const doubleRunsPpm = 10_000;

const hints: Readonly<Record<string, string>> = { vacuous: ", or set allowVacuous" };

function fileNameOf({ fileName, repro }: KeptFailure, { signature }: Failure): string {
  if (signature === repro.expected.signature) return fileName;
  return fileName.replace(/(\.[0-9a-f]{6})?\.json$/, `.${digest64(signature).slice(0, 6)}.json`);
}

/** @returns what the user's mistake is, if it is one */
function refusalOf(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}
