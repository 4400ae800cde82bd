import { join } from "node:path";
import type { Failure } from "../campaign/failure.ts";
import type { TaskExecutor } from "../campaign/task.ts";
import { secondRunDiffers } from "../campaign/explore-seeds.ts";
import { shortEffort } from "../explain/explain-failure.ts";
import { explanationLines } from "../explain/explanation-lines.ts";
import type { Explanation } from "../explain/explanation.ts";
import { noPaint } from "../report/paint.ts";
import { plainLine } from "../report/plain-line.ts";
import { storyLine, storyWidth } from "../report/story.ts";
import { wrappedLines } from "../report/wrapped-lines.ts";
import { shrinkCase, type Shrunk } from "../shrink/shrink-case.ts";
import type { Case } from "../sim/case.ts";
import { runCase } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { cpuBudget } from "./cpu-budget.ts";
import { failureStory } from "./failure-story.ts";
import type { Host } from "./host.ts";
import { ownVersion, quoted, replayCommand } from "./own-package.ts";
import { writeRepro, type Repro } from "./repro-file.ts";
import type { RunSettings } from "./run-settings.ts";
import { terminalPaint } from "./terminal-paint.ts";

/** A failure as it is reported: small, with its file and how to replay it. */
export interface FailureReport {
  readonly failure: Failure;
  /** How many runs failed in this way. */
  readonly runs: number;
  /** As it is printed. Absent when the run never came back: there is nothing to write. */
  readonly reproFile: string | undefined;
  readonly case: Case | undefined;
  readonly steps: number;
  readonly shrunk: Pick<Shrunk, "executions" | "minimal" | "actors"> | undefined;
  readonly replayCommand: string;
  readonly story: readonly string[];
}

/** What a desk needs to know of a campaign's settings. */
export type DeskSettings = Pick<RunSettings, "strategy" | "mutant" | "epic" | "budgets" | "explains" | "outFolder"> & {
  readonly scenarios: readonly { readonly scenario: Scenario }[];
  /** Absent: there is no place to write to, and nothing is kept. */
  readonly outPath: string | undefined;
};

export interface FailureDeskOptions {
  readonly settings: DeskSettings;
  readonly host: Pick<Host, "cwd" | "outIsTerminal"> & Partial<Pick<Host, "catalogueUrl">>;
  readonly executor: TaskExecutor;
  readonly interrupted: AbortSignal;
  /** Where another command replays what is kept than `stormlane replay`. */
  readonly replayCommand?: string;
  /** Of the one failure that comes here; made from its scenario and seed unless given. */
  readonly reproFileName?: string;
  /** Shrinks in so many executions whatever they cost, so that what comes of it does not depend on the machine. */
  readonly shrinkExecutions?: number;
  /** A smaller case of a failure is known; its file is written. */
  readonly onSmaller?: (scenario: string, failure: Failure, smaller: Case) => void;
}

/** What is known of a failure's smallest case. */
export interface KeptCase {
  readonly case: Case;
  readonly shrunk: FailureReport["shrunk"];
}

interface Telling {
  readonly scenario: Scenario;
  readonly failure: Failure;
  readonly runs: number;
  readonly input: Case;
  readonly shrunk: FailureReport["shrunk"];
  readonly explanation: Explanation | undefined;
}

const executionsMax = 1_000;
/** For one failure. A thousand ordinary runs take a tenth of it. */
const shrinkCpuMsMax = 60_000;
const messageLengthMax = 600;

/** Takes failures in: keeps their repro files, makes them small, tells their stories. */
export class FailureDesk {
  private readonly options: FailureDeskOptions;

  constructor(options: FailureDeskOptions) {
    this.options = options;
  }

  /** Writes the file before anything else is tried: what comes after may fail. */
  persist(scenario: Scenario, failure: Failure): void {
    if (failure.case !== undefined) this.write(scenario.name, failure, failure.case);
  }

  async report(scenarioName: string, failure: Failure, runs: number): Promise<FailureReport> {
    if (failure.case === undefined) return this.reportWithoutCase(scenarioName, failure, runs);
    const { scenario } = this.options.settings.scenarios.find((each) => each.scenario.name === scenarioName)!;
    const shrunk = await this.shrink(scenario, failure, failure.case);
    const known = shrunk !== undefined && !shrunk.replays ? doesNotReplay(failure) : failure;
    const input = shrunk?.case ?? failure.case;
    const explanation = shrunk?.replays === true ? await this.explain(scenarioName, input) : undefined;
    return this.tell({ scenario, failure: known, runs, input, shrunk, explanation });
  }

  /** Of a failure that was made small before: here or elsewhere, by the same code. */
  async reportKept(scenario: Scenario, failure: Failure, runs: number, kept: KeptCase): Promise<FailureReport> {
    this.write(scenario.name, failure, kept.case);
    // Of one that a single run does not show, nothing can be said by running it.
    const isShown = failure.signature !== secondRunDiffers;
    const explanation = isShown ? await this.explain(scenario.name, kept.case) : undefined;
    return this.tell({ scenario, failure, runs, input: kept.case, shrunk: kept.shrunk, explanation });
  }

  private async tell({ scenario, failure, runs, input, shrunk, explanation }: Telling): Promise<FailureReport> {
    const { host, settings } = this.options;
    const reproFile = this.nameOf(scenario.name, failure);
    const command = this.options.replayCommand ?? replayCommand(host, reproFile, true);
    const outcome = await runCase(scenario, input);
    return {
      failure,
      runs,
      reproFile: settings.outPath === undefined ? undefined : reproFile,
      case: input,
      steps: outcome.stats.steps,
      shrunk,
      replayCommand: command,
      story: failureStory({
        title: titleOf(scenario.name, failure, runs),
        failure,
        input,
        outcome,
        shrunk,
        explanation: explanation === undefined ? undefined : explanationLines(explanation),
        replayCommand: command,
        paint: host.outIsTerminal ? terminalPaint : noPaint,
      }),
    };
  }

