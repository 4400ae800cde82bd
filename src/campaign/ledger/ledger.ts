import { existsSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { assert } from "../../base/assert.ts";
import type { Case } from "../../sim/case.ts";
import type { Segment } from "../explore-seeds.ts";
import type { Failure, FailureKind } from "../failure.ts";
import type { RecordedTimeline } from "../recorded-timeline.ts";
import { rowAt, type SeedRow, type SeedRows } from "../seed-rows.ts";
import { addTally, emptyTally, type StoredTally, type Tally } from "../tally.ts";
import { damagedFix, LedgerError, ledgerErrorOf } from "./ledger-error.ts";
import { applicationId, schema, schemaVersion } from "./schema.ts";
import { loadSqlite } from "./sqlite.ts";

/** What is run. A seed of it is run once. */
export interface TargetKey {
  readonly scenario: string;
  /** The mutant, the epic and the budgets that it runs with; empty for none. */
  readonly variant: string;
  /** Hash of all that a run depends on. */
  readonly code: string;
  readonly strategy: string;
}

/** One start of a campaign. */
export interface Session {
  readonly id: number;
  readonly code: string;
}

/** How small a recorded case has become. */
export interface RecordedShrinking {
  readonly executions: number;
  readonly minimal: boolean;
  readonly actors: number;
}

/** A failure of a target, by signature. */
export interface RecordedFailure {
  /** The run of the lowest seed that failed so, with the case as it was found. */
  readonly failure: Failure;
  /** The smallest case until now. Undefined where the run left no case. */
  readonly case: Case | undefined;
  /** Undefined while it is not known that the case is small. */
  readonly shrunk: RecordedShrinking | undefined;
  readonly lastSeed: number;
  readonly runs: number;
}

/** Two results for one seed of one target. */
export interface Mismatch {
  readonly seed: number;
  readonly recordedHash: string;
  readonly otherHash: string;
}

/** By code: how often a signature was seen in how many runs. Codes in order of their first session. */
export interface CodeCount {
  readonly code: string;
  readonly runs: number;
  readonly hits: number;
  /** Session in which this code first failed so; undefined when it never did. */
  readonly firstSession: number | undefined;
}

export interface LedgerOptions {
  /** For whoever only looks: also while a campaign writes it. */
  readonly readOnly?: boolean;
  /** The file may become no longer than so many pages of 4 KiB. */
  readonly pagesMax?: number;
}

/**
 * What campaigns have run and found, in one SQLite file. A chunk of runs is recorded whole or not at all, so that a
 * process may be killed at any moment: no seed counts twice, and no seed counts that has no row. One process writes it at
 * a time; others may read it meanwhile.
 */
export class Ledger {
  readonly path: string;
  private readonly database: DatabaseSync;
  /** Held while this process writes: a file of its own, so that readers need not wait. */
  private readonly lock: DatabaseSync | undefined;
  private readonly statements = new Map<string, StatementSync>();

  /** @throws LedgerError when the file is damaged, of another version, no ledger, or written by another process */
  static open(path: string, options: LedgerOptions = {}): Ledger {
    try {
      return new Ledger(path, options);
    } catch (error) {
      throw ledgerErrorOf("unusable", path, error);
    }
  }

  private constructor(path: string, { readOnly = false, pagesMax }: LedgerOptions) {
    const { DatabaseSync } = loadSqlite();
    this.path = path;
    if (readOnly && !existsSync(path)) {
      throw new LedgerError("unusable", path, { why: "does not exist", fix: "name a file that a campaign wrote" });
    }
    this.lock = readOnly ? undefined : new DatabaseSync(`${path}-lock`);
    try {
      this.lock?.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
      this.database = new DatabaseSync(path, { readOnly });
    } catch (error) {
      this.lock?.close();
      throw error;
    }
    try {
      this.check();
      if (!readOnly) this.prepareToWrite(pagesMax);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** A number that grows with each start of a campaign. */
  beginSession(code: string): number {
    return this.writing(() =>
      Number(this.statement("INSERT INTO session (code) VALUES (?)").run(code).lastInsertRowid),
    );
  }

  get lastSession(): number {
    return this.statement("SELECT coalesce(max(id), 0) AS id FROM session").get()!["id"] as number;
  }

  /** Each start of a campaign, in order. */
  sessions(): readonly Session[] {
    return this.statement("SELECT id, code FROM session ORDER BY id").all() as unknown as readonly Session[];
  }

  /** Another number once another process has written. */
  get dataVersion(): number {
    return this.statement("PRAGMA data_version").get()!["data_version"] as number;
  }

  /** What is read in `body` is of one moment, whoever writes meanwhile. @throws LedgerError when it cannot be read */
  reading<Value>(body: () => Value): Value {
    try {
      this.database.exec("BEGIN");
      try {
        return body();
      } finally {
        if (this.database.isTransaction) this.database.exec("COMMIT");
      }
    } catch (error) {
      throw ledgerErrorOf("lost", this.path, error);
    }
  }

  /** @returns the number by which the other methods know it */
  target({ scenario, variant, code, strategy }: TargetKey): number {
    const find = this.statement(
      "SELECT id FROM target WHERE scenario = ? AND variant = ? AND code = ? AND strategy = ?",
    );
    const known = find.get(scenario, variant, code, strategy)?.["id"];
    if (known !== undefined) return known as number;
    return this.writing(() => {
      const insert = this.statement(
        "INSERT INTO target (scenario, variant, code, strategy, tally) VALUES (?, ?, ?, ?, ?)",
      );
      return Number(insert.run(scenario, variant, code, strategy, JSON.stringify(emptyTally())).lastInsertRowid);
    });
  }

  targets(): readonly (TargetKey & { readonly id: number })[] {
    const rows = this.statement("SELECT id, scenario, variant, code, strategy FROM target ORDER BY id").all();
    return rows as unknown as (TargetKey & { readonly id: number })[];
  }

  /** Seeds from `first` to `last` that are recorded, ascending. */
  recordedSeeds(target: number, first = 0, last = Number.MAX_SAFE_INTEGER): number[] {
    const select = this.statement("SELECT seed FROM run WHERE target = ? AND seed BETWEEN ? AND ? ORDER BY seed");
    return select.all(target, first, last).map((row) => row["seed"] as number);
  }

  /** The lowest and the highest seed that are recorded; undefined when none is. */
  seedSpanOf(target: number): { readonly first: number; readonly last: number } | undefined {
    const select = this.statement(
      "SELECT (SELECT min(seed) FROM run WHERE target = ?1) AS first, (SELECT max(seed) FROM run WHERE target = ?1) AS last",
    );
    const { first, last } = select.get({ "?1": target }) as { readonly first: number | null; readonly last: number };
    return first === null ? undefined : { first, last };
  }

  runsOf(target: number): number {
    return this.statement("SELECT count(*) AS runs FROM run WHERE target = ?").get(target)!["runs"] as number;
  }

  /**
   * Records runs in one transaction. Of seeds that are recorded already nothing is counted: their histories are compared.
   * A chunk is recorded whole, so either all of its seeds are new or none is.
   *
   * @param wallMs real time that went by since the chunk before
   */
  recordChunk(target: number, session: number, segments: readonly Segment[], wallMs = 0): void {
    this.writing(() => {
      const rows = segments.flatMap(({ rows: own }) => (own === undefined ? [] : eachRow(own)));
      assert(rows.length === sumRuns(segments), "a chunk is recorded with a row for each of its runs");
      const known = rows.filter((row) => this.rowOf(target, row.seed) !== undefined);
      assert(known.length === 0 || known.length === rows.length, "a chunk is recorded whole or not at all");
      if (known.length > 0) {
        this.compare(target, known);
        return;
      }
      const failures = this.recordFailures(target, session, segments);
      const insert = this.statement(
        "INSERT INTO run (target, seed, end, failure, history, timeline, strategy, steps) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      );
      for (const { seed, end, signature, historyHash, timeline, strategy, steps } of rows) {
        const failure = signature === "" ? null : failures.get(signature)!;
        insert.run(target, seed, end, failure, Buffer.from(historyHash, "hex"), timeline, strategy, steps);
      }
      const tally = this.tallyOf(target);
      for (const segment of segments) addTally(tally, segment.tally);
      const update = this.statement("UPDATE target SET tally = ?, wall_ms = wall_ms + ? WHERE id = ?");
      update.run(JSON.stringify(tally), wallMs, target);
    });
  }

  /** Holds runs that were made again against what is recorded. What differs is kept. */
  compareRows(target: number, rows: SeedRows): void {
    this.writing(() => this.compare(target, eachRow(rows)));
  }

  /** Keeps a smaller case of a failure; nothing, when a lower seed is known to fail so by now. */
  keepCase(target: number, { signature, seed }: Failure, input: Case, shrunk?: RecordedShrinking): void {
    this.writing(() => {
      const update = this.statement(
        "UPDATE failure SET small_case = ?, shrunk = ? WHERE target = ? AND signature = ? AND first_seed = ?",
      );
      const size = shrunk === undefined ? null : JSON.stringify(shrunk);
      update.run(JSON.stringify(input), size, target, signature, seed);
    });
  }

  tallyOf(target: number): Tally {
    const text = this.statement("SELECT tally FROM target WHERE id = ?").get(target)!["tally"] as string;
    const tally = emptyTally();
    addTally(tally, JSON.parse(text) as StoredTally);
    return tally;
  }

  /** Real time of exploring, of all campaigns together. */
  wallMsOf(target: number): number {
    return this.statement("SELECT wall_ms FROM target WHERE id = ?").get(target)!["wall_ms"] as number;
  }

  /** In order of the lowest seeds. */
  failuresOf(target: number): RecordedFailure[] {
    const rows = this.statement("SELECT * FROM failure WHERE target = ? ORDER BY first_seed, id").all(target);
    return rows.map((row) => {
      const found = caseIn(row["found_case"]);
      const shrunk = row["shrunk"] as string | null;
      return {
        failure: {
          kind: row["kind"] as FailureKind,
          signature: row["signature"] as string,
          seed: row["first_seed"] as number,
          strategy: row["strategy"] as string,
          invariant: row["invariant"] as string,
          message: row["message"] as string,
          ...(found === undefined ? {} : { case: found }),
          steps: row["steps"] as number,
        },
        case: caseIn(row["small_case"]) ?? found,
        shrunk: shrunk === null ? undefined : (JSON.parse(shrunk) as RecordedShrinking),
        lastSeed: row["last_seed"] as number,
        runs: row["runs"] as number,
      };
    });
  }

  /** Timeline fingerprints of the runs that left one, in order of seeds, with what chose their cases. */
  *timelinesOf(target: number): Generator<RecordedTimeline> {
    const select = this.statement(
      "SELECT seed, timeline, strategy FROM run WHERE target = ? AND timeline IS NOT NULL ORDER BY seed",
    );
    for (const row of select.iterate(target)) yield row as unknown as RecordedTimeline;
  }

  mismatchesOf(target: number): Mismatch[] {
    const rows = this.statement("SELECT * FROM mismatch WHERE target = ? ORDER BY seed, other").all(target);
    return rows.map((row) => ({
      seed: row["seed"] as number,
      recordedHash: hexOf(row["recorded"]),
      otherHash: hexOf(row["other"]),
    }));
  }

  /** Signatures that a scenario was ever seen to fail with, by any code and strategy, in order of their names. */
  signaturesOf(scenario: string, variant: string): string[] {
    const rows = this.statement(
      `SELECT DISTINCT signature FROM failure JOIN target ON target.id = failure.target
       WHERE scenario = ? AND variant = ? ORDER BY signature`,
    ).all(scenario, variant);
    return rows.map((row) => row["signature"] as string);
  }

  /** How often a signature was seen, by code, in order of codes' first targets. */
  countsByCode(scenario: string, variant: string, signature: string): CodeCount[] {
    const rows = this.statement(
      // A tally counts exactly the runs that have a row: counting those takes a tenth of a second for a million.
      `SELECT code, min(target.id) AS first, sum(json_extract(tally, '$.runs')) AS runs,
              coalesce(sum(failure.runs), 0) AS hits, min(first_session) AS session
       FROM target LEFT JOIN failure ON failure.target = target.id AND failure.signature = ?
       WHERE scenario = ? AND variant = ? GROUP BY code ORDER BY first`,
    ).all(signature, scenario, variant);
    return rows.map((row) => ({
      code: row["code"] as string,
      runs: row["runs"] as number,
      hits: row["hits"] as number,
      firstSession: (row["session"] as number | null) ?? undefined,
    }));
  }

  close(): void {
    this.database.close();
    this.lock?.close();
  }

  /** A file that is not empty must be a ledger of this version, and sound: nothing is written before that is known. */
  private check(): void {
    const numberOf = (pragma: string): number =>
      Object.values(this.database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0] as number;
    const tables = this.database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()!["tables"] as number;
    const id = numberOf("application_id");
    if (tables > 0 && id !== applicationId) {
      throw new LedgerError("unusable", this.path, {
        why: "is a database of something else",
        fix: "name a ledger, or a file that does not exist, with --ledger",
      });
    }
    const version = numberOf("user_version");
    if (id === applicationId && version !== schemaVersion) {
      throw new LedgerError("unusable", this.path, {
        why: `has version ${version}, this stormlane reads version ${schemaVersion}`,
        fix: "use the stormlane that wrote it, or name another file with --ledger",
      });
    }
    const [first] = this.database.prepare("PRAGMA quick_check(1)").all();
    const found = Object.values(first ?? {})[0];
    if (found !== "ok") {
      throw new LedgerError("unusable", this.path, {
        why: `is damaged (${String(found).replaceAll("\n", " ")})`,
        fix: damagedFix,
      });
    }
  }

  private prepareToWrite(pagesMax: number | undefined): void {
    // A commit survives the end of the process; the end of the machine may cost the last ones, and nothing else.
    this.database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    if (pagesMax !== undefined) this.database.exec(`PRAGMA max_page_count = ${pagesMax}`);
    const tables = this.database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()!["tables"] as number;
    if (tables > 0) return;
    this.database.exec(
      `BEGIN; ${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`,
    );
  }

  /** @returns by signature: the number of its row */
  private recordFailures(target: number, session: number, segments: readonly Segment[]): Map<string, number> {
    const upsert = this.statement(
      `INSERT INTO failure (target, signature, kind, invariant, message, strategy, steps, first_seed, last_seed, runs,
                            first_session, found_case)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
       ON CONFLICT (target, signature) DO UPDATE SET
         runs = runs + 1, last_seed = max(last_seed, excluded.last_seed) RETURNING id, first_seed`,
    );
    // What the lowest seed says stands, in whatever order chunks come.
    const replace = this.statement(
      `UPDATE failure SET kind = ?, invariant = ?, message = ?, strategy = ?, steps = ?, first_seed = ?,
                          found_case = ?, small_case = NULL, shrunk = NULL WHERE id = ?`,
    );
    const ids = new Map<string, number>();
    for (const { failure } of segments) {
      if (failure === undefined) continue;
      const { signature, kind, invariant, message, strategy, steps, seed } = failure;
      const found = failure.case === undefined ? null : JSON.stringify(failure.case);
      const row = upsert.get(target, signature, kind, invariant, message, strategy, steps, seed, seed, session, found)!;
      const id = row["id"] as number;
      ids.set(signature, id);
      if (seed < (row["first_seed"] as number)) replace.run(kind, invariant, message, strategy, steps, seed, found, id);
    }
    return ids;
  }

  private compare(target: number, rows: readonly SeedRow[]): void {
    const keep = this.statement("INSERT OR IGNORE INTO mismatch (target, seed, recorded, other) VALUES (?, ?, ?, ?)");
    for (const { seed, historyHash } of rows) {
      const recorded = this.rowOf(target, seed);
      // A run that left no history says nothing about its seed: the worker ended, not the run.
      if (recorded === undefined || recorded === "" || historyHash === "" || recorded === historyHash) continue;
      keep.run(target, seed, Buffer.from(recorded, "hex"), Buffer.from(historyHash, "hex"));
    }
  }

  /** @returns the hash of the recorded history; undefined when the seed is not recorded */
  private rowOf(target: number, seed: number): string | undefined {
    const row = this.statement("SELECT history FROM run WHERE target = ? AND seed = ?").get(target, seed);
    return row === undefined ? undefined : hexOf(row["history"]);
  }

  /** All of it is recorded, or nothing. @throws LedgerError when the disk does not take it */
  private writing<Value>(body: () => Value): Value {
    try {
      this.database.exec("BEGIN IMMEDIATE");
      try {
        const value = body();
        this.database.exec("COMMIT");
        return value;
      } catch (error) {
        if (this.database.isTransaction) this.database.exec("ROLLBACK");
        throw error;
      }
    } catch (error) {
      throw ledgerErrorOf("lost", this.path, error);
    }
  }

  private statement(sql: string): StatementSync {
    let known = this.statements.get(sql);
    if (known === undefined) this.statements.set(sql, (known = this.database.prepare(sql)));
    return known;
  }
}

function eachRow(rows: SeedRows): SeedRow[] {
  return rows.seeds.map((_, index) => rowAt(rows, index));
}

function sumRuns(segments: readonly Segment[]): number {
  return segments.reduce((sum, { tally }) => sum + tally.runs, 0);
}

function caseIn(value: unknown): Case | undefined {
  return typeof value === "string" ? (JSON.parse(value) as Case) : undefined;
}

function hexOf(value: unknown): string {
  assert(value instanceof Uint8Array, "hashes are kept as bytes");
  return Buffer.from(value).toString("hex");
}
