import { resolve } from "node:path";
import { journalFormat, journalLines } from "../history/journal.ts";
import { epochMs } from "../kernel/time.ts";
import { chromeTrace } from "../report/chrome-trace.ts";
import { otlpTrace } from "../report/otlp.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Scenario } from "../sim/scenario.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import type { Host } from "./host.ts";
import { ownVersion } from "./own-package.ts";
import { runSpans } from "./profile/run-spans.ts";
import type { ReplayResult } from "./replay-result.ts";
import type { Repro } from "./repro-file.ts";
import type { RunFlags } from "./run-settings.ts";
import { UsageError } from "./usage-error.ts";

/** A run that `replay` has made, and what it came to. */
export interface ReplayedRun {
  /** As the user named it. */
  readonly target: string;
  readonly scenario: Scenario;
  readonly repro: Repro;
  readonly outcome: Outcome;
  readonly result: ReplayResult;
}

/** A file that `replay` writes when its flag names one. The whole run, also with `--until`. */
interface ReplayOutput {
  readonly option: `--${string}`;
  readonly render: (run: ReplayedRun) => string | Promise<string>;
}

/** In the order in which they are written. A new one needs a line here, and its option in the table of commands. */
const outputs: readonly ReplayOutput[] = [
  { option: "--journal", render: renderJournal },
  { option: "--chrome-trace", render: renderChromeTrace },
  { option: "--otlp", render: renderOtlp },
];

/** Writes each file that the flags name. @throws UsageError for one that cannot be written */
export async function writeOutputs(run: ReplayedRun, flags: RunFlags, host: Host): Promise<void> {
  for (const { option, render } of outputs) {
    const path = flags[flagOf(option)];
    if (typeof path === "string") write(option, resolve(host.cwd, path), await render(run));
  }
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

/** As the parser of the command line names it: `--chrome-trace` is `chromeTrace`. */
function flagOf(option: string): string {
  return option.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
