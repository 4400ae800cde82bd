import { posix } from "node:path";
import type { ProgramContext } from "../../src/ports/program.ts";
import { failureText, isHostFileFailure } from "./host-file-failure.ts";

/**
 * What the simulated test runners read in comments of tests and of the code under test, so that scripts can write both
 * and a reader takes them for Python or TypeScript. The comment begins with `#` or `//`:
 *
 *     expect: src/calc.py contains def add       in a test: what must stand in another file
 *     syntax error                               the file cannot be imported
 *     side effect: write <path> <text>           what running the code does to the world; also `remove <path>`, `hang`
 *
 * Paths start at the folder the runner runs in.
 */
export interface Expectation {
  /** From 1. */
  readonly line: number;
  readonly path: string;
  readonly token: string;
}

export type SideEffect =
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "hang" };

export interface Code {
  /** The first line, from 1, that cannot be parsed; undefined when there is none. */
  readonly syntaxErrorLine: number | undefined;
  readonly effects: readonly SideEffect[];
}

export function parseExpectation(content: string, line: number): Expectation | undefined {
  const match = /^\s*(?:#|\/\/) expect: (\S+) contains (.+?)\s*$/.exec(content);
  return match === null ? undefined : { line, path: match[1]!, token: match[2]! };
}

export function parseCode(text: string): Code {
  const effects: SideEffect[] = [];
  let syntaxErrorLine: number | undefined;
  if (!/(?:#|\/\/) s/.test(text)) return { syntaxErrorLine, effects };
  text.split("\n").forEach((line, index) => {
    if (/^\s*(?:#|\/\/) syntax error\s*$/.test(line)) syntaxErrorLine ??= index + 1;
    const effect = /^\s*(?:#|\/\/) side effect: (write|remove|hang)(?: (\S+))?(?: (.*))?$/.exec(line);
    const path = effect?.[2];
    if (effect?.[1] === "hang") effects.push({ kind: "hang" });
    else if (effect?.[1] === "write" && path !== undefined)
      effects.push({ kind: "write", path, text: effect[3] ?? "" });
    else if (effect?.[1] === "remove" && path !== undefined) effects.push({ kind: "remove", path });
  });
  return { syntaxErrorLine, effects };
}

export function holds(context: ProgramContext, expectation: Expectation): boolean {
  return readCode(context, expectation.path)?.includes(expectation.token) ?? false;
}

/** The line that fails: the first one of code behind the comment, else the comment itself. */
export function failingLine(lines: readonly string[], expectation: Expectation): number {
  const below = lines.slice(expectation.line);
  const offset = below.findIndex((line) => line.trim() !== "" && !/^\s*(?:#|\/\/|[})\]])/.test(line));
  const isInside = offset !== -1 && indentOf(below[offset]!) >= indentOf(lines[expectation.line - 1]!);
  return isInside ? expectation.line + 1 + offset : expectation.line;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** undefined when there is no such file. */
export function readCode(context: ProgramContext, path: string): string | undefined {
  try {
    return context.files.readText(posix.resolve(context.cwd, path));
  } catch (error) {
    if (!isHostFileFailure(error)) throw error;
    return undefined;
  }
}

/** A failure goes to standard error and changes nothing else, as in code that catches it. */
export function performEffect(context: ProgramContext, effect: Exclude<SideEffect, { kind: "hang" }>): void {
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
