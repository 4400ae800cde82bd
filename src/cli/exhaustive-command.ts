import { join } from "node:path";
import type { JsonObject } from "../base/json.ts";
import type { Proof } from "../explore/exhaustive/prove.ts";
import { installGuards } from "../kernel/guards.ts";
import { UntoldTouch } from "../kernel/kernel.ts";
import { noPaint } from "../report/paint.ts";
import type { Case } from "../sim/case.ts";
import { signatureOf, type Outcome } from "../sim/outcome.ts";
import { runCase, runCaseNow } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { failureOf } from "../campaign/failure.ts";
import { prepareFolder } from "./atomic-file.ts";
import { exhaustiveStrategy, readExhaustiveSettings, type ExhaustiveSettings } from "./exhaustive-settings.ts";
import { exhaustiveLines } from "./exhaustive-summary.ts";
import { exitCodes } from "./exit-codes.ts";
import { failureStory } from "./failure-story.ts";
import type { Host } from "./host.ts";
import { ownVersion, replayCommand } from "./own-package.ts";
import { killsMaxOf, proofProgressLine, proveInSlices } from "./prove-in-slices.ts";
import { writeRepro } from "./repro-file.ts";
import type { RunFlags } from "./run-settings.ts";
import { terminalPaint } from "./terminal-paint.ts";
import { UsageError } from "./usage-error.ts";

/** What came of one scenario, and where its counterexample is. */
export interface ProofReport {
  readonly scenario: Scenario;
  readonly killsMax: 0 | 1;
  readonly proof: Proof;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly counterexample?: Counterexample;
}

export interface Counterexample {
  readonly signature: string;
  readonly message: string;
  readonly case: Case;
  readonly reproFile: string;
  readonly replayCommand: string;
  /** Whether the case alone, without the search, fails in the same way. */
  readonly replays: boolean;
  readonly story: readonly string[];
}

/** `stormlane run --strategy exhaustive`: runs every schedule. @returns the exit code */
export async function runExhaustive(names: readonly string[], flags: RunFlags, host: Host): Promise<number> {
  const settings = await readExhaustiveSettings(names, flags, host);
  prepareFolder("--out", settings.outPath);
  const interrupted = host.takeInterruptions();
  installGuards();
  const reports: ProofReport[] = [];
  for (const scenario of settings.scenarios) {
    if (interrupted.aborted) break;
    reports.push(await report(scenario, settings, host, interrupted));
  }
  const exitCode = exitCodeOf(reports, interrupted.aborted);
  if (settings.json) host.writeOut(`${JSON.stringify(documentOf(reports, settings, exitCode))}\n`);
  else {
    for (const { counterexample } of reports) {
      if (counterexample !== undefined) host.writeOut(`${counterexample.story.join("\n")}\n\n`);
    }
    host.writeOut(`${exhaustiveLines(reports, settings).join("\n")}\n`);
  }
  return exitCode;
}

async function report(
  scenario: Scenario,
  settings: ExhaustiveSettings,
  host: Host,
  interrupted: AbortSignal,
): Promise<ProofReport> {
  const killsMax = settings.withoutFaults ? 0 : killsMaxOf(scenario);
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const proof = await proveInSlices({
    scenario,
    runCase: runCaseNow,
    enumeration: settings.enumeration,
    killsMax,
    runsMax: settings.runsMax,
    interrupted,
    onProgress: (progress) => host.writeError(proofProgressLine(scenario.name, progress)),
  }).catch((error: unknown) => {
    throw error instanceof UntoldTouch ? unfit(scenario, error) : error;
  });
  const { user, system } = process.cpuUsage(startCpu);
  const common = {
    scenario,
    killsMax,
    proof,
    wallMs: performance.now() - startMs,
    cpuMs: (user + system) / 1000,
  } as const;
  if (proof.violation === undefined) return common;
  return { ...common, counterexample: await keep(proof.violation, { scenario, settings, host }) };
}

