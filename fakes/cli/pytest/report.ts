import type { Expectation, SideEffect, TestFunction } from "./test-file.ts";

export interface CollectedFile {
  readonly path: string;
  readonly tests: readonly TestFunction[];
  /** Of the file itself and of the code it names. */
  readonly effects: readonly SideEffect[];
}

/** A test file that cannot be imported, and the file that Python refuses. */
export interface CollectionError {
  readonly path: string;
  readonly brokenPath: string;
  readonly line: number;
}

export interface FailedTest {
  readonly path: string;
  readonly test: TestFunction;
  readonly expectation: Expectation;
}

export function failureReport(failed: readonly FailedTest[], failuresMax: number): string {
  const details = failed.map(
    ({ path, test, expectation }) =>
      `${ruler(test.name, "_")}\n\n` +
      `    def ${test.name}():\n` +
      `>       ${assertion(expectation)}\n` +
      `E       ${complaint(expectation)}\n\n` +
      `${path}:${expectation.line}: AssertionError\n`,
  );
  const summary = failed.map(
    ({ path, test, expectation }) => `FAILED ${path}::${test.name} - ${complaint(expectation)}\n`,
  );
  const stopped = failed.length >= failuresMax ? `${ruler(`stopping after ${failed.length} failures`, "!")}\n` : "";
  return `${ruler("FAILURES", "=")}\n${details.join("")}${ruler("short test summary info", "=")}\n${summary.join("")}${stopped}`;
}

export function errorReport(errors: readonly CollectionError[]): string {
  const details = errors.map(
    ({ path, brokenPath, line }) =>
      `${ruler(`ERROR collecting ${path}`, "_")}\n` +
      `E     File "${brokenPath}", line ${line}\n` +
      "E   SyntaxError: invalid syntax\n",
  );
  const count = `${errors.length} error${errors.length === 1 ? "" : "s"}`;
  return (
    `\n${ruler("ERRORS", "=")}\n${details.join("")}${ruler("short test summary info", "=")}\n` +
    `${errors.map(({ path }) => `ERROR ${path}\n`).join("")}${ruler(`Interrupted: ${count} during collection`, "!")}\n`
  );
}

export function summaryLine(counts: { readonly failed: number; readonly passed: number }, duration: string): string {
  const parts = [
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.passed > 0 ? [`${counts.passed} passed`] : []),
  ];
  return `${parts.join(", ")} in ${duration}\n`;
}

function assertion(expectation: Expectation): string {
  return `assert ${JSON.stringify(expectation.token)} in source(${JSON.stringify(expectation.path)})`;
}

function complaint(expectation: Expectation): string {
  return `AssertionError: ${expectation.path} lacks ${expectation.token}`;
}

/** A title in the middle of a line of 80 characters. */
function ruler(title: string, fill: string): string {
  const total = Math.max(2, 78 - title.length);
  return `${fill.repeat(Math.floor(total / 2))} ${title} ${fill.repeat(Math.ceil(total / 2))}`;
}
