import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRepro } from "../../src/cli/repro-file.ts";
import { filesBelow, runCommand, temporaryFolder } from "./run-command.ts";

interface RunDocument {
  readonly [field: string]: unknown;
  readonly seeds: { readonly requested: number; readonly run: number };
  readonly scenarios: readonly {
    readonly name: string;
    readonly runs: number;
    readonly end: string;
    readonly failures: readonly Record<string, unknown>[];
    readonly sometimes: readonly { readonly name: string; readonly hits: number }[];
    readonly invariants: readonly { readonly id: string; readonly checked: number; readonly violations: number }[];
  }[];
  readonly determinism: { readonly checked: number; readonly mismatches: number };
}

const inThread = ["--workers", "0"];

describe("a campaign that holds", () => {
  test("ends with 0, a table, and one line that says so", async () => {
    const end = await runCommand(["run", "counter-locked", "--seeds", "300", ...inThread], { cwd: temporaryFolder() });
    expect(end).toMatchObject({ exitCode: 0, error: "" });
    expect(end.out).toMatch(/counter-locked\s+300\s/);
    expect(end.out.trimEnd().split("\n").at(-1)).toBe("all held");
  });

  test("gives the same document from two workers as from one thread, but for times", async () => {
    const cwd = temporaryFolder();
    const documents = await Promise.all(
      ["0", "2"].map(async (workers) => {
        const args = ["run", "counter-locked", "--seeds", "400", "--json", "--double-runs", "5%", "--workers", workers];
        const { out } = await runCommand(args, { cwd });
        return out.replaceAll(/"(wallMs|cpuMs|seedsPerSecond|opsPerSecond|distinctPerSecond|workers)":\d+/g, '"$1":0');
      }),
    );
    expect(documents[1]).toBe(documents[0]);
    expect(documents[0]).toContain('"ok":true');
  });

  test("says how far its search has come", async () => {
    const cwd = temporaryFolder();
    const args = ["run", "counter-locked", "--seeds", "500", "--strategy", "first-due", ...inThread];
    expect((await runCommand(args, { cwd })).out).toContain(
      "  counter-locked: saturated: of the 500 runs 3 had a new timeline; a new one is not expected within",
    );
    const document = JSON.parse((await runCommand([...args, "--json"], { cwd })).out) as RunDocument;
    expect(document.scenarios[0]).toMatchObject({
      progress: { runs: 500, distinctTimelines: 3, isExact: true, state: "saturated", unseenMass: { estimate: 0 } },
      sometimes: [{ hits: 500, rate: { estimate: 1, high: 1 } }],
    });
  });

  test("runs each seed once over its shards", async () => {
    const cwd = temporaryFolder();
    let runs = 0;
    for (const shard of ["1/3", "2/3", "3/3"]) {
      const args = ["run", "counter-locked", "--seeds", "100", "--shard", shard, "--json", ...inThread];
      const document = JSON.parse((await runCommand(args, { cwd })).out) as RunDocument;
      runs += document.seeds.run;
    }
    expect(runs).toBe(100);
  });

  test("ends when its time is up", async () => {
    const args = ["run", "counter-locked", "--for", "300ms", "--json", ...inThread];
    const { exitCode, out } = await runCommand(args, { cwd: temporaryFolder() });
    const document = JSON.parse(out) as RunDocument;
    expect(exitCode).toBe(0);
    expect(document.scenarios[0]!.end).toBe("duration");
    expect(document.seeds).toMatchObject({ requested: null });
  });
});

