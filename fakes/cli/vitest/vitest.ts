import { posix } from "node:path";
import type { HostFiles, Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { holds, parseCode, performEffect, readCode } from "../test-code.ts";
import type { SideEffect } from "../test-code.ts";
import { parseInvocation } from "./invocation.ts";
import type { Invocation, ReporterName } from "./invocation.ts";
import { jsonReport } from "./json-report.ts";
import { junitReport } from "./junit-report.ts";
import { parseTestFile } from "./test-file.ts";
import { runTests } from "./test-run.ts";
import type { FileResult, LoadedFile } from "./test-run.ts";
import { bannerText, defaultText, failuresText, sumText, verboseText } from "./text-report.ts";

export interface VitestOptions {
  /** Of a whole run. Default 900. */
  readonly durationMs?: number;
}

/**
 * Vitest as a program of the simulated host, after version 5.1: `vitest run` checks what test files expect of other
 * files, see `../test-code.ts`. Reports go where those of the real one go: what failed to standard error, `json` and
 * `junit` to `--outputFile` or `.vitest/<reporter>/`.
 *
 * Exit codes as the real one: 0 passed, 1 failed or no test files. Not modelled: configuration files, `only`, `each`,
 * `concurrent`, hooks, snapshots, coverage, workspaces, the watch mode, colours; files run in the order of their names.
 */
export function vitest(options: VitestOptions = {}): Program {
  const durationMs = options.durationMs ?? 900;
  return { name: "vitest", run: (context) => runVitest(context, durationMs) };
}

type VitestRun = Generator<ProgramStep, number, string | undefined>;

function* runVitest(context: ProgramContext, durationMs: number): VitestRun {
  const touches = [{ id: `disk:${context.cwd}`, rw: "w" }] as const;
  if (context.args.includes("--version") && context.args[0] !== "run") {
    yield { kind: "work", durationUs: 200_000 };
    context.stdout("vitest/5.1.1 linux-x64 node-v24.21.0\n");
    return 0;
  }
  const startMs = context.nowMs();
  const invocation = parseInvocation(context);
  const speaks = invocation.reporters.some((reporter) => reporter === "default" || reporter === "verbose");
  yield { kind: "work", durationUs: durationMs * 400, touches };
  if (speaks) context.stdout(bannerText(context.cwd));
  const paths = testFilesBelow(context.files, context.cwd)
    .map((path) => posix.relative(context.cwd, path))
    .filter((path) => isSelected(path, context.cwd, invocation.filters));
  if (paths.length === 0) return reportNothing(context, invocation, { startMs, speaks });
  const loaded = paths.map((path) => load(context, path));

  yield { kind: "work", durationUs: durationMs * 600, touches };
  const results = runTests(
    loaded.map(({ test }) => test),
    {
      holds: (expectation) => holds(context, expectation),
      namePattern: invocation.namePattern === undefined ? undefined : new RegExp(invocation.namePattern),
      bail: invocation.bail,
    },
  );
  // The code under test runs once, in the order in which tests name it.
  for (const effect of loaded.flatMap(({ effects }) => effects)) {
    if (effect.kind === "hang") yield { kind: "hang" };
    else performEffect(context, effect);
  }
  const success = results.every(({ state }) => state === "passed" || state === "skipped");
  report(context, invocation, results, { startMs, durationMs, success });
  return success ? 0 : 1;
}

function report(
  context: ProgramContext,
  invocation: Invocation,
  results: readonly FileResult[],
  run: { readonly startMs: number; readonly durationMs: number; readonly success: boolean },
): void {
  const { cwd } = context;
  for (const reporter of invocation.reporters) {
    switch (reporter) {
      case "default":
      case "verbose":
        context.stdout(reporter === "default" ? defaultText(results) : verboseText(results));
        context.stdout(sumText(results, run));
        context.stderr(failuresText(results, cwd));
        break;
      case "json":
        writeReport(context, invocation, reporter, JSON.stringify(jsonReport(results, { cwd, ...run })));
        break;
      case "junit":
        writeReport(context, invocation, reporter, junitReport(results, { cwd, startMs: run.startMs }));
    }
  }
}

function reportNothing(
  context: ProgramContext,
  invocation: Invocation,
  run: { readonly startMs: number; readonly speaks: boolean },
): number {
  const exitCode = invocation.passWithNoTests ? 0 : 1;
  if (run.speaks) {
    const text = `No test files found, exiting with code ${exitCode}\n\n`;
    if (exitCode === 0) context.stdout(text);
    else context.stderr(text);
    const filter = invocation.filters.length === 0 ? "" : `filter: ${invocation.filters.join(", ")}\n`;
    context.stderr(`${filter}include: **/*.{test,spec}.?(c|m)[jt]s?(x)\nexclude:  **/node_modules/**, **/.git/**\n\n`);
  }
  const success = exitCode === 0;
  for (const reporter of invocation.reporters) {
    const { cwd } = context;
    if (reporter === "json") {
      writeReport(
        context,
        invocation,
        reporter,
        JSON.stringify(jsonReport([], { cwd, startMs: run.startMs, success })),
      );
    } else if (reporter === "junit") {
      writeReport(context, invocation, reporter, junitReport([], { cwd, startMs: run.startMs }));
    }
  }
  return exitCode;
}

function writeReport(context: ProgramContext, invocation: Invocation, reporter: ReporterName, text: string): void {
  const { all, byReporter } = invocation.outputFiles;
  const extension = reporter === "junit" ? "xml" : reporter;
  const given = byReporter.get(reporter) ?? all ?? `.vitest/${reporter}/output.${extension}`;
  const path = posix.resolve(context.cwd, given);
  context.files.makeFolder(posix.dirname(path));
  context.files.write(path, text);
  context.stdout(`${reporter.toUpperCase()} report written to ${path}\n`);
}

/** Reads a test file and the code that its tests name, which it would import. */
function load(
  context: ProgramContext,
  path: string,
): { readonly test: LoadedFile; readonly effects: readonly SideEffect[] } {
  const file = parseTestFile(readCode(context, path) ?? "");
  if (file.unmodelled !== undefined) {
    context.unmodelled({ method: "vitest", args: [file.unmodelled], file: "fakes/cli/vitest/test-file.ts" });
  }
  const refused = (brokenPath: string, line: number, text: string) => {
    const error = { kind: "syntax", brokenPath, line, code: text.split("\n")[line - 1]! } as const;
    return { test: { path, file, error }, effects: [] };
  };
  if (file.syntaxErrorLine !== undefined) return refused(path, file.syntaxErrorLine, file.lines.join("\n"));
  const effects = [...file.effects];
  for (const source of new Set(
    file.tests.flatMap((test) => test.expectations.map((expectation) => expectation.path)),
  )) {
    const text = readCode(context, source) ?? "";
    const code = parseCode(text);
    if (code.syntaxErrorLine !== undefined) return refused(source, code.syntaxErrorLine, text);
    effects.push(...code.effects);
  }
  const error = file.tests.length === 0 ? ({ kind: "empty" } as const) : undefined;
  return { test: { path, file, error }, effects };
}

function testFilesBelow(files: HostFiles, folder: string): string[] {
  return files.list(folder).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.kind === "folder") {
      return entry.name === "node_modules" || entry.name === ".git" ? [] : testFilesBelow(files, path);
    }
    return TEST_FILE.test(entry.name) ? [path] : [];
  });
}

function isSelected(path: string, cwd: string, filters: readonly string[]): boolean {
  if (filters.length === 0) return true;
  const absolute = posix.join(cwd, path).toLowerCase();
  return filters.some((filter) => {
    // `./` and a line number behind the path are taken off.
    const wanted = filter.replace(/:\d+$/, "").toLowerCase();
    const resolved = wanted.startsWith(".") ? posix.resolve(cwd.toLowerCase(), wanted) : wanted;
    return path.toLowerCase().includes(wanted) || absolute.includes(resolved);
  });
}

const TEST_FILE = /\.(test|spec)\.[cm]?[jt]sx?$/;
