import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { boardWorkload } from "../../incidents/board-workload.ts";
import { findLoggedFaults } from "../../incidents/find-logged-faults.ts";
import { prepareIncident, type PreparedIncident } from "../../incidents/prepare-incident.ts";
import { readLogs, type LogContents } from "../../incidents/read-logs.ts";
import { Redactor } from "../../incidents/redactor.ts";
import { cardNames, parseSymptom, type Symptom } from "../../incidents/symptom.ts";
import { timelineOf, type Timeline } from "../../incidents/timeline.ts";
import { outsideName } from "../../define/scenario.ts";
import { installGuards } from "../../kernel/guards.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import { redact } from "../../orchestrator/llm/redact.ts";
import { noPaint } from "../../report/paint.ts";
import { plainLine } from "../../report/plain-line.ts";
import type { Case } from "../../sim/case.ts";
import type { Outcome } from "../../sim/outcome.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { loadCatalogue, type Catalogue } from "../catalogue.ts";
import { exitCodes } from "../exit-codes.ts";
import { failureStory } from "../failure-story.ts";
import { buildScenario } from "../find-scenario.ts";
import type { Host } from "../host.ts";
import { suggestName } from "../nearest-name.ts";
import { ownVersion, replayCommand } from "../own-package.ts";
import { writeRepro, type Repro } from "../repro-file.ts";
import { terminalPaint } from "../terminal-paint.ts";
import { UsageError } from "../usage-error.ts";
import { chooseScenario } from "./choose-scenario.ts";
import { importDocument, type Kept } from "./import-document.ts";
import { count, incidentLines, readingLines, searchLines, symptomName } from "./import-report.ts";
import { readImportSettings, type ImportFlags, type ImportSettings } from "./import-settings.ts";
import { openLogs } from "./open-logs.ts";
import { trialText, writeScriptedFile } from "./scripted-file.ts";
import { searchIncident, shrinkCause, type SearchEnd } from "./search-incident.ts";
import type { WatchedRuns } from "./watched-runs.ts";

/**
 * `stormlane import LOG…`: reads the logs of an incident, builds the case that they show, and searches over the rest until the
 * symptom appears.
 *
 * @returns the exit code: 1 when it was found, 0 when not
 */
export async function importLogs(
  paths: readonly string[],
  flags: ImportFlags,
  host: Host,
  runs: WatchedRuns,
): Promise<number> {
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const settings = readImportSettings(flags, catalogue, host);
  const redactor = new Redactor({ withoutSecrets, keepsText: flags.keepText === true });
  const contents = readLogs(openLogs(paths, host.cwd), settings.mapping, { redactor });
  const timeline = timelineOf(contents);
  refuseUnread(contents, settings);
  installGuards();
  const { scenario, why } = pickScenario(flags, catalogue, contents, timeline);
  const symptom = flags.symptom === undefined ? undefined : readSymptom(flags.symptom, scenario, contents, timeline);
  checkWorkload(settings, scenario);
  const incident = await inMacrotask(() =>
    prepareIncident(
      {
        contents,
        timeline,
        scenario,
        people: notTheSystem,
        nameOf: (name) => redactor.reference(name),
        ...(settings.workload === undefined ? {} : { workload: settings.workload }),
        ...(settings.plan === undefined ? {} : { plan: settings.plan }),
        ...(symptom === undefined ? {} : { symptom }),
      },
      runs.runNow,
    ),
  );
  const say = (lines: readonly string[]): void => {
    if (flags.json !== true) host.writeOut(`${lines.join("\n")}\n`);
  };
  say([...readingLines(contents.reports, timeline), ...incidentLines(incident, why)]);
  const interrupted = host.takeInterruptions();
  const search = flags.search === false ? undefined : await searchFor(incident, { settings, host, interrupted, runs });
  const found =
    search === undefined ? undefined : await keepFound(search, { incident, settings, flags, host, interrupted, runs });
  if (search !== undefined) say(searchLines(search, incident));
  if (found !== undefined) say(foundLines(found, await runs.run(scenario, found.small.case), scenario, host));
  else if (search !== undefined && search.finds === 0) say(nextSteps(settings));
  const exitCode = exitCodeOf(search, interrupted);
  if (flags.json === true) {
    const document = importDocument({ contents, timeline, incident, why, search, found });
    host.writeOut(
      `${JSON.stringify({ version: 1, stormlane: ownVersion(), command: "import", exitCode, ...document })}\n`,
    );
  }
  return exitCode;
}

