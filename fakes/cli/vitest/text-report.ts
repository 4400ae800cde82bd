import { posix } from "node:path";
import { timeOfDay } from "../date-text.ts";
import { codeFrame, failurePlace } from "./failure-place.ts";
import { complaint, fileErrorMessage, fullName, stateOf } from "./test-run.ts";
import type { FileResult, TestResult, TestState } from "./test-run.ts";

export function bannerText(cwd: string): string {
  return `\n RUN  v5.1.1 ${cwd}\n\n`;
}

/** A line for each file; of one that failed, the tree of its tests. */
export function defaultText(files: readonly FileResult[]): string {
  return files
    .filter((file) => file.state !== "pending")
    .map((file) => {
      const durationMs = file.tests.reduce((sum, test) => sum + test.durationMs, 0);
      const duration = durationMs > 0 ? ` ${durationMs}ms` : "";
      const line = ` ${SYMBOLS[file.state]} ${file.path} (${fileCounts(file.tests)})${duration}\n`;
      return file.state === "failed" ? line + treeText(file.tests, 0) : line;
    })
    .join("");
}

/** A line for each test. */
export function verboseText(files: readonly FileResult[]): string {
  const lines = files.flatMap((file) =>
    file.tests.map((result) => {
      const { test, expectation } = result;
      const line = ` ${testLine(result, `${file.path} > ${fullName(test)}`)}\n`;
      return expectation === undefined ? line : `${line}   → ${complaint(expectation)}\n`;
    }),
  );
  return lines.join("");
}

/** The counts at the end. */
export function sumText(
  files: readonly FileResult[],
  run: { readonly startMs: number; readonly durationMs: number },
): string {
  const tests = files.flatMap((file) => file.tests.map((test) => test.state));
  const fileStates = files.map((file) => file.state);
  const counted = (states: readonly TestState[]): string => {
    const parts = (["failed", "passed", "skipped", "todo"] as const).flatMap((state) => {
      const count = states.filter((other) => other === state).length;
      return count === 0 ? [] : [`${count} ${state}`];
    });
    return `${parts.join(" | ")} (${states.length})`;
  };
  const lines = [
    ` Test Files  ${counted(fileStates)}`,
    `      Tests  ${tests.length === 0 ? "no tests" : counted(tests)}`,
    `   Start at  ${timeOfDay(run.startMs)}`,
    `   Duration  ${durationText(run.durationMs)} (import 45%, transform 25%, worker 16%, tests 14%)`,
  ];
  return `\n${lines.join("\n")}\n\n`;
}

/** What failed and why, which goes to standard error. */
export function failuresText(files: readonly FileResult[], cwd: string): string {
  const broken = files.filter((file) => file.error !== undefined);
  const failed = files.flatMap((file) =>
    file.tests.filter(({ state }) => state === "failed").map((result) => ({ file, result })),
  );
  const total = broken.length + failed.length;
  const end = (index: number): string => {
    const count = `[${index + 1}/${total}]⎯`;
    return `${"⎯".repeat(RULER_COLUMNS - count.length)}${count}\n\n`;
  };
  let text = total === 0 ? "" : "\n";
  if (broken.length > 0) text += ruler(`Failed Suites ${broken.length}`);
  broken.forEach((file, index) => {
    const absolute = posix.resolve(cwd, file.path);
    text += ` FAIL  ${file.path} [ ${file.path} ]\nError: ${fileErrorMessage(file.error!, absolute)}\n`;
    if (file.error!.kind === "syntax") {
      text += `  Plugin: vite:oxc\n  File: ${posix.resolve(cwd, file.error!.brokenPath)}\n\n`;
    }
    text += end(index);
  });
  if (failed.length > 0) text += ruler(`Failed Tests ${failed.length}`);
  failed.forEach(({ file, result }, index) => {
    const place = failurePlace(file.lines, result.expectation!);
    text +=
      ` FAIL  ${file.path} > ${fullName(result.test)}\nAssertionError: ${complaint(result.expectation!)}\n` +
      ` ❯ ${file.path}:${place.line}:${place.column}\n${codeFrame(file.lines, place)}\n${end(broken.length + index)}`;
  });
  return text;
}

function fileCounts(tests: readonly TestResult[]): string {
  const total = `${tests.length} test${tests.length > 1 ? "s" : ""}`;
  const parts = (["failed", "skipped", "todo"] as const).flatMap((state) => {
    const count = tests.filter((test) => test.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return [total, ...parts].join(" | ");
}

/** Suites with the number of tests below them, in order of the file. */
function treeText(tests: readonly TestResult[], depth: number): string {
  let text = "";
  const indent = " ".repeat(3 + 2 * depth);
  for (let index = 0; index < tests.length;) {
    const first = tests[index]!;
    const suite = first.test.suites[depth];
    if (suite === undefined) {
      text += `${indent}${testLine(first, first.test.title)}\n`;
      index += 1;
      continue;
    }
    let end = index;
    while (end < tests.length && tests[end]!.test.suites[depth] === suite) end += 1;
    const inside = tests.slice(index, end);
    text += `${indent}${SYMBOLS[stateOf(inside)]} ${suite} (${inside.length})\n${treeText(inside, depth + 1)}`;
    index = end;
  }
  return text;
}

function testLine({ state, durationMs }: TestResult, name: string): string {
  const duration = state === "passed" || state === "failed" ? ` ${durationMs}ms` : "";
  return `${TEST_SYMBOLS[state]} ${name}${duration}`;
}

function durationText(durationMs: number): string {
  return durationMs < 1000 ? `${durationMs}ms` : `${(durationMs / 1000).toFixed(2)}s`;
}

function ruler(title: string): string {
  const total = RULER_COLUMNS - title.length - 2;
  const left = Math.floor(total / 2);
  return `${"⎯".repeat(left)} ${title} ${"⎯".repeat(total - left)}\n\n`;
}

const RULER_COLUMNS = 30;
const SYMBOLS = { passed: "✓", failed: "❯", skipped: "↓", pending: "·" } as const;
const TEST_SYMBOLS = { passed: "✓", failed: "×", skipped: "↓", todo: "□", pending: "·" } as const;
