import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { explainFailure, fullEffort } from "../explain/explain-failure.ts";
import type { Explanation } from "../explain/explanation.ts";
import { installGuards } from "../kernel/guards.ts";
import { inMacrotask } from "../kernel/settle.ts";
import { noPaint } from "../report/paint.ts";
import { tellStory, traceLines } from "../report/story.ts";
import { showView, viewNames, type ViewName } from "../report/world-view.ts";
import { signatureOf, type Outcome } from "../sim/outcome.ts";
import { runCaseNow } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { loadCatalogue } from "./catalogue.ts";
import type { Host } from "./host.ts";
import { suggestName } from "./nearest-name.ts";
import { readInteger, wrongValue } from "./option-values.ts";
import { ownVersion } from "./own-package.ts";
import { writeOutputs } from "./replay-outputs.ts";
import { replayRepro, scenarioOfRepro } from "./replay-repro.ts";
import type { ReplayResult } from "./replay-result.ts";
import { replayStory } from "./replay-story.ts";
import { readRepro, type Repro } from "./repro-file.ts";
import { refuseTogether, type RunFlags } from "./run-settings.ts";
import { terminalPaint } from "./terminal-paint.ts";
import { UsageError } from "./usage-error.ts";

/** `stormlane replay`: runs one case again and tells it. @returns the exit code */
export async function replay(target: string, flags: RunFlags, host: Host): Promise<number> {
  const views = readViews(flags["show"] as string | undefined);
  const untilEvent = readUntil(flags["until"] as string | undefined);
  if (flags["step"] === true) await refuseBesideStep(flags, host);
  installGuards();
  const seedTarget = isFile(target, host.cwd) ? undefined : readSeedTarget(target);
  if (seedTarget !== undefined) {
    // Its strategy may lead into a run that never comes back: that needs threads and a watchdog.
    const { replaySeed } = await import("./replay-seed.ts");
    const found = await replaySeed(seedTarget, flags, host);
    if (found.kind === "stalled") {
      host.writeError(`stormlane: ${target}: livelock: ${found.message}\n`);
      return 1;
    }
    return tell({ target, flags, host, views, untilEvent, scenario: found.scenario, repro: found.repro });
  }
  const repro = readRepro(resolve(host.cwd, target), target);
  const scenario = scenarioOfRepro(
    repro,
    target,
    await loadCatalogue(host.catalogueUrl),
    flags["budget"] as string | undefined,
  );
  return tell({ target, flags, host, views, untilEvent, scenario, repro });
}

interface Telling {
  readonly target: string;
  readonly flags: RunFlags;
  readonly host: Host;
  readonly views: readonly ViewName[];
  readonly untilEvent: number | undefined;
  readonly scenario: Scenario;
  readonly repro: Repro;
}

async function tell(telling: Telling): Promise<number> {
  const { flags, host, views, untilEvent, scenario, repro, target } = telling;
  const { outcome, result } = await replayRepro(scenario, repro);
  const { events } = outcome.history;
  const explanation = flags["explain"] === true ? await explain(telling) : undefined;
  await writeOutputs(
    { target, isFile: isFile(target, host.cwd), flags, scenario, repro, outcome, result, explanation },
    host,
  );
  if (untilEvent !== undefined && untilEvent >= events.length) {
    throw wrongValue(
      "--until",
      String(untilEvent),
      `the run has ${events.length} events`,
      `use 0 to ${events.length - 1}`,
    );
  }
  if (flags["step"] === true) {
    await step(telling, outcome);
    const paint = host.outIsTerminal ? terminalPaint : noPaint;
    host.writeOut(`${result.exitCode === 0 ? paint.good(result.text) : paint.bad(result.text)}\n`);
    return result.exitCode;
  }
  const seen = untilEvent === undefined ? events : events.slice(0, untilEvent + 1);
  if (flags["json"] === true) {
    host.writeOut(`${JSON.stringify(replayDocument(telling, outcome, result, seen, explanation))}\n`);
    return result.exitCode;
  }
  const paint = host.outIsTerminal ? terminalPaint : noPaint;
  const lines = [
    ...replayStory({
      target,
      isFile: isFile(target, host.cwd),
      host,
      flags,
      scenario,
      repro,
      outcome,
      untilEvent,
      explanation,
      paint,
    }),
    ...(flags["trace"] === true ? ["", ...traceLines(seen)] : []),
    ...views.flatMap((view) => ["", ...showView(view, seen)]),
    "",
    result.exitCode === 0 ? paint.good(result.text) : paint.bad(result.text),
  ];
  host.writeOut(`${lines.join("\n")}\n`);
  return result.exitCode;
}

