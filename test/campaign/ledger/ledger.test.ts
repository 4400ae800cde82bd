import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Segment } from "../../../src/campaign/explore-seeds.ts";
import { Ledger } from "../../../src/campaign/ledger/ledger.ts";
import { LedgerError } from "../../../src/campaign/ledger/ledger-error.ts";
import { PendingSeeds } from "../../../src/campaign/ledger/pending-seeds.ts";
import { loadSqlite } from "../../../src/campaign/ledger/sqlite.ts";
import { addRow, emptyRows } from "../../../src/campaign/seed-rows.ts";
import { emptyTally } from "../../../src/campaign/tally.ts";
import { emptyTimelines } from "../../../src/campaign/timeline-column.ts";
import { sha256 } from "../../../src/base/digest.ts";
import { temporaryFolder } from "../../cli/run-command.ts";

const key = { scenario: "toy", variant: "", code: "abc", strategy: "portfolio" };

function newPath(): string {
  return join(temporaryFolder(), "ledger.sqlite");
}

/** Runs of these seeds; those in `failing` fail. */
function chunk(seeds: readonly number[], failing: readonly number[] = [], histories = "history"): Segment[] {
  return seeds.map((seed) => {
    const fails = failing.includes(seed);
    const rows = emptyRows();
    addRow(rows, {
      seed,
      end: fails ? "violated" : "held",
      signature: fails ? "C1: x" : "",
      historyHash: sha256(`${histories} ${seed}`),
      timeline: `t${seed % 3}`,
      strategy: "pos",
      steps: seed,
    });
    const tally = { ...emptyTally(), runs: 1, ops: seed, sometimes: { happened: 1 } };
    const input = { scenario: "toy", drawSeed: seed, workload: 1, faults: [], preemptions: [], delays: [] };
    const failure = {
      kind: "violated" as const,
      signature: "C1: x",
      seed,
      strategy: "pos",
      invariant: "C1",
      message: `at ${seed}`,
      case: input,
      steps: seed,
    };
    return { tally, timelines: emptyTimelines(), rows, ...(fails ? { failure } : {}) };
  });
}

