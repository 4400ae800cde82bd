import { failingLine } from "../test-code.ts";
import type { Expectation } from "../test-code.ts";

/** Where a test failed, from 1. */
export interface FailurePlace {
  readonly line: number;
  readonly column: number;
}

/** At the matcher of an assertion, at `new` behind `throw`, or where the line begins. */
export function failurePlace(lines: readonly string[], expectation: Expectation): FailurePlace {
  const line = failingLine(lines, expectation);
  const text = lines[line - 1]!;
  const matcher = text.search(/\.to[A-Z]\w*\(/);
  const thrown = text.search(/\bnew \w/);
  const start = text.search(/\S/);
  return { line, column: (matcher !== -1 ? matcher + 1 : thrown !== -1 ? thrown : Math.max(0, start)) + 1 };
}

/** Five lines around the place. */
export function codeFrame(lines: readonly string[], place: FailurePlace): string {
  let frame = "";
  for (let line = Math.max(1, place.line - 2); line <= Math.min(lines.length, place.line + 2); line++) {
    frame += `${`${String(line).padStart(NUMBER_COLUMNS)}| ${shortened(lines[line - 1]!)}`.trimEnd()}\n`;
    if (line === place.line) frame += `${" ".repeat(NUMBER_COLUMNS)}|${" ".repeat(place.column)}^\n`;
  }
  return frame;
}

function shortened(code: string): string {
  const text = code.replaceAll("\t", " ");
  return text.length <= CODE_COLUMNS ? text : `${text.slice(0, CODE_COLUMNS - 1)}…`;
}

const CODE_COLUMNS = 71;
const NUMBER_COLUMNS = 7;
