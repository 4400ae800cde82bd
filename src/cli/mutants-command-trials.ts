import { existsSync } from "node:fs";
import { join } from "node:path";
import { assert } from "../base/assert.ts";
import type { TaskExecutor } from "../campaign/task.ts";
import type { StrategyName } from "../explore/explorer.ts";
import { reproSize, type ReproSize } from "../trials/repro-size.ts";
import type { Trial, TrialResult } from "../trials/trial.ts";
import type { MutantEntry } from "./catalogue.ts";
import type { MutantAnswer, MutantTask } from "./mutants-command-worker.ts";
import type { TrialRecord } from "./mutants-command-record.ts";
import type { MutantsSettings } from "./mutants-command-settings.ts";
import { readRepro } from "./repro-file.ts";

/** All trials of one strategy on one mutant. */
export interface Group {
  readonly mutant: MutantEntry;
  readonly strategy: StrategyName;
  /** Those that came to an end, in order of their numbers. */
  readonly results: readonly TrialResult[];
  /** The first find, made small. */
  readonly repro: ShrunkRepro | undefined;
  /** Of the case that is kept for this mutant. */
  readonly known: ReproSize | undefined;
  /** What kept a trial from its end. */
  readonly problems: readonly string[];
}

export interface ShrunkRepro {
  readonly signature: string;
  readonly size: ReproSize;
  readonly executions: number;
  readonly minimal: boolean;
}

export type MutantExecutor = TaskExecutor<MutantTask, MutantAnswer>;

export interface TrialsOptions {
  readonly settings: MutantsSettings;
  readonly executor: MutantExecutor;
  readonly record: TrialRecord | undefined;
  readonly interrupted: AbortSignal;
  readonly onGroup: (group: Group, done: number, total: number) => void;
}

/** Runs all trials, one to a thread at a time, in order of mutants, strategies and numbers. */
export async function runTrials(options: TrialsOptions): Promise<Group[]> {
  const { settings, executor, record, interrupted, onGroup } = options;
  const groups = settings.mutants.flatMap((mutant) =>
    settings.strategies.map((strategy) => new GroupInProgress({ mutant, strategy, settings, executor, record })),
  );
  const trials = groups.flatMap((group) => group.trials().map((trial) => ({ group, trial })));
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let next = trials.shift(); next !== undefined && !interrupted.aborted; next = trials.shift()) {
      const { group, trial } = next;
      await group.run(trial);
      if (interrupted.aborted || !group.takeCompletion()) continue;
      await group.finish();
      onGroup(group.result(), ++done, groups.length);
    }
  };
  await Promise.all(Array.from({ length: executor.concurrency }, lane));
  return groups.map((group) => group.result()).filter(({ results, problems }) => results.length + problems.length > 0);
}

interface GroupOptions extends Pick<TrialsOptions, "settings" | "executor" | "record"> {
  readonly mutant: MutantEntry;
  readonly strategy: StrategyName;
}

class GroupInProgress {
  private readonly options: GroupOptions;
  private readonly ended = new Map<number, TrialResult | undefined>();
  private readonly problems: string[] = [];
  private repro: ShrunkRepro | undefined;
  private known: ReproSize | undefined;
  private isCompletionTaken = false;

  constructor(options: GroupOptions) {
    this.options = options;
  }

  trials(): Trial[] {
    const { mutant, strategy, settings } = this.options;
    const { id, scenario, expects } = mutant;
    const { trials, runsMax, cpuSeconds } = settings;
    return Array.from({ length: trials }, (_, index) => ({
      mutant: id,
      scenario,
      expects,
      strategy,
      number: index + 1,
      runsMax,
      cpuMsMax: cpuSeconds * 1_000,
    }));
  }

  /** True once, when all have ended: trials that were recorded end for several threads at the same moment. */
  takeCompletion(): boolean {
    if (this.isCompletionTaken || this.ended.size < this.options.settings.trials) return false;
    this.isCompletionTaken = true;
    return true;
  }

  async run(trial: Trial): Promise<void> {
    const { record } = this.options;
    const known = record?.resultOf(trial);
    if (known !== undefined) {
      this.ended.set(trial.number, known);
      return;
    }
    const answer = await this.ask({ kind: "trial", trial }, `trial ${trial.number}`);
    const result = answer?.kind === "tried" ? answer.result : undefined;
    if (result !== undefined) record?.add(trial, result);
    this.ended.set(trial.number, result);
  }

  /** Makes the first find small, and looks how small the one that is kept is. */
  async finish(): Promise<void> {
    const first = this.trials().find(({ number }) => this.ended.get(number)?.isFound === true);
    if (first === undefined) return;
    const { case: failing, signature } = this.ended.get(first.number)!.found!;
    assert(failing !== undefined, "a violation comes with its case");
    const answer = await this.ask({ kind: "shrink", trial: first, case: failing, signature }, "shrinking");
    if (answer?.kind === "shrunk") {
      const { case: smallest, executions, minimal, actors, replays } = answer.shrunk;
      if (replays) this.repro = { signature, size: reproSize(smallest, { actors }), executions, minimal };
      else this.problems.push(`the find of trial ${first.number} does not replay: ${signature}`);
    }
    this.known = await this.sizeOfKept();
  }

  result(): Group {
    const { mutant, strategy } = this.options;
    const { repro, known, problems } = this;
    const results = this.trials().flatMap(({ number }) => this.ended.get(number) ?? []);
    return { mutant, strategy, results, repro, known, problems };
  }

  private async sizeOfKept(): Promise<ReproSize | undefined> {
    const { id, scenario } = this.options.mutant;
    const path = join(this.options.settings.corpusPath, `${scenario}-${id}.json`);
    if (!existsSync(path)) return undefined;
    const { case: kept } = readRepro(path);
    const answer = await this.ask({ kind: "judge", mutant: id, scenario, case: kept }, "the kept case");
    return answer?.kind === "judged" ? reproSize(kept, answer.attempt) : undefined;
  }

  private async ask(task: MutantTask, what: string): Promise<MutantAnswer | undefined> {
    const end = await this.options.executor.run(task);
    switch (end.kind) {
      case "answered":
        return end.answer;
      case "stalled":
        this.problems.push(`${what}: seed ${end.seed} never came back`);
        return undefined;
      case "died":
        this.problems.push(`${what}: the worker ended: ${end.why}`);
        return undefined;
      case "stopped":
        return undefined;
    }
  }
}
