import { posix } from "node:path";
import type { Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { isoTimestamp } from "../date-text.ts";
import { holds, performEffect } from "../test-code.ts";
import { collect, nodeId } from "./collection.ts";
import type { Collection, TestItem } from "./collection.ts";
import { parseInvocation } from "./invocation.ts";
import type { Invocation } from "./invocation.ts";
import { junitText } from "./junit.ts";
import {
  collectedText,
  counted,
  errorsText,
  failuresText,
  headerText,
  interruptedText,
  outcomeText,
  progressText,
  ruler,
  summaryText,
} from "./report.ts";
import type { FailedTest, RanTest } from "./report.ts";

export interface PytestOptions {
  /** Of a whole run. Default 800. */
  readonly durationMs?: number;
}

/**
 * Pytest as a program of the simulated host, after version 9.0: it checks what test files expect of other files, see
 * `../test-code.ts`.
 *
 * Exit codes as the real one: 0 passed, 1 failed, 2 interrupted by files that cannot be imported, 4 usage, 5 nothing
 * collected. Not modelled: fixtures, conftest, markers, parameters, plugins, ini files, the caches it leaves behind, the
 * frames of an error inside pytest itself.
 */
export function pytest(options: PytestOptions = {}): Program {
  const durationMs = options.durationMs ?? 800;
  return { name: "pytest", run: (context) => runPytest(context, durationMs) };
}

type PytestRun = Generator<ProgramStep, number, string | undefined>;

function* runPytest(context: ProgramContext, durationMs: number): PytestRun {
  const touches = [{ id: `disk:${context.cwd}`, rw: "w" }] as const;
  if (context.args.includes("--version")) {
    yield { kind: "work", durationUs: 200_000 };
    context.stdout("pytest 9.0.3\n");
    return 0;
  }
  const invocation = parseInvocation(context);
  const { verbosity } = invocation;
  const print = (text: string): void => context.stdout(text);
  const verbose = verbosity > 0;
  yield { kind: "work", durationUs: durationMs * 400, touches };
  if (verbosity >= 0) print(headerText({ cwd: context.cwd, verbose, details: invocation.header }));
  const collected = collect(context, invocation.targets);
  const selection = select(invocation, collected.items);
  const deselected = collected.items.length - selection.items.length;
  const complaint = collected.missing ?? selection.complaint;
  if (verbosity >= 0) {
    const counts = { items: collected.items.length, errors: collected.errors.length, deselected, verbose };
    print(collectedText(counts));
  }
  if (complaint !== undefined) {
    context.stderr(`ERROR: ${complaint}\n\n`);
    print(outcomeLine(invocation, { failed: 0, passed: 0, deselected: 0, errors: 0 }, durationMs));
    return 4;
  }
  if (invocation.collectOnly) return listItems(context, invocation, collected, selection.items, durationMs);
  if (collected.errors.length > 0) {
    const { errors } = collected;
    writeJunit(context, invocation, { items: [], failed: [], errors, durationMs });
    print(`\n${errorsText(errors, invocation.traceback)}`);
    print(summaryText({ passed: [], failed: [], errors, cut: false }) + interruptedText(errors));
    print(verdictLine(invocation, { failed: 0, passed: 0, deselected, errors: errors.length }, durationMs));
    return 2;
  }
  if (selection.items.length === 0) {
    writeJunit(context, invocation, { items: [], failed: [], errors: [], durationMs });
    print(outcomeLine(invocation, { failed: 0, passed: 0, deselected, errors: 0 }, durationMs));
    return 5;
  }

  yield { kind: "work", durationUs: durationMs * 600, touches };
  const ran: RanTest[] = [];
  const failed: FailedTest[] = [];
  for (const item of selection.items) {
    if (failed.length >= invocation.failuresMax) break;
    const broken = item.test.expectations.find((expectation) => !holds(context, expectation));
    if (broken !== undefined) failed.push({ item, expectation: broken });
    ran.push([item, broken === undefined ? "." : "F"]);
  }
  // The code under test runs once, in the order in which tests name it.
  for (const effect of collected.effects) {
    if (effect.kind === "hang") yield { kind: "hang" };
    else performEffect(context, effect);
  }
  const stopped = failed.length >= invocation.failuresMax;
  const progress = progressText(ran, selection.items.length, { verbosity, shares: invocation.capture });
  print(verbosity >= 0 ? `\n${progress}\n` : progress);
  print(failuresText(failed, invocation.traceback, context.cwd));
  const passed = ran.filter(([, letter]) => letter === ".").map(([item]) => item);
  writeJunit(context, invocation, { items: ran.map(([item]) => item), failed, errors: [], durationMs });
  if (invocation.listsPassed) print(ruler("PASSES", "="));
  const isBuildServer = context.env["CI"] !== undefined || context.env["BUILD_NUMBER"] !== undefined;
  const listed = invocation.listsPassed ? passed : [];
  print(summaryText({ passed: listed, failed, errors: [], cut: !isBuildServer }));
  if (stopped) print(ruler(`stopping after ${failed.length} failures`, "!"));
  print(verdictLine(invocation, { failed: failed.length, passed: passed.length, deselected, errors: 0 }, durationMs));
  return failed.length > 0 ? 1 : 0;
}

/** What `-k` leaves. */
function select(
  { keywords }: Invocation,
  items: readonly TestItem[],
): { readonly items: readonly TestItem[]; readonly complaint: string | undefined } {
  const { parsed, text } = keywords;
  if (parsed.kind === "invalid") {
    const where = `at column ${parsed.column}: ${parsed.message}`;
    return { items: [], complaint: `Wrong expression passed to '-k': ${text}: ${where}` };
  }
  // A test goes by its own name and those of its class, its file and the folders below the root.
  const names = ({ path, test }: TestItem): string[] =>
    [...path.split("/"), test.className ?? "", test.name].map((name) => name.toLowerCase());
  return { items: items.filter((item) => parsed.matches(names(item))), complaint: undefined };
}

type Counts = Parameters<typeof outcomeText>[0];

/** After other output. Left out with `-qq`. */
function verdictLine({ verbosity }: Invocation, counts: Counts, durationMs: number): string {
  const text = outcomeText(counts, `${(durationMs / 1000).toFixed(2)}s`);
  if (verbosity <= -2) return "";
  return verbosity < 0 ? `${text}\n` : ruler(text, "=");
}

/** Where nothing ran. */
function outcomeLine(invocation: Invocation, counts: Counts, durationMs: number): string {
  return `\n${verdictLine(invocation, counts, durationMs)}`;
}

/** `--collect-only`: ids with `-q`; the tree without is not modelled. */
function listItems(
  context: ProgramContext,
  invocation: Invocation,
  collected: Collection,
  items: readonly TestItem[],
  durationMs: number,
): number {
  if (invocation.verbosity >= 0) {
    context.unmodelled({
      method: "pytest --collect-only without -q",
      args: [...context.args],
      file: "fakes/cli/pytest/pytest.ts",
    });
  }
  const { errors } = collected;
  for (const item of items) context.stdout(`${nodeId(item)}\n`);
  if (errors.length > 0) {
    context.stdout(`\n${errorsText(errors, invocation.traceback)}`);
    context.stdout(summaryText({ passed: [], failed: [], errors, cut: false }) + interruptedText(errors));
  }
  const total = collected.items.length;
  const deselected = total - items.length;
  const found =
    items.length === 0 && errors.length === 0
      ? deselected > 0
        ? `no tests collected (${deselected} deselected)`
        : "no tests collected"
      : deselected > 0
        ? `${items.length}/${counted(total, "test")} collected (${deselected} deselected)`
        : items.length === 0
          ? "no tests collected"
          : `${counted(total, "test")} collected`;
  const broken = errors.length > 0 ? `, ${counted(errors.length, "error")}` : "";
  const blank = errors.length > 0 ? "" : "\n";
  context.stdout(`${blank}${found}${broken} in ${(durationMs / 1000).toFixed(2)}s\n`);
  if (errors.length > 0) return 2;
  return items.length === 0 ? 5 : 0;
}

function writeJunit(
  context: ProgramContext,
  invocation: Invocation,
  report: Omit<Parameters<typeof junitText>[0], "timestamp">,
): void {
  if (invocation.junitFile === undefined) return;
  const path = posix.resolve(context.cwd, invocation.junitFile);
  context.files.makeFolder(posix.dirname(path));
  context.files.write(path, junitText({ ...report, timestamp: isoTimestamp(context.nowMs()).replace("Z", "+00:00") }));
  if (invocation.verbosity >= 0) context.stdout(ruler(`generated xml file: ${path}`, "-"));
}
