import { basename, dirname, extname, join, resolve } from "node:path";
import type { Explanation } from "../explain/explanation.ts";
import { journalFormat, journalLines } from "../history/journal.ts";
import { epochMs } from "../kernel/time.ts";
import { chromeTrace } from "../report/chrome-trace.ts";
import { otlpTrace } from "../report/otlp.ts";
import { noPaint } from "../report/paint.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Scenario } from "../sim/scenario.ts";
import { prepareFolder, writeFileAtomically } from "./atomic-file.ts";
import type { Host } from "./host.ts";
import { ownVersion, type CommandPlace } from "./own-package.ts";
import { runSpans } from "./profile/run-spans.ts";
import type { ReplayResult } from "./replay-result.ts";
import { commandOf, replayStory } from "./replay-story.ts";
import { replayViewer } from "./replay-viewer.ts";
import type { Repro } from "./repro-file.ts";
import type { RunFlags } from "./run-settings.ts";
import { UsageError } from "./usage-error.ts";

/** A run that `replay` has made, and what it came to. */
export interface ReplayedRun {
  /** As the user named it. */
  readonly target: string;
  readonly isFile: boolean;
  readonly flags: RunFlags;
  readonly scenario: Scenario;
  readonly repro: Repro;
  readonly outcome: Outcome;
  readonly result: ReplayResult;
  readonly explanation: Explanation | undefined;
}

/** A file that `replay` writes when its flag names one. The whole run, also with `--until`. */
interface ReplayOutput {
  readonly option: `--${string}`;
  readonly render: (run: ReplayedRun, host: CommandPlace) => string | Promise<string>;
  /** Of a file for people: it has this extension, and a name of its own where the flag names none; its path is told. */
  readonly page?: ".html";
}

/** In the order in which they are written. A new one needs a line here, and its option in the table of commands. */
const outputs: readonly ReplayOutput[] = [
  { option: "--journal", render: renderJournal },
  { option: "--chrome-trace", render: renderChromeTrace },
  { option: "--otlp", render: renderOtlp },
  { option: "--html", render: renderViewer, page: ".html" },
];

/** Writes each file that the flags name. @throws UsageError for one that cannot be written */
export async function writeOutputs(run: ReplayedRun, host: Host): Promise<void> {
  for (const { option, render, page } of outputs) {
    const given = run.flags[flagOf(option)] as string | true | undefined;
    if (given === undefined) continue;
    const path = given === true ? ownPath(run) : given;
    if (given === true) prepareFolder(option, resolve(host.cwd, dirname(path)));
    if (page !== undefined && extname(path) !== page) throw notAPage(option, path, page);
    write(option, resolve(host.cwd, path), await render(run, host));
    if (page !== undefined) host.writeError(`viewer: ${path}\n`);
  }
}

/** As the repro file is called, or as the one of the seed would be. */
function ownPath({ target, isFile, scenario, repro }: ReplayedRun): string {
  const name = isFile ? basename(target, extname(target)) : `${scenario.name}-${repro.foundBy.seed}`;
  return join("reports/out", `${name}.html`);
}

/** It may be a repro file, named in the wrong place, and would be gone. */
function notAPage(option: string, path: string, extension: string): UsageError {
  return new UsageError({
    what: `${option} ${path}`,
    why: "the name of a page ends otherwise",
    fix: `name a file that ends in ${extension}, or none`,
  });
}

function write(option: string, path: string, text: string): void {
  try {
    writeFileAtomically(path, text);
  } catch (error) {
    const why = `cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`;
    throw new UsageError({ what: `${option} ${path}`, why, fix: "name a file in a folder that is there" });
  }
}

function renderJournal({ scenario, repro, outcome }: ReplayedRun): string {
  const lines = journalLines(outcome.history, {
    kind: "journal",
    format: journalFormat,
    version: ownVersion(),
    seed: repro.foundBy.seed,
    scenario: scenario.name,
    startMs: epochMs,
  });
  return [...lines].map((line) => `${line}\n`).join("");
}

function renderChromeTrace({ scenario, outcome: { verdict, history } }: ReplayedRun): string {
  const violation = verdict.kind === "violated" ? { violation: verdict.violation } : {};
  return chromeTrace({ title: scenario.name, events: history.events, ...violation });
}

function renderOtlp({ scenario, outcome }: ReplayedRun): string {
  return otlpTrace({
    historyHash: outcome.history.hash(),
    startMs: epochMs,
    version: ownVersion(),
    spans: runSpans(scenario.name, outcome),
  });
}

function renderViewer(run: ReplayedRun, host: CommandPlace): Promise<string> {
  const told = { ...run, host, untilEvent: undefined, paint: noPaint };
  return replayViewer({
    ...run,
    replayCommand: commandOf(told),
    story: replayStory({ ...told, explanation: undefined }),
  });
}

/** As the parser of the command line names it: `--chrome-trace` is `chromeTrace`. */
function flagOf(option: string): string {
  return option.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
