import { xmlAttribute, xmlText } from "../xml-text.ts";
import type { CollectionError, TestItem } from "./collection.ts";
import { complaint, failureDetail } from "./report.ts";
import type { FailedTest } from "./report.ts";

export interface JunitReport {
  readonly items: readonly TestItem[];
  readonly failed: readonly FailedTest[];
  readonly errors: readonly CollectionError[];
  readonly durationMs: number;
  /** As in ISO 8601. */
  readonly timestamp: string;
}

/** The file of `--junitxml`, on one line as pytest writes it. */
export function junitText(report: JunitReport): string {
  const { items, failed, errors } = report;
  const failures = new Map(failed.map((failure) => [failure.item, failure]));
  const tests = items.length + errors.length;
  const timeS = items.length === 0 ? 0 : report.durationMs / 1000 / items.length / 10;
  const cases = items.map((item) => {
    const classes = [moduleName(item.path), ...(item.test.className === undefined ? [] : [item.test.className])];
    const start = `<testcase classname="${xmlText(classes.join("."))}" name="${item.test.name}" time="${timeS.toFixed(3)}"`;
    const failure = failures.get(item);
    if (failure === undefined) return `${start} />`;
    const message = xmlAttribute(complaint(failure.expectation));
    return `${start}><failure message="${message}">${xmlText(failureDetail(failure).trim())}</failure></testcase>`;
  });
  const broken = errors.map(({ path, brokenPath, line }) => {
    const text = `E     File "${brokenPath}", line ${line}\nE   SyntaxError: invalid syntax`;
    return `<testcase classname="" name="${xmlText(moduleName(path))}" time="0.000"><error message="collection failure">${xmlText(text)}</error></testcase>`;
  });
  return (
    '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests">' +
    `<testsuite name="pytest" errors="${errors.length}" failures="${failed.length}" skipped="0" tests="${tests}" ` +
    `time="${(report.durationMs / 1000).toFixed(3)}" timestamp="${report.timestamp}" hostname="localhost">` +
    `${broken.join("")}${cases.join("")}</testsuite></testsuites>`
  );
}

function moduleName(path: string): string {
  return path.replace(/\.py$/, "").replaceAll("/", ".");
}
