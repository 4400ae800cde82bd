import { posix } from "node:path";
import { fatal } from "./failure.ts";
import { globExpression } from "./glob.ts";
import type { Session } from "./session.ts";

/** Which paths a command is about: an exact path, a folder and all below it, or a shell pattern. */
export interface Pathspec {
  /** As it was given. */
  readonly text: string;
  /** From the root of the work tree; empty for the root itself. */
  readonly path: string;
  readonly matches: (path: string) => boolean;
}

/** @param given relative to where the command runs, or absolute */
export function parsePathspecs(session: Session, given: readonly string[]): Pathspec[] {
  return given.map((text) => parsePathspec(session, text));
}

/** Whether any pathspec matches; true without any. */
export function matchesAny(pathspecs: readonly Pathspec[], path: string): boolean {
  return pathspecs.length === 0 || pathspecs.some((pathspec) => pathspec.matches(path));
}

function parsePathspec(session: Session, text: string): Pathspec {
  if (text === "") fatal("empty string is not a valid pathspec. please use . instead if you meant to match all paths");
  if (text.startsWith(":")) session.unmodelled([text]);
  const root = session.repository.root;
  const path = posix.relative(root, posix.resolve(session.cwd, text));
  if (path === ".." || path.startsWith("../")) fatal(`${text}: '${text}' is outside repository at '${root}'`);
  const expression = /[*?[\\]/.test(path) ? globExpression(path, { acrossFolders: true }) : undefined;
  return {
    text,
    path,
    matches: (candidate) =>
      path === "" || candidate === path || candidate.startsWith(`${path}/`) || (expression?.test(candidate) ?? false),
  };
}
