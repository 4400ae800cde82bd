import { join, resolve } from "node:path";
import {
  exploreLive,
  reproduce,
  runCaseLive,
  signatureOf,
  type LiveSearchResult,
  type RunLive,
} from "../../live/explore-live.ts";
import { runLive, type Unfitness } from "../../live/live-run.ts";
import { plainLine } from "../../report/plain-line.ts";
import { Unavailable } from "../../live/unavailable.ts";
import { ScenarioMistake } from "../../serving/scenario-file.ts";
import { prepareFolder } from "../atomic-file.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { liveReplayCommand, ownVersion } from "../own-package.ts";
import { UsageError } from "../usage-error.ts";
import { failureLines, summaryLines } from "./live-lines.ts";
import { readLiveRepro, reproFormat, writeLiveRepro } from "./live-repro.ts";
import { readLiveSettings, type LiveFlags, type LiveSettings } from "./live-settings.ts";

/** `stormlane live`: real processes, in any language, against the fakes. @returns the exit code */
export async function live(flags: LiveFlags, host: Host): Promise<number> {
  const settings = await readLiveSettings(flags, host);
  const stopped = host.takeInterruptions();
  const run: RunLive = (options) =>
    runLive({
      ...options,
      plan: settings.plan,
      scenario: settings.scenario,
      scenarioFile: settings.scenarioFile,
      workspace: settings.workspace,
      signal: stopped,
      version: ownVersion(),
    });
  try {
    if (settings.replay !== undefined) return await replayLive(settings, settings.replay, run, host);
    prepareFolder("--out", resolve(host.cwd, settings.outFolder));
    return await search(settings, run, stopped, host);
  } catch (error) {
    if (error instanceof ScenarioMistake || error instanceof Unavailable) throw new UsageError(error);
    throw error;
  }
}

async function search(settings: LiveSettings, run: RunLive, stopped: AbortSignal, host: Host): Promise<number> {
  const startedMs = performance.now();
  const isOver = (): boolean =>
    stopped.aborted || (settings.durationMs !== undefined && performance.now() - startedMs > settings.durationMs);
  const result = await exploreLive({
    run,
    isOver,
    families: settings.plan.faults,
    runs: settings.runs,
    firstSeed: settings.firstSeed,
    faultsMax: settings.faultsMax,
    plain: settings.plain,
    tries: settings.times,
    onRun: ({ seed, strategy, outcome }) => {
      host.writeError(
        `run ${seed} (${strategy}): ${outcome.verdict}, ${outcome.order.length} effects, ${outcome.wallMs} ms\n`,
      );
    },
  });
  const wallMs = Math.round(performance.now() - startedMs);
  const reproFile = result.failure === undefined || settings.plain ? undefined : keep(result, settings, host);
  const command = reproFile === undefined ? "" : liveReplayCommand(host.cwd, settings.configFile, reproFile);
  if (settings.json) {
    const document = documentOf(result, settings, { wallMs, reproFile, command, interrupted: stopped.aborted });
    host.writeOut(`${JSON.stringify(document)}\n`);
  } else if (result.unfit === undefined) {
    const failure = result.failure === undefined ? [] : [...failureLines(result.failure, command), ""];
    host.writeOut(`${[...failure, ...summaryLines(result, settings, wallMs)].join("\n")}\n`);
  }
  return conclude(result, settings, stopped, host);
}

function conclude(result: LiveSearchResult, settings: LiveSettings, stopped: AbortSignal, host: Host): number {
  if (result.unfit !== undefined) {
    throw unfitMistake(result.unfit, settings);
  }
  if (stopped.aborted) return exitCodes.interrupted;
  if (result.failure !== undefined) return exitCodes.failed;
  if (result.limits > limitsShareMax * result.runs) {
    host.writeError(
      `stormlane: not over after ${settings.plan.runMsMax} ms: ${result.limits} of ${result.runs} runs, and how they would have ended is not known; raise runMsMax, or let people and processes come to an end\n`,
    );
    return exitCodes.failed;
  }
  const never = settings.plan.invariants.filter(({ id }) => (result.checked[id] ?? 0) === 0);
  if (never.length === 0) return exitCodes.held;
  host.writeError(
    `stormlane: vacuous: ${never.map(({ id }) => id).join(", ")} had nothing to judge in any run; let people or the scenario bring it about\n`,
  );
  return exitCodes.failed;
}