describe("a failure", () => {
  test("says in its story why it fails, unless told not to", async () => {
    const { out } = await runCommand(["run", "counter-racy", ...inThread], { cwd: temporaryFolder() });
    expect(out).toMatch(/Why the rule is broken\n(.*\n)+ {4}nearest {2}without .* it holds.*\n(.*\n)?\n {2}replay:/);
    const { out: without } = await runCommand(["run", "counter-racy", ...inThread, "--no-explain"], {
      cwd: temporaryFolder(),
    });
    expect(without).not.toContain("nearest");
  });

  test("ends with 1, a small repro file, and a story whose last line replays it", async () => {
    const cwd = temporaryFolder();
    const { exitCode, out } = await runCommand(["run", "counter-racy", ...inThread], { cwd });
    expect(exitCode).toBe(1);
    const [, file] = /replay: npx stormlane replay (\S+\.json)\n/.exec(out)!;
    const repro = readRepro(join(cwd, file!));
    expect(repro.expected).toMatchObject({ signature: "C1: counter", invariant: "C1" });
    expect(repro.case.faults.length + repro.case.preemptions.length + repro.case.delays.length).toBe(1);
    expect(filesBelow(join(cwd, "reports/out"))).toEqual([file!.replace("reports/out/", "")]);
    expect(out).toContain("No update of the counter is lost.");
    expect(out).toContain("expected  2");
    expect(out.slice(0, out.indexOf("replay:")).split("\n").length).toBeLessThan(50);
    const again = await runCommand(["replay", file!], { cwd });
    expect(again).toMatchObject({ exitCode: 1, error: "" });
    expect(again.out).toContain("same failure: C1: counter");
  });

  test("stands in the document with all that is needed to find it again", async () => {
    const cwd = temporaryFolder();
    const { out, exitCode } = await runCommand(["run", "--json", "--seeds", "1000", ...inThread], { cwd });
    expect(exitCode).toBe(1);
    expect(out.trim().split("\n")).toHaveLength(1);
    const document = JSON.parse(out) as RunDocument;
    expect(document).toMatchObject({ version: 1, ok: false, exitCode: 1, determinism: { mismatches: 0 } });
    for (const field of ["wallMs", "seedsPerSecond", "opsPerSecond"]) expect(document[field]).toBeTypeOf("number");
    const racy = document.scenarios.find(({ name }) => name === "counter-racy")!;
    expect(racy.failures).toHaveLength(1);
    expect(racy.failures[0]).toMatchObject({
      kind: "violated",
      signature: "C1: counter",
      invariant: "C1",
      seed: racy.runs,
      reproFile: `reports/out/counter-racy-${racy.runs}.json`,
      minimal: true,
      replayCommand: `npx stormlane replay reports/out/counter-racy-${racy.runs}.json`,
    });
    expect(racy.invariants[0]).toMatchObject({ id: "C1", violations: 1 });
    expect(racy.invariants[0]!.checked).toBeGreaterThan(0);
    expect(racy.sometimes).toMatchObject([{ name: "the counter was written", hits: expect.any(Number) as number }]);
  });

  test("of a mutant is found in its scenario, and its file remembers the mutant", async () => {
    const cwd = temporaryFolder();
    const { exitCode } = await runCommand(["run", "--mutant", "F01", ...inThread], { cwd });
    expect(exitCode).toBe(1);
    const [file] = filesBelow(join(cwd, "reports/out"));
    expect(file).toMatch(/^counter-locked-F01-\d+\.json$/);
    expect((await runCommand(["replay", `reports/out/${file!}`], { cwd })).out).toContain("same failure");
  });

  test("of a given seed is found by that seed alone", async () => {
    const cwd = temporaryFolder();
    const first = JSON.parse(
      (await runCommand(["run", "counter-racy", "--json", ...inThread], { cwd })).out,
    ) as RunDocument;
    const seed = first.seeds.run;
    const only = await runCommand(["run", "counter-racy", "--seed", String(seed), "--json", ...inThread], { cwd });
    expect(only.exitCode).toBe(1);
    expect((JSON.parse(only.out) as RunDocument).seeds.run).toBe(1);
    const before = await runCommand(["run", "counter-racy", "--seed", String(seed - 1), ...inThread], { cwd });
    expect(before.exitCode).toBe(0);
  });
});

describe("a campaign that proves nothing", () => {
  test("because a goal was never reached is vacuous: it ends with 1 and names the goal", async () => {
    const args = ["run", "counter-vacuous", "--seeds", "50", ...inThread];
    const { exitCode, out } = await runCommand(args, { cwd: temporaryFolder(), catalogue: "odd-scenarios.ts" });
    expect(exitCode).toBe(1);
    expect(out).toMatch(/vacuous: counter-vacuous: .*pigs flew/);
  });

  test("because too many runs came to a limit ends with 1 and names the limit", async () => {
    const args = ["run", "counter-unbounded", "--seeds", "20", ...inThread];
    const { exitCode, out } = await runCommand(args, { cwd: temporaryFolder(), catalogue: "odd-scenarios.ts" });
    expect(exitCode).toBe(1);
    expect(out).toMatch(/limit: counter-unbounded: 20 of 20 runs .*virtualMsMax/);
  });
});

describe("simulated code that reaches for the real world", () => {
  test("is nondeterminism, ends with 1, and is named with its site", async () => {
    const args = ["run", "counter-leaking", "--seeds", "20", ...inThread];
    const { exitCode, out } = await runCommand(args, { cwd: temporaryFolder(), catalogue: "odd-scenarios.ts" });
    expect(exitCode).toBe(1);
    expect(out).toMatch(/Math\.random .*@0\/main/);
  });
});

