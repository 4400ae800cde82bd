import { posix } from "node:path";
import type { Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { failureText, isHostFileFailure } from "../host-file-failure.ts";
import { collectTestPaths } from "./collection.ts";
import { errorReport, failureReport, summaryLine } from "./report.ts";
import type { CollectedFile, CollectionError, FailedTest } from "./report.ts";
import { parseCode, parseTestFile } from "./test-file.ts";
import type { Expectation, SideEffect } from "./test-file.ts";

export interface PytestOptions {
  /** Of a whole run. Default 800. */
  readonly durationMs?: number;
}

/**
 * Pytest as a program of the simulated host: it checks what test files expect of other files, see `test-file.ts`.
 *
 * Exit codes as the real one: 0 passed, 1 failed, 2 interrupted by files that cannot be imported, 4 usage, 5 nothing
 * collected. Not modelled: fixtures, conftest, markers, `-k`, plugins, ini files, the caches it leaves behind.
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
  yield { kind: "work", durationUs: durationMs * 400, touches };
  const collected = collectTestPaths(context.files, context.cwd, invocation.paths);
  if (collected.kind === "missing") {
    context.stderr(`ERROR: file or directory not found: ${collected.path}\n\n`);
    context.stdout("\nno tests ran in 0.00s\n");
    return 4;
  }
  const { files, errors } = readTestFiles(context, collected.paths);
  const print = (text: string): void => context.stdout(text);
  if (errors.length > 0) {
    print(errorReport(errors));
    print(`${errors.length} error${errors.length === 1 ? "" : "s"} in ${seconds(durationMs)}\n`);
    return 2;
  }
  const total = files.reduce((sum, file) => sum + file.tests.length, 0);
  if (total === 0) {
    print(`\nno tests ran in ${seconds(durationMs)}\n`);
    return 5;
  }

  yield { kind: "work", durationUs: durationMs * 600, touches };
  const failed: FailedTest[] = [];
  let progress = "";
  let ran = 0;
  for (const file of files) {
    for (const test of file.tests) {
      if (invocation.failuresMax <= failed.length) break;
      const broken = test.expectations.find((expectation) => !holds(context, expectation));
      if (broken !== undefined) failed.push({ path: file.path, test, expectation: broken });
      progress += broken === undefined ? "." : "F";
      ran += 1;
    }
  }
  // The code under test runs once, in the order in which tests name it.
  for (const effect of files.flatMap((file) => file.effects)) {
    if (effect.kind === "hang") yield { kind: "hang" };
    else perform(context, effect);
  }
  print(`${progress.padEnd(72)} [100%]\n`);
  if (failed.length > 0) print(failureReport(failed, invocation.failuresMax));
  print(summaryLine({ failed: failed.length, passed: ran - failed.length }, seconds(durationMs)));
  return failed.length > 0 ? 1 : 0;
}

interface Invocation {
  readonly paths: readonly string[];
  /** `-x` and `--maxfail`. */
  readonly failuresMax: number;
}

function parseInvocation(context: ProgramContext): Invocation {
  const paths: string[] = [];
  let failuresMax = Infinity;
  for (let index = 0; index < context.args.length; index++) {
    const arg = context.args[index]!;
    if (!arg.startsWith("-")) paths.push(arg);
    else if (arg === "-x" || arg === "--exitfirst") failuresMax = 1;
    else if (/^--maxfail=\d+$/.test(arg)) failuresMax = Number(arg.slice("--maxfail=".length)) || Infinity;
    else if (arg === "-p") index += 1;
    else if (!OPTIONS_WITHOUT_EFFECT.test(arg)) {
      context.unmodelled({ method: "pytest", args: [...context.args], file: "fakes/cli/pytest/pytest.ts" });
    }
  }
  if (paths.some((path) => path.includes("::"))) {
    context.unmodelled({ method: "pytest", args: [...context.args], file: "fakes/cli/pytest/collection.ts" });
  }
  return { paths, failuresMax };
}

/** They change what is printed, if anything, by no more than readers of exit codes and summaries can tell. */
const OPTIONS_WITHOUT_EFFECT = /^(-q+|--quiet|-s|--tb=\w+|-r\w+|--no-header|--color=no|-p\S+|--capture=\w+)$/;

function readTestFiles(
  context: ProgramContext,
  paths: readonly string[],
): { readonly files: readonly CollectedFile[]; readonly errors: readonly CollectionError[] } {
  const files: CollectedFile[] = [];
  const errors: CollectionError[] = [];
  for (const path of paths) {
    const text = readText(context, path) ?? "";
    const file = parseTestFile(text);
    if (file.syntaxErrorLine !== undefined) {
      errors.push({ path, brokenPath: path, line: file.syntaxErrorLine });
      continue;
    }
    const sources = new Set(file.tests.flatMap((test) => test.expectations.map((expectation) => expectation.path)));
    const effects: SideEffect[] = [...file.effects];
    let broken = false;
    for (const source of sources) {
      const code = parseCode(readText(context, source) ?? "");
      effects.push(...code.effects);
      if (code.syntaxErrorLine === undefined) continue;
      errors.push({ path, brokenPath: source, line: code.syntaxErrorLine });
      broken = true;
      break;
    }
    if (!broken) files.push({ path, tests: file.tests, effects });
  }
  return { files, errors };
}

function holds(context: ProgramContext, expectation: Expectation): boolean {
  return readText(context, expectation.path)?.includes(expectation.token) ?? false;
}

/** undefined when there is no such file. */
function readText(context: ProgramContext, path: string): string | undefined {
  try {
    return context.files.readText(posix.resolve(context.cwd, path));
  } catch (error) {
    if (!isHostFileFailure(error)) throw error;
    return undefined;
  }
}

/** A failure goes to standard error and changes nothing else, as in code that catches it. */
function perform(context: ProgramContext, effect: Exclude<SideEffect, { kind: "hang" }>): void {
  const path = posix.resolve(context.cwd, effect.path);
  try {
    if (effect.kind === "remove") context.files.remove(path, { recursive: true });
    else {
      context.files.makeFolder(posix.dirname(path));
      context.files.write(path, `${effect.text}\n`);
    }
  } catch (error) {
    if (!isHostFileFailure(error)) throw error;
    context.stderr(`${path}: ${failureText(error.code)}\n`);
  }
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2)}s`;
}
