import type * as sqlite from "node:sqlite";

/** SQLite as Node has it built in. Node 22 warns that it is experimental: what is used of it here has not changed since. */
export function loadSqlite(): typeof sqlite {
  const emitWarning = process.emitWarning.bind(process) as (...values: readonly unknown[]) => void;
  process.emitWarning = (...values: readonly unknown[]): void => {
    if (!String(values[0]).includes("SQLite is an experimental feature")) emitWarning(...values);
  };
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** SQLite's result code of an error, without the extension in its upper bits; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

/** Source: sqlite.org/rescode.html */
export const sqliteCodes = { busy: 5, readOnly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notDatabase: 26 };