function unfit({ name }: Scenario, { message }: UntoldTouch): UsageError {
  return new UsageError({
    what: `--strategy exhaustive with ${name}`,
    why: message,
    fix: "choose a scenario without that, or another strategy",
  });
}

async function keep(
  found: { readonly case: Case; readonly outcome: Outcome },
  at: { readonly scenario: Scenario; readonly settings: ExhaustiveSettings; readonly host: Host },
): Promise<Counterexample> {
  const { scenario, settings, host } = at;
  const failure = failureOf(found.outcome, { seed: 0, strategy: exhaustiveStrategy }, signatureOf)!;
  const input = failure.case!;
  const name = [scenario.name, ...(settings.mutant === undefined ? [] : [settings.mutant]), exhaustiveStrategy].join(
    "-",
  );
  const reproFile = join(settings.outFolder, `${name}.json`);
  writeRepro(join(settings.outPath, `${name}.json`), {
    stormlane: ownVersion(),
    format: 1,
    case: input,
    expected: { signature: failure.signature, invariant: failure.invariant, message: failure.message },
    foundBy: { seed: 0, strategy: exhaustiveStrategy },
    mutant: settings.mutant,
  });
  const outcome = await runCase(scenario, input);
  const command = replayCommand(host, reproFile, true);
  return {
    signature: failure.signature,
    message: failure.message,
    case: input,
    reproFile,
    replayCommand: command,
    replays: signatureOf(outcome.verdict) === failure.signature,
    story: failureStory({
      title: `${scenario.name}: ${failure.signature}`,
      failure,
      input,
      outcome,
      shrunk: undefined,
      replayCommand: command,
      paint: host.outIsTerminal ? terminalPaint : noPaint,
    }),
  };
}

/** Nothing is proven by a search that was not finished: that is no success. */
function exitCodeOf(reports: readonly ProofReport[], interrupted: boolean): number {
  if (reports.some(({ proof }) => proof.verdict === "violated")) return exitCodes.failed;
  if (interrupted) return exitCodes.interrupted;
  return reports.every(({ proof }) => proof.verdict === "proven") ? exitCodes.held : exitCodes.failed;
}

/** The document of `run --strategy exhaustive --json`. Fields are added, never renamed, while `version` is 1. */
function documentOf(reports: readonly ProofReport[], settings: ExhaustiveSettings, exitCode: number): JsonObject {
  const { enumeration, runsMax, mutant } = settings;
  return {
    version: 1,
    stormlane: ownVersion(),
    command: "run",
    strategy: exhaustiveStrategy,
    ok: exitCode === exitCodes.held,
    exitCode,
    mutant: mutant ?? null,
    bounds: {
      reduction: enumeration.kind === "none" ? "none" : "partial-order",
      reversalsMax: enumeration.kind === "reversals" ? enumeration.max : null,
      runsMax,
    },
    scenarios: reports.map(({ scenario, killsMax, proof, wallMs, cpuMs, counterexample }) => ({
      name: scenario.name,
      verdict: proof.verdict,
      reason: proof.reason ?? null,
      killsMax,
      virtualMsMax: scenario.bounds.virtualMsMax,
      stepsMax: scenario.bounds.stepsMax,
      cases: proof.cases ?? null,
      casesDone: proof.casesDone,
      schedules: proof.counts.schedules,
      redundant: proof.counts.redundant,
      partialOrders: proof.counts.traces,
      states: proof.counts.states,
      outcomes: proof.outcomes.size,
      verified: proof.counts.verified,
      steps: proof.counts.steps,
      longestSchedule: proof.counts.stepsMax,
      wallMs: Math.round(wallMs),
      cpuMs: Math.round(cpuMs),
      counterexample:
        counterexample === undefined
          ? null
          : {
              signature: counterexample.signature,
              message: counterexample.message,
              faults: counterexample.case.faults.length,
              preemptions: counterexample.case.preemptions.length,
              reproFile: counterexample.reproFile,
              replays: counterexample.replays,
              replayCommand: counterexample.replayCommand,
            },
    })),
  };
}
