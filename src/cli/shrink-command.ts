import { resolve } from "node:path";
import { withoutDelays } from "../explain/without-delays.ts";
import { installGuards } from "../kernel/guards.ts";
import { inMacrotask } from "../kernel/settle.ts";
import { noPaint } from "../report/paint.ts";
import { attemptOf } from "../shrink/attempt.ts";
import { shrinkCase } from "../shrink/shrink-case.ts";
import { signatureOf } from "../sim/outcome.ts";
import { runCase, runCaseNow } from "../sim/run-case.ts";
import { loadCatalogue } from "./catalogue.ts";
import { cpuBudget } from "./cpu-budget.ts";
import { exitCodes } from "./exit-codes.ts";
import { failureStory } from "./failure-story.ts";
import type { Host } from "./host.ts";
import { readDuration, readInteger } from "./option-values.ts";
import { ownVersion, replayCommand } from "./own-package.ts";
import { scenarioOfRepro } from "./replay-repro.ts";
import { readRepro, writeRepro } from "./repro-file.ts";
import { terminalPaint } from "./terminal-paint.ts";
import { UsageError } from "./usage-error.ts";

export interface ShrinkFlags {
  readonly out?: string;
  readonly executions?: string;
  readonly cpu?: string;
  readonly json?: boolean;
}

/** `stormlane shrink FILE`: makes a counterexample smaller; each improvement is written at once. @returns the exit code */
export async function shrink(target: string, flags: ShrinkFlags, host: Host): Promise<number> {
  const executionsMax = readInteger("--executions", flags.executions ?? "1000", { min: 1, max: 1_000_000 });
  const cpuMsMax = readDuration("--cpu", flags.cpu ?? "60s");
  const repro = readRepro(resolve(host.cwd, target), target);
  const scenario = scenarioOfRepro(repro, target, await loadCatalogue(host.catalogueUrl));
  const { signature, message } = repro.expected;
  if (signature === "held") {
    throw new UsageError({ what: target, why: "is kept because it holds", fix: "name one that fails" });
  }
  installGuards();
  const outFile = flags.out ?? target;
  const interrupted = host.takeInterruptions();
  const shrunk = await shrinkCase(repro.case, {
    signature,
    executionsMax,
    isSpent: cpuBudget(cpuMsMax),
    signal: interrupted,
    accepts: (workload) => scenario.workloads.refuse(workload) === undefined,
    generator: async (seed, fails) => scenario.workloads.shrink?.(seed, fails),
    attempt: async (candidate) => {
      const outcome = await runCase(scenario, candidate);
      return attemptOf(candidate, outcome, signatureOf(outcome.verdict));
    },
    undelay: (input) => inMacrotask(() => withoutDelays(input, scenario, runCaseNow)),
    onImproved: (smaller) => writeRepro(resolve(host.cwd, outFile), { ...repro, case: smaller }),
  });
  if (!shrunk.replays) {
    throw new UsageError({
      what: target,
      why: `does not fail as ${signature} with this version of the code`,
      fix: "replay it to see what it comes to now",
    });
  }
  // Also what could not be made smaller stands where it was asked for.
  writeRepro(resolve(host.cwd, outFile), { ...repro, case: shrunk.case });
  const outcome = await runCase(scenario, shrunk.case);
  const sizes = (input: typeof repro.case): string =>
    `${input.faults.length} faults, ${input.preemptions.length} preemptions, ${input.delays.length} delays, ${JSON.stringify(input.workload).length} characters of workload`;
  if (flags.json === true) {
    const { faults, preemptions, delays, workload } = shrunk.case;
    const document = {
      version: 1,
      stormlane: ownVersion(),
      command: "shrink",
      scenario: scenario.name,
      signature,
      file: outFile,
      executions: shrunk.executions,
      minimal: shrunk.minimal,
      actors: shrunk.actors,
      faults: faults.length,
      preemptions: preemptions.length,
      delays: delays.length,
      workload,
      steps: outcome.stats.steps,
    };
    host.writeOut(`${JSON.stringify(document)}\n`);
  } else {
    const story = failureStory({
      title: `${scenario.name}: ${signature}`,
      failure: { kind: "violated", message },
      input: shrunk.case,
      outcome,
      shrunk,
      replayCommand: replayCommand(host, outFile, true),
      paint: host.outIsTerminal ? terminalPaint : noPaint,
    });
    host.writeOut(`${story.join("\n")}\n\nbefore  ${sizes(repro.case)}\nafter   ${sizes(shrunk.case)}\n`);
  }
  return interrupted.aborted ? exitCodes.interrupted : exitCodes.held;
}
