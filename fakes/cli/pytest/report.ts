import { posix } from "node:path";
import { failingLine } from "../test-code.ts";
import type { Expectation } from "../test-code.ts";
import { nodeId } from "./collection.ts";
import type { CollectionError, TestItem } from "./collection.ts";
import type { Traceback } from "./invocation.ts";

export interface FailedTest {
  readonly item: TestItem;
  readonly expectation: Expectation;
}

/** A title in the middle of a line of 80 characters. */
export function ruler(title: string, fill: string): string {
  const total = Math.max(2, 78 - title.length);
  return `${fill.repeat(Math.floor(total / 2))} ${title} ${fill.repeat(Math.ceil(total / 2))}\n`;
}

export function headerText(where: {
  readonly cwd: string;
  readonly verbose: boolean;
  readonly details: boolean;
}): string {
  const python = where.verbose ? " -- /usr/bin/python3" : "";
  const details = `platform linux -- Python 3.11.7, pytest-9.0.3, pluggy-1.6.0${python}\nrootdir: ${where.cwd}\n`;
  return ruler("test session starts", "=") + (where.details ? details : "");
}

export function collectedText(counts: {
  readonly items: number;
  readonly errors: number;
  readonly deselected: number;
  readonly verbose: boolean;
}): string {
  const { items, errors, deselected } = counts;
  const parts = [`collected ${counted(items, "item")}`];
  if (errors > 0) parts.push(counted(errors, "error"));
  if (deselected > 0) parts.push(`${deselected} deselected`, `${items - deselected} selected`);
  return `${counts.verbose ? "collecting ... " : ""}${parts.join(" / ")}\n`;
}

/** A test that ran: `.` passed, `F` failed. */
export type RanTest = readonly [item: TestItem, letter: "." | "F"];

/**
 * One letter for each test, a line for each file when not quiet, or with `-v` a line for each test. The share that is
 * done stands at the end of full lines and of the last, unless output is not captured and may come between.
 */
export function progressText(
  ran: readonly RanTest[],
  total: number,
  how: { readonly verbosity: number; readonly shares: boolean },
): string {
  const letters = (tests: readonly RanTest[]): string => tests.map(([, letter]) => letter).join("");
  if (how.verbosity > 0) {
    const lines = ran.map(([item, letter], index) => {
      const line = `${nodeId(item)} ${letter === "F" ? "FAILED" : "PASSED"}`;
      return how.shares ? withShare(line, index + 1, total) : line;
    });
    return lines.map((line) => `${line}\n`).join("");
  }
  const byFile = Map.groupBy(ran, ([item]) => item.path);
  const lines =
    how.verbosity < 0
      ? [["", letters(ran)] as const]
      : [...byFile].map(([path, tests]) => [`${path} `, letters(tests)] as const);
  return how.shares ? progressLines(lines, total) : lines.map((line) => `${line.join("")}\n`).join("");
}

function progressLines(lines: readonly (readonly [start: string, letters: string])[], total: number): string {
  let text = "";
  let done = 0;
  for (const [index, [start, letters]] of lines.entries()) {
    let line = start;
    for (const letter of letters) {
      line += letter;
      done += 1;
      if (done < total && line.length + SHARE_COLUMNS < LINE_COLUMNS) continue;
      if (done < total && letters.length > line.length - start.length) {
        text += `${line}${share(done, total)}\n`;
        line = "";
      }
    }
    // A run that was stopped leaves its last line without a share.
    const stopped = index === lines.length - 1 && done < total;
    if (line !== "") text += `${stopped ? line : withShare(line, done, total)}\n`;
  }
  return text;
}

function withShare(line: string, done: number, total: number): string {
  return line + share(done, total).padStart(LINE_COLUMNS - line.length);
}

function share(done: number, total: number): string {
  return ` [${String(Math.floor((100 * done) / total)).padStart(3)}%]`;
}

export function failuresText(failed: readonly FailedTest[], traceback: Traceback, cwd: string): string {
  if (traceback === "no" || failed.length === 0) return "";
  return ruler("FAILURES", "=") + failed.map((failure) => failureText(failure, traceback, cwd)).join("");
}

