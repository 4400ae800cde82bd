import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BenchModule } from "../../src/bench/bench-module.ts";
import type { Verdict } from "../../src/bench/verdict.ts";
import { runBenches } from "../../src/cli/bench/bench.ts";
import { markdownTable } from "../../src/cli/bench/bench-tables.ts";
import { exitCodeOf, type LaneVerdict } from "../../src/cli/bench/judge-lanes.ts";
import { measuredSchema, type Measured } from "../../src/cli/bench/measured-file.ts";
import { runCommand } from "./run-command.ts";

const quick = ["config parse", "prompt template"];
let cwd: string;
let measured: Measured;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "stormlane-bench-"));
  await runCommand(["bench", ...quick, "--iterations", "2", "--out", "a.json"], { cwd });
  measured = measuredSchema.parse(JSON.parse(readFileSync(join(cwd, "a.json"), "utf8")));
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** The same measurement with each value of a metric changed. */
function write(name: string, change: (value: number) => number, metrics = measured.metrics): void {
  const changed = Object.fromEntries(
    Object.entries(metrics).map(([metric, each]) => [
      metric,
      { ...each, isDeterministic: true, samples: each.samples.map(change) },
    ]),
  );
  writeFileSync(join(cwd, name), JSON.stringify({ ...measured, metrics: changed }));
}

describe("bench", () => {
  test("measures what is named, and keeps every sample", () => {
    expect(Object.keys(measured.metrics)).toEqual(["prompt template", "config parse"]);
    for (const { samples } of Object.values(measured.metrics)) expect(samples).toHaveLength(2);
    expect(measured.origin).toMatchObject({ node: process.version });
  });

  test("prints one document with --json", async () => {
    const { out } = await runCommand(["bench", "config parse", "--iterations", "1", "--json"], { cwd });
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      command: "bench",
      metrics: { "config parse": { unit: "ns" } },
      verdicts: [{ lane: "wall-clock", gates: false }],
      broken: [],
    });
  });

  test.for([
    [["bench", "config purse"], "did you mean config parse?"],
    [["bench", "--lane", "night"], "there is no such lane"],
    [["bench", "config parse", "--lane", "deterministic"], "none of these is in that lane"],
    [["bench", "--iterations", "0"], "out of range"],
    [["bench", "refresh"], "without a reason"],
    [["bench", "refresh", "--reason", "  "], "without a reason"],
    [["bench", "compare", "none.json", "a.json"], "cannot be read (ENOENT)"],
    [["bench", "claim", "it is faster", "--before", "a.json", "--after", "a.json"], "not a claim"],
    [["bench", "claim", "speed -10 %", "--before", "a.json", "--after", "a.json"], "has no speed"],
    [["bench", "trend", "speed"], "no baseline has it"],
  ] as const)("refuses %j", async ([args, why]) => {
    const { exitCode, error, out } = await runCommand(args, { cwd });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(error).toContain(why);
  });

  test.for([
    ["half.json", "{"],
    ["other.json", '{"version":1}'],
    ["empty.json", ""],
  ] as const)("refuses to compare with %s", async ([name, text]) => {
    writeFileSync(join(cwd, name), text);
    const { exitCode, error } = await runCommand(["bench", "compare", "a.json", name], { cwd });
    expect(exitCode).toBe(2);
    expect(error).toContain(name);
  });
});

describe("bench compare", () => {
  test.for([
    [1.19, 0, "verdict: comment"],
    [1.21, 1, "verdict: fail"],
    [1, 0, "verdict: ok"],
    [0.5, 0, "verdict: ok"],
  ] as const)("of what became %d times as much ends with %d", async ([factor, code, verdict]) => {
    write("before.json", (value) => value);
    write("after.json", (value) => value * factor);
    const { exitCode, out } = await runCommand(["bench", "compare", "before.json", "after.json"], { cwd });
    expect(exitCode).toBe(code);
    expect(out).toContain(verdict);
  });

  test("names what vanished, and writes Markdown", async () => {
    const { "config parse": _, ...rest } = measured.metrics;
    write("before.json", (value) => value);
    write("less.json", (value) => value, rest);
    const args = ["bench", "compare", "before.json", "less.json", "--markdown", "table.md"];
    const { exitCode, out } = await runCommand(args, { cwd });
    expect(exitCode).toBe(1);
    expect(out).toContain("config parse: has vanished");
    expect(readFileSync(join(cwd, "table.md"), "utf8")).toContain("config parse: has vanished");
  });
});

test("a claim is true or false, by what was measured", async () => {
  write("before.json", () => 100);
  write("after.json", () => 35);
  const claim = (text: string) =>
    runCommand(["bench", "claim", text, "--before", "before.json", "--after", "after.json"], { cwd });
  expect(await claim("config parse -60 %")).toMatchObject({
    exitCode: 0,
    out: "true: config parse changed by -65 %\n",
  });
  expect(await claim("config parse -70 %")).toMatchObject({
    exitCode: 1,
    out: "false: config parse changed by -65 %\n",
  });
});

test("a broken benchmark is never a fast one: it fails the command", async () => {
  const broken: BenchModule = {
    name: "broken",
    about: "",
    lane: "wall-clock",
    metrics: ["broken"],
    run: () => Promise.reject(new Error("no board")),
  };
  const run = await runBenches([broken], 1, { errorIsTerminal: false } as Parameters<typeof runBenches>[2]);
  expect(run).toMatchObject({ broken: [{ name: "broken", why: "no board" }], measured: { metrics: {} } });
  expect(exitCodeOf([], run.broken)).toBe(1);
});

test.for([
  ["fail", true, 1],
  ["fail", false, 0],
  ["comment", true, 0],
  ["ok", true, 0],
  ["invalid", false, 1],
] as const)("%s in a lane that gates (%s) ends with %d", ([kind, gates, exitCode]) => {
  const verdict = { kind, why: "", items: [] } as unknown as Verdict;
  const judged: LaneVerdict = { lane: "wall-clock", gates, verdict };
  expect(exitCodeOf([judged], [])).toBe(exitCode);
});

test("names that were meant as markup stay text in Markdown", () => {
  const hostile = { "<img src=x onerror=a()> | `b` [c](d)": { unit: "ns", isDeterministic: true, samples: [1] } };
  const [, , row] = markdownTable(hostile, {});
  expect(row).not.toContain("<img");
  expect(row!.replaceAll(/\\./g, "").split("|")).toHaveLength(13);
  expect(row!.replaceAll(/\\./g, "")).not.toContain("`");
});

test("leaves no file behind that it was not asked for", () => {
  expect(existsSync(join(cwd, "reports"))).toBe(false);
});