function exitCodeOf(search: SearchEnd | undefined, interrupted: AbortSignal): number {
  if (interrupted.aborted) return exitCodes.interrupted;
  return search !== undefined && search.finds > 0 ? exitCodes.failed : exitCodes.held;
}

/** Who acts in a simulation and has no logs of an orchestrator. */
const notTheSystem: readonly string[] = [outsideName, "operator", "relay"];

const secretsOfText: readonly RegExp[] = [
  /[?&][^=\s&]{0,40}(?:token|key|secret|password)[^=\s&]{0,20}=[^\s&"']+/gi,
  /\/\/[^/\s:@]{1,80}:[^/\s@]{1,200}@/g,
];

function withoutSecrets(text: string): string {
  return secretsOfText.reduce((clean, form) => clean.replaceAll(form, "[redacted]"), redact(text, []));
}

/** Whatever was not understood is said; only when nothing was, there is nothing to go on with. */
function refuseUnread({ events, snapshot, reports }: LogContents, { mapping }: ImportSettings): void {
  if (events.length > 0 || snapshot !== undefined) return;
  const seen = reports
    .map(({ name, dropped, notNeeded }) => {
      const reasons = [
        ...dropped.map(({ why, entries }) => `${count(entries, "entry", "entries")}: ${why}`),
        ...(notNeeded > 0 ? [`${notNeeded} lines of no use here`] : []),
      ];
      return `${name}: ${reasons.length === 0 ? "empty" : reasons.join(", ")}`;
    })
    .join("; ");
  throw new UsageError({
    what: reports.length === 1 ? "the log" : "the logs",
    why: `cannot be used (${plainLine(seen, 500)})`,
    fix:
      mapping === undefined
        ? "say with --mapping where JSON lines have their time and event"
        : "look at what --mapping says",
  });
}

function pickScenario(
  flags: ImportFlags,
  catalogue: Catalogue,
  contents: LogContents,
  timeline: Timeline,
): { readonly scenario: Scenario; readonly why: string } {
  const anyFaults = { families: [], faultsMax: 0, faultsUntilMs: 0, restartAfterMsMax: 5_000 };
  const hints = {
    faults: findLoggedFaults(timeline, anyFaults),
    workload: boardWorkload(timeline, contents.snapshot)?.workload,
  };
  const { name, why } = chooseScenario(catalogue, { given: flags.in, mutant: flags.mutant, hints });
  return { scenario: buildScenario(catalogue, name, { mutant: flags.mutant, epic: undefined }), why };
}

function readSymptom(given: string, scenario: Scenario, contents: LogContents, timeline: Timeline): Symptom {
  const what = `--symptom ${plainLine(given, 80)}`;
  const symptom = parseSymptom(given, cardNames(timeline, contents.snapshot));
  const ids = scenario.invariants.map(({ id }) => id);
  if (symptom === undefined) {
    throw new UsageError({ what, why: "begins with no id of an invariant", fix: `write as ${ids[0] ?? "I2"}: place` });
  }
  const unknown = symptom.invariants.find((id) => !ids.includes(id));
  if (unknown === undefined) return symptom;
  throw new UsageError({
    what,
    why: `${scenario.name} has no invariant ${plainLine(unknown, 40)}`,
    fix: suggestName(unknown, ids),
  });
}

function checkWorkload({ workload }: ImportSettings, scenario: Scenario): void {
  const refusal = workload === undefined ? undefined : scenario.workloads.refuse(workload);
  if (refusal === undefined) return;
  throw new UsageError({
    what: "--workload",
    why: `${scenario.name} does not take it: ${plainLine(refusal, 300)}`,
    fix: "mend the file",
  });
}

function searchFor(
  incident: PreparedIncident,
  { settings, host, interrupted, runs: watched }: Pick<Keeping, "settings" | "host" | "interrupted" | "runs">,
): Promise<SearchEnd> {
  const { runsMax, findsMax, firstSeed, durationMsMax } = settings;
  const beganMs = performance.now();
  return searchIncident(incident, watched, {
    runsMax,
    findsMax,
    firstSeed,
    interrupted,
    isOver: () => durationMsMax !== undefined && performance.now() - beganMs > durationMsMax,
    onRuns: (runs, finds) => host.writeError(`${runs} runs, found ${finds} times\n`),
  });
}

interface Keeping {
  readonly incident: PreparedIncident;
  readonly settings: ImportSettings;
  readonly flags: ImportFlags;
  readonly host: Host;
  readonly interrupted: AbortSignal;
  readonly runs: WatchedRuns;
}

async function keepFound(
  search: SearchEnd,
  { incident, settings, flags, host, interrupted, runs }: Keeping,
): Promise<Kept | undefined> {
  const first = search.causes[0];
  if (first === undefined) return undefined;
  const { cause } = first;
  const { scenario } = incident;
  const mutant = flags.mutant === undefined ? "" : `-${flags.mutant}`;
  const fileName = `import-${scenario.name.replaceAll(/[/:]/g, "-")}${mutant}-${cause.find.seed}.json`;
  const reproFile = join(settings.outFolder, fileName);
  const write = (input: Case, expected: Repro["expected"]): void =>
    writeRepro(resolve(host.cwd, reproFile), {
      stormlane: ownVersion(),
      format: 1,
      case: input,
      expected,
      foundBy: { seed: cause.find.seed, strategy: cause.find.strategy },
      ...(flags.mutant === undefined ? {} : { mutant: flags.mutant }),
    });
  mkdirSync(dirname(resolve(host.cwd, reproFile)), { recursive: true });
  const { invariant, place, message } = cause.find;
  // Before anything else is tried: what comes after may fail.
  write(cause.case, { signature: `${invariant}: ${place}`, invariant, message });
  const small = await shrinkCause(incident, cause, { interrupted, runs, onImproved: () => {} });
  if (small === undefined) return undefined;
  const { signature } = small;
  write(small.case, { signature, invariant: small.invariant, message: small.message });
  const scriptedFile =
    settings.scenarioFile === undefined
      ? undefined
      : await writeScriptedFile({
          file: settings.scenarioFile,
          cwd: host.cwd,
          catalogueUrl: host.catalogueUrl,
          scenario,
          mutant: flags.mutant,
          case: small.case,
          runs,
          signature: small.signature,
          symptom: symptomName(incident.symptom),
        });
  return { small, reproFile, replayCommand: replayCommand(host, reproFile, true), scripted: scriptedFile };
}

function foundLines(
  { small, replayCommand: command, scripted }: Kept,
  outcome: Outcome,
  scenario: Scenario,
  host: Host,
): readonly string[] {
  return [
    "",
    ...failureStory({
      title: `${scenario.name}: ${small.signature}`,
      failure: { kind: "violated", message: small.message },
      input: small.case,
      outcome,
      shrunk: small.shrunk,
      replayCommand: command,
      paint: host.outIsTerminal ? terminalPaint : noPaint,
    }),
    ...(scripted === undefined
      ? []
      : ["", `  scenario ${scripted.name}, written to ${scripted.file}`, `  ${trialText(scripted)}`]),
  ];
}

function nextSteps({ runsMax, workload }: ImportSettings): readonly string[] {
  return [
    "  This says that it is rare or needs what the logs do not tell, not that it cannot be.",
    `  Try more runs (--runs ${runsMax * 10}), another scenario (--in), ${workload === undefined ? "a workload of yours (--workload), " : ""}or a wider symptom (--symptom with ids alone).`,
  ];
}