function failureText({ item, expectation }: FailedTest, traceback: Exclude<Traceback, "no">, cwd: string): string {
  const { test, lines, path } = item;
  const at = failingLine(lines, expectation);
  const code = lines[at - 1]!;
  const message = complaint(expectation);
  if (traceback === "line") return `E   ${message}\n${posix.resolve(cwd, path)}:${at}: ${message}\n`;
  const title = ruler(test.className === undefined ? test.name : `${test.className}.${test.name}`, "_");
  if (traceback === "short") {
    return `${title}${path}:${at}: in ${test.name}\n    ${code.trim()}\nE   ${message}\n`;
  }
  return `${title}\n${failureDetail({ item, expectation })}`;
}

/** Why a test failed: its source from the first line to the one that fails. */
export function failureDetail({ item, expectation }: FailedTest): string {
  const { test, lines, path } = item;
  const at = failingLine(lines, expectation);
  const indent = /^\s*/.exec(lines[test.line - 1] ?? "")![0].length;
  // An expectation above all tests belongs to the first of them.
  const shown = lines.slice(Math.min(test.line, at) - 1, at).map((line) => line.slice(indent));
  const source = shown.map((line, index) => `${index === shown.length - 1 ? ">" : " "}   ${line}\n`);
  const reason = `E       ${complaint(expectation)}\n`;
  return `${receiverText(item)}${source.join("")}${reason}\n${path}:${at}: AssertionError\n`;
}

/** What pytest shows of the object that a method is called on. Its address is always the same here. */
function receiverText({ path, test }: TestItem): string {
  if (test.className === undefined) return "";
  const module = posix.basename(path, ".py");
  return `self = <${module}.${test.className} object at 0x7f0000000000>\n\n`;
}

export function errorsText(errors: readonly CollectionError[], traceback: Traceback): string {
  if (traceback === "no") return "";
  const details = errors.map(
    ({ path, brokenPath, line }) =>
      ruler(`ERROR collecting ${path}`, "_") +
      `E     File "${brokenPath}", line ${line}\n` +
      "E   SyntaxError: invalid syntax\n",
  );
  return `${ruler("ERRORS", "=")}${details.join("")}`;
}

export function interruptedText(errors: readonly CollectionError[]): string {
  return ruler(`Interrupted: ${counted(errors.length, "error")} during collection`, "!");
}

/** One line for each, cut to 80 columns unless a build server reads them. */
export function summaryText(summary: {
  readonly passed: readonly TestItem[];
  readonly failed: readonly FailedTest[];
  readonly errors: readonly CollectionError[];
  readonly cut: boolean;
}): string {
  const failed = summary.failed.map(({ item, expectation }) => {
    const line = `FAILED ${nodeId(item)}`;
    const room = LINE_COLUMNS + 1 - line.length - " - ".length;
    return `${line}${shortened(` - ${complaint(expectation)}`, summary.cut ? room + " - ".length : Infinity)}\n`;
  });
  const lines = [
    ...summary.passed.map((item) => `PASSED ${nodeId(item)}\n`),
    ...summary.errors.map(({ path }) => `ERROR ${path}\n`),
    ...failed,
  ];
  return lines.length === 0 ? "" : ruler("short test summary info", "=") + lines.join("");
}

function shortened(text: string, columns: number): string {
  if (text.length <= columns) return text;
  const kept = columns - "...".length;
  // Without room for the reason it is left out.
  return kept <= " - ".length ? "" : `${text.slice(0, kept)}...`;
}

/** As `1 failed, 2 passed, 3 deselected in 0.80s`. */
export function outcomeText(
  counts: { readonly failed: number; readonly passed: number; readonly deselected: number; readonly errors: number },
  duration: string,
): string {
  const parts = [
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.passed > 0 ? [`${counts.passed} passed`] : []),
    ...(counts.deselected > 0 ? [`${counts.deselected} deselected`] : []),
    ...(counts.errors > 0 ? [counted(counts.errors, "error")] : []),
  ];
  return `${parts.length === 0 ? "no tests ran" : parts.join(", ")} in ${duration}`;
}

export function complaint(expectation: Expectation): string {
  return `AssertionError: ${expectation.path} lacks ${expectation.token}`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Pytest leaves the last of 80 columns free. */
const LINE_COLUMNS = 79;
const SHARE_COLUMNS = " [100%]".length;