describe("a ledger", () => {
  test("hands out each seed until it is recorded, and adds up the same in whatever order chunks come", () => {
    const chunks = fc
      .uniqueArray(fc.nat(60), { minLength: 1 })
      .chain((seeds) => fc.tuple(fc.constant(seeds), fc.infiniteStream(fc.integer({ min: 1, max: 7 }))));
    const folder = temporaryFolder();
    let opened = 0;
    fc.assert(
      fc.property(chunks, fc.subarray([3, 5, 8, 13, 21, 34]), ([seeds, sizes], failing) => {
        const ledger = Ledger.open(join(folder, `${opened++}.sqlite`));
        const target = ledger.target(key);
        const session = ledger.beginSession(key.code);
        for (let from = 0; from < seeds.length;) {
          const size = sizes.next().value!;
          ledger.recordChunk(target, session, chunk(seeds.slice(from, from + size), failing));
          from += size;
        }
        const pending = new PendingSeeds(ledger, target, { first: 0, count: 61 });
        const left = [...pending.take(7), ...pending.take(100)];
        expect([...left, ...ledger.recordedSeeds(target)].toSorted((one, other) => one - other)).toEqual(
          Array.from({ length: 61 }, (_, seed) => seed),
        );
        const tally = ledger.tallyOf(target);
        expect(tally.runs).toBe(seeds.length);
        expect(tally.ops).toBe(seeds.reduce((sum, seed) => sum + seed, 0));
        expect([...ledger.timelinesOf(target)]).toEqual(
          seeds
            .toSorted((one, other) => one - other)
            .map((seed) => ({ seed, timeline: `t${seed % 3}`, strategy: "pos" })),
        );
        const failed = seeds.filter((seed) => failing.includes(seed));
        const failures = ledger.failuresOf(target);
        expect(failures).toHaveLength(failed.length === 0 ? 0 : 1);
        if (failed.length > 0) {
          const lowest = Math.min(...failed);
          expect(failures[0]).toMatchObject({ runs: failed.length, lastSeed: Math.max(...failed) });
          expect(failures[0]!.failure).toMatchObject({ seed: lowest, message: `at ${lowest}`, steps: lowest });
          expect(failures[0]!.case!.drawSeed).toBe(lowest);
        }
        ledger.close();
      }),
      { numRuns: 30 },
    );
  });

  test("counts a chunk once that comes twice, and keeps both results where histories differ", () => {
    const ledger = Ledger.open(newPath());
    const target = ledger.target(key);
    const session = ledger.beginSession(key.code);
    ledger.recordChunk(target, session, chunk([1, 2, 3]));
    ledger.recordChunk(target, session, chunk([1, 2, 3]));
    expect(ledger.tallyOf(target).runs).toBe(3);
    expect(ledger.mismatchesOf(target)).toEqual([]);
    ledger.recordChunk(target, session, chunk([3], [], "other"));
    expect(ledger.mismatchesOf(target)).toEqual([
      { seed: 3, recordedHash: sha256("history 3"), otherHash: sha256("other 3") },
    ]);
    ledger.close();
  });

  test("does not mix what other code, another strategy, or a mutant has run", () => {
    const ledger = Ledger.open(newPath());
    const session = ledger.beginSession("abc");
    const targets = [{}, { code: "def" }, { strategy: "pct" }, { variant: "F01" }, { scenario: "other" }].map((other) =>
      ledger.target({ ...key, ...other }),
    );
    expect(new Set(targets).size).toBe(5);
    ledger.recordChunk(targets[0]!, session, chunk([1, 2], [2]));
    ledger.recordChunk(targets[1]!, session, chunk([1, 2, 3]));
    expect(targets.map((target) => ledger.runsOf(target))).toEqual([2, 3, 0, 0, 0]);
    expect(ledger.countsByCode("toy", "", "C1: x")).toEqual([
      { code: "abc", runs: 2, hits: 1, firstSession: 1 },
      { code: "def", runs: 3, hits: 0, firstSession: undefined },
    ]);
    ledger.close();
  });

  test("keeps a smaller case of the run that it was made from, also over the end of the process", () => {
    const path = newPath();
    const first = Ledger.open(path);
    const target = first.target(key);
    first.recordChunk(target, first.beginSession(key.code), chunk([5], [5]));
    const { failure } = first.failuresOf(target)[0]!;
    const small = { ...failure.case!, workload: 0 };
    first.keepCase(target, failure, small, { executions: 9, minimal: true, actors: 1 });
    first.keepCase(target, { ...failure, seed: 7 }, { ...small, workload: 7 });
    first.close();
    const second = Ledger.open(path);
    expect(second.failuresOf(second.target(key))[0]).toMatchObject({
      case: { workload: 0 },
      shrunk: { executions: 9, minimal: true },
    });
    expect(second.beginSession(key.code)).toBe(2);
    second.close();
  });
});

