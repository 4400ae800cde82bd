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

/** Said by commands that look for untracked files below the one folder that all pathspecs are in, when it is not there. */
export function warnOfMissingFolder(session: Session, pathspecs: readonly Pathspec[]): void {
  const [first, ...others] = pathspecs.map(literalFolder);
  if (first === undefined) return;
  const shared = first.filter((part, index) =>
    others.every((other) => other.slice(0, index + 1).join("/") === first.slice(0, index + 1).join("/")),
  );
  const kindOf = (parts: readonly string[]) => session.files.stat(posix.join(session.repository.root, ...parts))?.kind;
  if (kindOf(shared.slice(0, 1)) !== "folder" || kindOf(shared) === "folder") return;
  const reason = kindOf(shared) === undefined ? "No such file or directory" : "Not a directory";
  session.printError(`warning: could not open directory '${shared.join("/")}/': ${reason}`);
}

/** The folders in front of the last part, or of the first that is a pattern. */
function literalFolder({ path, text }: Pathspec): readonly string[] {
  const parts = path === "" ? [] : path.split("/");
  const pattern = parts.findIndex((part) => /[*?[\\]/.test(part));
  const whole = text.endsWith("/") ? parts.length : parts.length - 1;
  return parts.slice(0, pattern === -1 ? Math.max(0, whole) : pattern);
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
