import type { OptionSpec, ParsedArguments } from "./arguments.ts";
import { numberStatText, shortStatText, statText, summaryText } from "./diff-stat.ts";
import { compareTrees } from "./difference.ts";
import { fatal } from "./failure.ts";
import type { ObjectId, Tree } from "./object.ts";
import { patchOf } from "./patch.ts";
import { matchesAny } from "./pathspec.ts";
import type { Pathspec } from "./pathspec.ts";
import { quotedPath } from "./quoted-path.ts";
import type { BlobReader } from "./renames.ts";
import type { Session } from "./session.ts";
import type { Change } from "./tree-change.ts";

/** The options of `git diff`, `git show` and `git log` that say how changes are shown. */
export const diffFlags: NonNullable<OptionSpec["flags"]> = {
  "--name-only": "names",
  "--name-status": "status",
  "--numstat": "numstat",
  "--stat": "stat",
  "--shortstat": "shortstat",
  "--summary": "summary",
  "-p": "patch",
  "-u": "patch",
  "--patch": "patch",
  "-s": "no-patch",
  "--no-patch": "no-patch",
  "-z": "nul",
  "--no-renames": "no-renames",
  "-M": "renames",
  "--find-renames": "renames",
  "--no-color": "no-color",
  "--color=never": "no-color",
  "--no-ext-diff": "no-ext-diff",
};

type DiffPart = "names" | "status" | "numstat" | "stat" | "shortstat" | "summary" | "patch";

export interface DiffForm {
  /** In the order in which they are printed; empty to print nothing. */
  readonly parts: readonly DiffPart[];
  readonly nul: boolean;
  readonly renames: boolean;
}

/** @param otherwise what is shown without an option that says so */
export function diffForm(parsed: ParsedArguments, otherwise: readonly DiffPart[]): DiffForm {
  const { flags } = parsed;
  const exclusive = ["names", "status", "no-patch"].filter((flag) => flags.has(flag));
  if (exclusive.length > 1)
    fatal("options '--name-only', '--name-status', '--check', and '-s' cannot be used together");
  const order: readonly DiffPart[] = ["names", "status", "numstat", "stat", "shortstat", "summary", "patch"];
  const named = order.filter((part) => flags.has(part));
  const names = named.filter((part) => part === "names" || part === "status");
  const parts = flags.has("no-patch") ? [] : names.length > 0 ? names : named.length > 0 ? named : otherwise;
  return { parts, nul: flags.has("nul"), renames: !flags.has("no-renames") };
}

/** Paths are limited before renames are sought, as git does: a rename across the limit is an addition. */
export function changesBetween(
  before: Tree,
  after: Tree,
  options: { readonly pathspecs: readonly Pathspec[]; readonly renames: BlobReader | undefined },
): readonly Change[] {
  const { pathspecs, renames } = options;
  const limited = (tree: Tree): Tree => new Map([...tree].filter(([path]) => matchesAny(pathspecs, path)));
  return compareTrees(limited(before), limited(after), renames === undefined ? {} : { renames });
}

/** Of the repository, and of files on disk that it does not hold. */
export function blobReader(session: Session, onDisk?: (id: ObjectId) => Uint8Array | undefined): BlobReader {
  const { repository } = session;
  return (id) => (repository.hasBlob(id) ? undefined : onDisk?.(id)) ?? repository.readBlob(id);
}

/** @returns whether anything was printed */
export function printDiff(session: Session, changes: readonly Change[], form: DiffForm, readBlob: BlobReader): boolean {
  if (changes.length === 0) return false;
  const options = { keepUnicode: keepsUnicode(session) };
  let separate = false;
  for (const part of form.parts) {
    switch (part) {
      case "names":
      case "status":
        printNames(session, changes, { nul: form.nul, status: part === "status" });
        break;
      case "numstat":
        session.context.stdout(numberStatText(changes, readBlob, { ...options, nul: form.nul }));
        break;
      case "stat":
        session.context.stdout(statText(changes, readBlob, options));
        break;
      case "shortstat":
        session.context.stdout(shortStatText(changes, readBlob));
        break;
      case "summary":
        session.context.stdout(summaryText(changes, options));
        break;
      case "patch":
        if (separate) session.context.stdout(form.nul ? "\0" : "\n");
        for (const change of changes) session.context.stdout(patchOf(change, readBlob, options));
    }
    separate = true;
  }
  return form.parts.length > 0;
}

function printNames(
  session: Session,
  changes: readonly Change[],
  form: { readonly nul: boolean; readonly status: boolean },
): void {
  const keepUnicode = keepsUnicode(session);
  const shown = (path: string): string => (form.nul ? path : quotedPath(path, { keepUnicode }));
  for (const change of changes) {
    const renamed = change.letter === "R";
    const letter = renamed ? `R${String(change.similarityPercent).padStart(3, "0")}` : change.letter;
    const fields = form.status
      ? [letter, ...(renamed ? [shown(change.from)] : []), shown(change.path)]
      : [shown(change.path)];
    session.context.stdout(form.nul ? `${fields.join("\0")}\0` : `${fields.join("\t")}\n`);
  }
}

export function keepsUnicode(session: Session): boolean {
  return session.config("core.quotepath") === "false";
}