  /** A run that never came back has no history. Where it stands still is found by running it once more. */
  private async reportWithoutCase(scenarioName: string, failure: Failure, runs: number): Promise<FailureReport> {
    const { executor, interrupted } = this.options;
    let known = failure;
    if (failure.kind === "livelock" && !interrupted.aborted) {
      const end = await executor.run({ kind: "locate", scenario: scenarioName, seed: failure.seed });
      if (end.kind === "stalled" && end.site !== "") {
        known = { ...failure, message: `After ${end.site} simulated code never gave the turn back.` };
      }
    }
    return this.reportSeed(scenarioName, known, runs);
  }

  /** Of a failure that left nothing but its seed. */
  reportSeed(scenarioName: string, failure: Failure, runs: number): FailureReport {
    const { settings, host } = this.options;
    const strategy = settings.strategy === "portfolio" ? "" : ` --strategy ${settings.strategy}`;
    const mutant = settings.mutant === undefined ? "" : ` --mutant ${quoted(settings.mutant)}`;
    const command = replayCommand(host, `${scenarioName}:${failure.seed}`, false) + strategy + mutant;
    return {
      failure,
      runs,
      reproFile: undefined,
      case: undefined,
      steps: 0,
      shrunk: undefined,
      replayCommand: command,
      story: [
        storyLine(titleOf(scenarioName, failure, runs)),
        ...wrappedLines("  wrong  ", plainLine(failure.message, messageLengthMax), storyWidth),
        "",
        `  replay: ${command}`,
      ],
    };
  }

  private async shrink(scenario: Scenario, failure: Failure, failing: Case): Promise<Shrunk | undefined> {
    const { executor, interrupted, shrinkExecutions } = this.options;
    // One run of the case shows nothing of it.
    if (failure.signature === secondRunDiffers || interrupted.aborted) return undefined;
    const shrunk = await shrinkCase(failing, {
      signature: failure.signature,
      ...(shrinkExecutions === undefined
        ? { executionsMax, isSpent: cpuBudget(shrinkCpuMsMax) }
        : { executionsMax: shrinkExecutions }),
      accepts: (workload) => scenario.workloads.refuse(workload) === undefined,
      generator: async (seed, fails) => scenario.workloads.shrink?.(seed, fails),
      signal: interrupted,
      attempt: async (candidate) => {
        const end = await executor.run({ kind: "judge", scenario: scenario.name, case: candidate });
        return end.kind === "answered" && end.answer.kind === "judged" ? end.answer.attempt : undefined;
      },
      undelay: async (input) => {
        const end = await executor.run({ kind: "undelay", scenario: scenario.name, case: input });
        return end.kind === "answered" && end.answer.kind === "undelayed" ? end.answer.case : undefined;
      },
      onImproved: (smaller) => {
        this.write(scenario.name, failure, smaller);
        this.options.onSmaller?.(scenario.name, failure, smaller);
      },
    });
    return interrupted.aborted && !shrunk.replays ? undefined : shrunk;
  }

  /** In a worker, under its watchdog: a continuation may lead into a run that never comes back. */
  private async explain(scenarioName: string, input: Case): Promise<Explanation | undefined> {
    const { executor, interrupted, settings } = this.options;
    if (!settings.explains || interrupted.aborted) return undefined;
    const end = await executor.run({ kind: "explain", scenario: scenarioName, case: input, effort: shortEffort });
    return end.kind === "answered" && end.answer.kind === "explained" ? end.answer.explanation : undefined;
  }

  private write(scenarioName: string, failure: Failure, input: Case): void {
    const { settings } = this.options;
    if (settings.outPath === undefined) return;
    const repro: Repro = {
      stormlane: ownVersion(),
      format: 1,
      case: input,
      expected: { signature: failure.signature, invariant: failure.invariant, message: failure.message },
      foundBy: { seed: failure.seed, strategy: failure.strategy },
      ...(settings.mutant === undefined ? {} : { mutant: settings.mutant }),
      ...(settings.epic === undefined ? {} : { epic: settings.epic }),
      ...(settings.budgets === undefined ? {} : { budgets: settings.budgets }),
    };
    writeRepro(join(settings.outPath, this.fileName(scenarioName, failure)), repro);
  }

  /** The repro file of a failure, as it is printed. */
  nameOf(scenarioName: string, failure: Failure): string {
    return join(this.options.settings.outFolder, this.fileName(scenarioName, failure));
  }

  private fileName(scenarioName: string, { seed }: Failure): string {
    const { settings, reproFileName } = this.options;
    if (reproFileName !== undefined) return reproFileName;
    const { mutant } = settings;
    // A name may have folders, as `classics/reorder-10`, or say where it is from, as `stormlane:single-card`.
    return `${scenarioName.replaceAll(/[/:]/g, "-")}${mutant === undefined ? "" : `-${mutant}`}-${seed}.json`;
  }
}

function titleOf(scenario: string, failure: Failure, runs: number): string {
  const strategy = failure.strategy === "" ? "" : `, ${failure.strategy}`;
  const times = runs === 1 ? "" : ` (${runs} runs failed so)`;
  return `FAILED  ${scenario}, seed ${failure.seed}${strategy}: ${failure.signature}${times}`;
}

function doesNotReplay(failure: Failure): Failure {
  return {
    ...failure,
    kind: "nondeterminism",
    message: `${failure.message} Its case does not fail so again: something decides that is not in the case.`,
  };
}