/** From the first event, or `--until`, on. */
async function step(
  { scenario, repro, host, views, untilEvent }: Telling,
  { history, verdict }: Outcome,
): Promise<void> {
  const { stepThrough, requireTerminal } = await import("./step/step-through.ts");
  const { recordRun } = await import("./step/recorded-run.ts");
  if (history.events.length === 0) return;
  const violation = verdict.kind === "violated" ? verdict.violation : undefined;
  const title = `${scenario.name}, seed ${repro.foundBy.seed}: ${signatureOf(verdict)}`;
  await stepThrough(recordRun(title, history.events, violation), {
    terminal: requireTerminal(host.terminal),
    write: host.writeOut,
    at: untilEvent ?? 0,
    panels: views,
  });
}

/** @returns undefined when the case holds */
function explain({ scenario, repro }: Telling): Promise<Explanation | undefined> {
  return inMacrotask(() => explainFailure(repro.case, { ...fullEffort, scenario, signatureOf, runCase: runCaseNow }));
}

function storyOf(outcome: Outcome, untilEvent: number | undefined): string[] {
  const { verdict } = outcome;
  return tellStory({
    events: outcome.history.events,
    case: outcome.realised(),
    ...(verdict.kind === "violated" ? { violation: verdict.violation } : {}),
    ...(untilEvent === undefined ? {} : { untilEvent }),
  });
}

function replayDocument(
  { target, scenario, repro, untilEvent, views }: Telling,
  outcome: Outcome,
  result: ReplayResult,
  seen: Outcome["history"]["events"],
  explanation: Explanation | undefined,
): object {
  const { verdict } = outcome;
  return {
    version: 1,
    stormlane: ownVersion(),
    command: "replay",
    target,
    scenario: scenario.name,
    ok: result.exitCode === 0,
    exitCode: result.exitCode,
    result: result.kind,
    text: result.text,
    expected: repro.expected,
    actual: {
      signature: signatureOf(verdict),
      ...(verdict.kind === "violated"
        ? {
            invariant: verdict.violation.invariant,
            rule: verdict.violation.rule,
            place: verdict.violation.place,
            message: verdict.violation.message,
            atUs: verdict.violation.atUs,
            event: verdict.violation.eventIndex,
          }
        : {}),
    },
    foundBy: repro.foundBy,
    mutant: repro.mutant ?? null,
    case: repro.case,
    unused: outcome.unused,
    stats: outcome.stats,
    historyHash: outcome.history.hash(),
    untilEvent: untilEvent ?? null,
    explanation: explanation ?? null,
    story: storyOf(outcome, untilEvent),
    views: Object.fromEntries(views.map((view) => [view, showView(view, seen)])),
  };
}

function isFile(target: string, cwd: string): boolean {
  return target.endsWith(".json") || existsSync(resolve(cwd, target));
}

export interface SeedTarget {
  readonly scenario: string;
  readonly seed: number;
}

function readSeedTarget(target: string): SeedTarget {
  const [, scenario, seed] = /^(.+):(\d{1,16})$/.exec(target) ?? [];
  if (scenario === undefined || seed === undefined) {
    throw new UsageError({
      what: target,
      why: "neither a file nor of the form scenario:seed",
      fix: "name a file that `stormlane run` wrote, or as claim-race:41",
    });
  }
  return { scenario, seed: readInteger("seed", seed, { min: 0, max: Number.MAX_SAFE_INTEGER }) };
}

/** Found before anything is run. */
async function refuseBesideStep(flags: RunFlags, host: Host): Promise<void> {
  refuseTogether(flags, "step", ["json", "trace", "explain"]);
  const { requireTerminal } = await import("./step/step-through.ts");
  requireTerminal(host.terminal);
}

function readUntil(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readInteger("--until", text, { min: 0, max: 1_000_000_000 });
}

function readViews(text: string | undefined): ViewName[] {
  if (text === undefined) return [];
  return text.split(",").map((given) => {
    const view = viewNames.find((name) => name === given.trim());
    if (view === undefined) throw wrongValue("--show", given, "there is no such view", suggestName(given, viewNames));
    return view;
  });
}