describe("a file", () => {
  test("that another campaign writes can be read, and not written", () => {
    const path = newPath();
    const writer = Ledger.open(path);
    const target = writer.target(key);
    writer.recordChunk(target, writer.beginSession(key.code), chunk([1]));
    expect(() => Ledger.open(path)).toThrow(/another process writes it; wait for that campaign/);
    const reader = Ledger.open(path, { readOnly: true });
    expect(reader.runsOf(target)).toBe(1);
    writer.recordChunk(target, 1, chunk([2]));
    expect(reader.runsOf(target)).toBe(2);
    reader.close();
    writer.close();
    Ledger.open(path).close();
  });

  test("that another campaign writes is read as of one moment, and tells that there is more", () => {
    const path = newPath();
    const writer = Ledger.open(path);
    const target = writer.target(key);
    const session = writer.beginSession(key.code);
    writer.recordChunk(target, session, chunk([4, 7]));
    const reader = Ledger.open(path, { readOnly: true });
    const before = reader.dataVersion;
    expect(reader.dataVersion).toBe(before);
    reader.reading(() => {
      expect(reader.seedSpanOf(target)).toEqual({ first: 4, last: 7 });
      writer.recordChunk(target, session, chunk([1, 9]));
      expect(writer.beginSession("def")).toBe(2);
      expect(reader.seedSpanOf(target)).toEqual({ first: 4, last: 7 });
      expect(reader.sessions()).toEqual([{ id: 1, code: "abc" }]);
    });
    expect(reader.dataVersion).not.toBe(before);
    expect(reader.seedSpanOf(target)).toEqual({ first: 1, last: 9 });
    expect(reader.seedSpanOf(target + 1)).toBeUndefined();
    expect(reader.sessions()).toEqual([
      { id: 1, code: "abc" },
      { id: 2, code: "def" },
    ]);
    reader.close();
    writer.close();
  });

  test("that is damaged, cut off, no database or none of ours is refused and left as it was", () => {
    const path = newPath();
    const ledger = Ledger.open(path);
    const target = ledger.target(key);
    ledger.recordChunk(target, ledger.beginSession(key.code), chunk(Array.from({ length: 2_000 }, (_, seed) => seed)));
    ledger.close();
    const sound = readFileSync(path);
    const spoil = (from: number, to: number): Buffer => Buffer.from(sound).fill(0xa5, from, to);
    for (const [content, why] of [
      [spoil(0, 40), "is no ledger"],
      [spoil(8_192, 20_000), "is damaged"],
      [sound.subarray(0, 3 * 4_096), "is damaged"],
      [Buffer.from("seeds, seeds, seeds\n".repeat(200)), "is no ledger"],
    ] as const) {
      writeFileSync(path, content);
      expect(() => Ledger.open(path), why).toThrow(why);
      expect(readFileSync(path).equals(content)).toBe(true);
    }
  });

  test("of another version, or of another program, is refused", () => {
    const { DatabaseSync } = loadSqlite();
    const later = newPath();
    Ledger.open(later).close();
    const database = new DatabaseSync(later);
    database.exec("PRAGMA user_version = 9");
    database.close();
    expect(() => Ledger.open(later)).toThrow("has version 9, this stormlane reads version 1");
    const foreign = newPath();
    const other = new DatabaseSync(foreign);
    other.exec("CREATE TABLE mail (id)");
    other.close();
    expect(() => Ledger.open(foreign)).toThrow("is a database of something else");
  });

  test("in a folder that does not exist, or that is only to be read and does not exist, is refused", () => {
    expect(() => Ledger.open(join(newPath(), "deeper"))).toThrow("cannot be opened for writing");
    expect(() => Ledger.open(newPath(), { readOnly: true })).toThrow("does not exist");
  });

  test("on a full disk keeps what was recorded, and takes more when there is room again", () => {
    const path = newPath();
    const small = Ledger.open(path, { pagesMax: 40 });
    const target = small.target(key);
    const session = small.beginSession(key.code);
    let recorded = 0;
    let error: unknown;
    for (let first = 0; error === undefined; first += 100) {
      try {
        small.recordChunk(target, session, chunk(Array.from({ length: 100 }, (_, index) => first + index)));
        recorded += 100;
      } catch (thrown) {
        error = thrown;
      }
    }
    expect(error).toBeInstanceOf(LedgerError);
    expect(error).toMatchObject({ kind: "lost", why: expect.stringContaining("the disk is full") });
    expect(recorded).toBeGreaterThan(0);
    expect(small.runsOf(target)).toBe(recorded);
    small.close();
    const roomy = Ledger.open(path);
    expect(roomy.tallyOf(target).runs).toBe(recorded);
    roomy.recordChunk(target, session, chunk([1_000_000]));
    expect(roomy.runsOf(target)).toBe(recorded + 1);
    roomy.close();
  });
});