describe("a worker that dies twice", () => {
  test("is a failure of the infrastructure: it ends with 3 and names a seed that can be run again", async () => {
    const args = ["run", "counter-exit", "--seeds", "20", "--workers", "1"];
    const { exitCode, out } = await runCommand(args, { cwd: temporaryFolder(), catalogue: "odd-scenarios.ts" });
    expect(exitCode).toBe(3);
    expect(out).toMatch(/replay: npx stormlane replay counter-exit:\d+/);
  });
});

describe("an interruption", () => {
  test("ends with 130 and a valid document of what was done", async () => {
    const args = ["run", "counter-locked", "--seeds", "1000000", "--json", ...inThread];
    const { exitCode, out, error } = await runCommand(args, {
      cwd: temporaryFolder(),
      interruptedAtFirstProgress: true,
    });
    expect(error).toMatch(/counter-locked: exploring[^]*of 1,000,000 runs[^]*none failed/);
    const document = JSON.parse(out) as RunDocument;
    expect(exitCode).toBe(130);
    expect(document).toMatchObject({ interrupted: true, ok: false, seeds: { requested: 1_000_000 } });
    expect(document.seeds.run).toBeLessThan(1_000_000);
  });
});

describe("bad usage", () => {
  const deep = "[".repeat(200) + "]".repeat(200);

  test.each([
    [["run", "counter-locket"], "did you mean counter-locked?"],
    [["run", "--sede", "4"], "did you mean --seed?"],
    [["rum"], "did you mean run?"],
    [["run", "--strategy", "randm"], "did you mean random?"],
    [["run", "--mutant", "F1"], "did you mean F01?"],
    [["run", "--seeds", "0"], "--seeds 0: out of range"],
    [["run", "--seeds", "-3"], "--seeds -3: out of range"],
    [["run", "--seeds", "1e9"], "not a whole number"],
    [["run", "--seeds", "1"], "fewer than the 2 scenarios"],
    [["run", "--seed", "9007199254740993"], "out of range"],
    [["run", "--seed", "1", "--seeds", "4"], "contradict"],
    [["run", "--shard", "3/2"], "there is no such shard"],
    [["run", "--shard", "0/2"], "there is no such shard"],
    [["run", "--workers", "two"], "not a whole number"],
    [["run", "--workers", "100000"], "out of range"],
    [["run", "--for", "0s"], "out of range"],
    [["run", "--for", "soon"], "not a duration"],
    [["run", "--double-runs", "101%"], "out of range"],
    [["run", "--failures", "0"], "out of range"],
    [["run", "--epic", "none.json"], "does not exist"],
    [["run", "--epic", "."], "is not a file"],
    [["run", "--epic", "half.json"], "is not JSON"],
    [["run", "--epic", "empty.json"], "is empty"],
    [["run", "--epic", "deep.json"], "nested deeper"],
    [["run", "--epic", "large.json"], "is longer than"],
    [["run", "--epic", "number.json"], "not an object"],
    [["run", "--out", "half.json"], "cannot be written to"],
    [["run", "--out", "/proc/none"], "cannot be written to"],
    [["replay", "none.json"], "does not exist"],
    [["replay", "nothing"], "neither a file nor"],
    [["replay", "counter-lucked:4"], "did you mean counter-locked?"],
    [["replay"], "missing required argument"],
  ])("%j is refused in one line, with 2 and nothing written", async (args, expected) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "half.json"), '{"stories": [');
    writeFileSync(join(cwd, "empty.json"), "\n");
    writeFileSync(join(cwd, "deep.json"), deep);
    writeFileSync(join(cwd, "number.json"), "7");
    writeFileSync(join(cwd, "large.json"), `"${"x".repeat(1024 * 1024)}"`);
    const before = filesBelow(cwd);
    const end = await runCommand(args, { cwd });
    expect(end).toMatchObject({ exitCode: 2, out: "" });
    expect(end.error).toMatch(/^stormlane: .+: .+; .+\n$/);
    expect(end.error.trimEnd().split("\n")).toHaveLength(1);
    expect(end.error).toContain(expected);
    expect(filesBelow(cwd)).toEqual(before);
  });

  test("text of the user that would move the terminal's cursor is shown, not obeyed", async () => {
    const { error } = await runCommand(["run", "a\u001b[2Jb\nc"], { cwd: temporaryFolder() });
    expect(error).toContain("a\\u001b[2Jb\\nc");
  });
});

test("help stands on standard output and ends with 0", async () => {
  const { exitCode, out } = await runCommand(["run", "--help"], { cwd: temporaryFolder() });
  expect(exitCode).toBe(0);
  expect(out).toContain("--seeds");
});

test("the version is that of the package", async () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const { out } = await runCommand(["--version"], { cwd: temporaryFolder() });
  expect(out).toBe(`${manifest.version}\n`);
});