async function replayLive(settings: LiveSettings, file: string, run: RunLive, host: Host): Promise<number> {
  const repro = readLiveRepro(resolve(host.cwd, file), file);
  const { signature } = repro.expected;
  const first = await runCaseLive(run, repro.case);
  if (first.unfitness !== undefined) throw unfitMistake(first.unfitness, settings);
  if (first.verdict === "interrupted") return exitCodes.interrupted;
  const isFailing = first.violation !== undefined && signatureOf(first.violation) === signature;
  const more = await reproduce(run, repro.case, { signature, tries: settings.times - 1 });
  const reproduced = { tries: settings.times, failed: more.failed + (isFailing ? 1 : 0) };
  if (settings.json) {
    const document = {
      ...head("live replay"),
      ...{ config: settings.configFile, file, signature, tries: reproduced.tries, failed: reproduced.failed },
    };
    host.writeOut(`${JSON.stringify(document)}\n`);
  } else {
    host.writeOut(`${signature}: failed so in ${reproduced.failed} of ${reproduced.tries} runs\n`);
    if (first.violation !== undefined) host.writeOut(`  ${first.violation.message}\n`);
  }
  return reproduced.failed > 0 ? exitCodes.failed : exitCodes.held;
}

function unfitMistake({ why, fix, words }: Unfitness, { configFile }: LiveSettings): UsageError {
  if (words === "") return new UsageError({ what: configFile, why, fix });
  const said = words.split("\n").map((line) => `\n  ${plainLine(line, 200)}`);
  return new UsageError({ what: configFile, why, fix: `${fix}; it said last:${said.join("")}` });
}

/** As for simulated runs. */
const limitsShareMax = 0.01;

/** @returns the file, as it is printed */
function keep({ failure }: LiveSearchResult, { outFolder }: LiveSettings, host: Host): string {
  const { seed, strategy, signature, violation, case: input } = failure!;
  const file = join(outFolder, `live-${seed}.json`);
  writeLiveRepro(resolve(host.cwd, file), {
    stormlane: ownVersion(),
    format: reproFormat,
    kind: "live",
    case: input,
    expected: { signature, invariant: violation.invariant, message: violation.message },
    foundBy: { seed, strategy },
  });
  return file;
}

function head(command: string): { version: number; stormlane: string; command: string } {
  return { version: 1, stormlane: ownVersion(), command };
}

interface DocumentExtras {
  readonly wallMs: number;
  readonly reproFile: string | undefined;
  readonly command: string;
  readonly interrupted: boolean;
}

function documentOf(
  result: LiveSearchResult,
  { configFile, plain, plan }: LiveSettings,
  { wallMs, reproFile, command, interrupted }: Readonly<DocumentExtras>,
): object {
  const { failure, unfit, orders, runs, failingRuns, effects, choices, hurried, limits, shortcomings, checked } =
    result;
  return {
    ...head("live"),
    version: 2,
    ok: failure === undefined && unfit === undefined,
    config: configFile,
    processes: Object.keys(plan.processes),
    plain,
    ...{ runs, failingRuns, effects, choices, hurried, limits, orders, wallMs, interrupted, shortcomings },
    invariants: plan.invariants.map(({ id, rule }) => ({ id, rule, checked: checked[id] ?? 0 })),
    unfit: unfit === undefined ? null : [unfit.why, unfit.words].join("\n").trimEnd(),
    failure:
      failure === undefined
        ? null
        : {
            signature: failure.signature,
            invariant: failure.violation.invariant,
            message: failure.violation.message,
            seed: failure.seed,
            strategy: failure.strategy,
            order: failure.case.order,
            faults: failure.case.faults,
            reproduced: { tries: failure.reproduced.tries, failed: failure.reproduced.failed },
            reproFile: reproFile ?? null,
            replayCommand: command,
          },
  };
}
