import { sqliteCode, sqliteCodes } from "./sqlite.ts";

/**
 * `unusable`: nothing was begun, and the file is as it was. `lost`: writing failed on the way; what was recorded until
 * then stands.
 */
export type LedgerErrorKind = "unusable" | "lost";

/** Something is wrong with a ledger's file. It is never repaired or overwritten without being asked for. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly kind: LedgerErrorKind;
  readonly path: string;
  readonly why: string;
  readonly fix: string;

  constructor(kind: LedgerErrorKind, path: string, { why, fix }: { readonly why: string; readonly fix: string }) {
    super(`ledger ${path}: ${why}; ${fix}`);
    this.kind = kind;
    this.path = path;
    this.why = why;
    this.fix = fix;
  }

  /** What is in the file is not what was written. */
  get isDamage(): boolean {
    return this.fix === damagedFix;
  }
}

/** What SQLite's error means for whoever runs a campaign. Errors that are not SQLite's are passed on. */
export function ledgerErrorOf(kind: LedgerErrorKind, path: string, error: unknown): unknown {
  const code = sqliteCode(error);
  return code === undefined ? error : new LedgerError(kind, path, explain(code, error as Error));
}

function explain(code: number, error: Error): { readonly why: string; readonly fix: string } {
  switch (code) {
    case sqliteCodes.busy:
      return { why: "another process writes it", fix: "wait for that campaign, or name another file with --ledger" };
    case sqliteCodes.full:
      return {
        why: "the disk is full; what was recorded until now is kept",
        fix: "make room and start the same command again: it goes on where it stopped",
      };
    case sqliteCodes.io:
      return {
        why: `cannot be read or written (${error.message})`,
        fix: "check the disk and start the same command again: it goes on where it stopped",
      };
    case sqliteCodes.corrupt:
      return { why: `is damaged (${error.message})`, fix: damagedFix };
    case sqliteCodes.notDatabase:
      return { why: "is no ledger", fix: "name a ledger, or a file that does not exist, with --ledger" };
    case sqliteCodes.readOnly:
    case sqliteCodes.cannotOpen:
      return { why: "cannot be opened for writing", fix: "name a file in a folder that can be written to" };
    default:
      return { why: error.message, fix: "see the SQLite documentation for this error" };
  }
}

export const damagedFix =
  "move it away to start anew, or save what can be read with `sqlite3 FILE .recover | sqlite3 NEW`; it was not changed";
