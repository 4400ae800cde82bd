import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Fault } from "../../../src/faults/fault.ts";
import type { NoteEvent } from "../../../src/history/event.ts";
import { installGuards } from "../../../src/kernel/guards.ts";
import { TraceFiles, type Trace, type TraceLimits } from "../../../src/orchestrator/llm/trace-files.ts";
import { runWorld, type WorldRun } from "../../sim/world-run.ts";

beforeAll(() => installGuards());

const limits: TraceLimits = {
  traceBytesMax: 4_000,
  traceBytesPerRunMax: 100_000,
  traceFilesMax: 50,
  traceBytesKeptMax: 1_000_000,
};

function trace(attempt: number, more: Partial<Trace> = {}): Trace {
  return { card: "EPIC-1/S1", purpose: "test-plan", attempt, prompt: "What?", answer: "That.", ...more };
}

/** Writes traces a second apart; a new object stands for a new run. */
async function write(
  traces: readonly Trace[],
  options: {
    readonly limits?: Partial<TraceLimits>;
    readonly perRun?: number;
    readonly foldersBefore?: readonly string[];
    readonly faults?: readonly Fault[];
  } = {},
): Promise<{ run: WorldRun; files: ReadonlyMap<string, string>; notes: readonly NoteEvent[] }> {
  const run = await runWorld((world) => {
    world.process("core", async (ports) => {
      await ports.files.makeFolder("/w/tmp");
      for (const name of options.foldersBefore ?? []) await ports.files.makeFolder(`/w/traces/${name}`);
      let files: TraceFiles | undefined;
      for (const [index, each] of traces.entries()) {
        if (files === undefined || index % (options.perRun ?? 1_000) === 0) {
          files = new TraceFiles({
            folder: "/w/traces",
            temporaryFolder: "/w/tmp",
            label: "w",
            limits: { ...limits, ...options.limits },
            secrets: ["top-secret-key"],
          });
        }
        await files.write(ports, each);
        await ports.clock.sleep(1_000, { key: "next" });
      }
    });
  }, options.faults);
  const { disk } = run.world.hostOfProcess(run.world.kernel.processes.get("core")!);
  const paths = disk.snapshot().filter(({ kind, path }) => kind === "file" && path.startsWith("/w/"));
  const notes = run.history.events.flatMap((event) => (event.kind === "note" ? [event] : []));
  return { run, files: new Map(paths.map(({ path }) => [path, disk.readText(path)])), notes };
}

test("a trace is one file of its day, without secrets", async () => {
  const { files } = await write([trace(1, { prompt: "key top-secret-key", answer: "sk-abcdefghijklmnop123" })]);
  const [[path, text]] = [...files] as [[string, string]];
  expect(path).toMatch(/^\/w\/traces\/\d{8}\/\d{9}-EPIC_1_S1-test_plan-1\.json$/);
  expect(JSON.parse(text)).toEqual(trace(1, { prompt: "key [redacted]", answer: "[redacted]" }));
});

test("long texts are cut in their middle, and the trace says so; a run has its share and no more", async () => {
  const long = "x".repeat(20_000);
  const { files } = await write(
    [1, 2, 3, 4].map((attempt) => trace(attempt, { prompt: long })),
    {
      limits: { traceBytesPerRunMax: 9_000 },
    },
  );
  const sizes = [...files.values()].map((text) => Buffer.byteLength(text));
  expect(sizes.every((size) => size <= 4_000)).toBe(true);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(9_000);
  expect(files.size).toBeGreaterThanOrEqual(2);
  for (const text of files.values()) {
    expect(JSON.parse(text)).toMatchObject({
      isCut: true,
      prompt: expect.stringContaining("are left out here") as string,
    });
  }
});

test("only so many and so much are kept, the newest, also over several runs", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 25 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 6 }),
      async (count, traceFilesMax, perRun) => {
        const traces = Array.from({ length: count }, (_, index) => trace(index + 1));
        const { files } = await write(traces, { limits: { traceFilesMax }, perRun });
        const attempts = [...files.values()].map((text) => (JSON.parse(text) as Trace).attempt);
        const first = Math.max(1, count - traceFilesMax + 1);
        expect(attempts.toSorted((left, right) => left - right)).toEqual(
          Array.from({ length: count - first + 1 }, (_, index) => first + index),
        );
      },
    ),
    { numRuns: 30 },
  );
  const { files } = await write(
    [1, 2, 3, 4, 5].map((attempt) => trace(attempt)),
    { limits: { traceBytesKeptMax: 400 } },
  );
  expect(files.size).toBeGreaterThan(0);
  expect([...files.values()].reduce((sum, text) => sum + text.length, 0)).toBeLessThanOrEqual(400);
});

test("folders of days of which nothing is left go too", async () => {
  const foldersBefore = ["20190130/mine", "20190131", "20990131", "mine"];
  const { run, files } = await write([trace(1)], { foldersBefore });
  const { disk } = run.world.hostOfProcess(run.world.kernel.processes.get("core")!);
  const folders = disk.snapshot().flatMap(({ kind, path }) => (kind === "folder" ? [path.slice(3)] : []));
  const [today] = [...files.keys()].map((path) => path.slice(3, -"/hhmmssmmm-EPIC_1_S1-test_plan-1.json".length));
  expect(folders.filter((path) => path.startsWith("traces/"))).toEqual([
    "traces/20190130",
    "traces/20190130/mine",
    today,
    "traces/20990131",
    "traces/mine",
  ]);
});

test("a disk that fails costs the trace and nothing else, and is told once", async () => {
  const faults = [0, 1].map(
    (nth) => ({ site: `core@0/main/disk.rename(w/traces)#${nth}`, kind: "disk-fails", code: "ENOSPC" }) as const,
  );
  const { files, notes } = await write([trace(1), trace(2), trace(3)], { faults });
  expect(notes.map(({ name, fields }) => [name, fields["reason"]])).toEqual([["trace.failed", "ENOSPC"]]);
  expect([...files.values()].map((text) => (JSON.parse(text) as Trace).attempt)).toEqual([3]);
});

test("a crash of the host at any of its steps leaves whole traces, or none", async () => {
  const steps = (await write([trace(1), trace(2)])).run.history.events.flatMap((event) =>
    event.kind === "sent" && event.op.name.startsWith("disk.") ? [event.op.site] : [],
  );
  expect(steps.length).toBeGreaterThan(8);
  for (const site of steps) {
    for (const when of ["before", "during", "after"] as const) {
      const { files } = await write([trace(1), trace(2)], {
        faults: [{ site, kind: "host-crash", when, restartAfterMs: 100 }],
      });
      for (const [path, text] of files) {
        if (path.startsWith("/w/traces/")) expect(JSON.parse(text), `${site} ${when} ${path}`).toHaveProperty("answer");
      }
    }
  }
});
