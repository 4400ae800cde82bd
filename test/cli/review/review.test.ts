import { existsSync, readdirSync, readFileSync, writeFileSync, mkdirSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ReviewFinding } from "../../../src/review/findings/finding.ts";
import type { Standing } from "../../../src/review/standing/standing.ts";
import { runCommand, temporaryFolder, type CommandEnd } from "../run-command.ts";

/** Runs of the core take seconds; a busy machine may need many times that. */
const patienceMs = 300_000;

interface Document {
  readonly exitCode: number;
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly findings: readonly ReviewFinding[];
  readonly invariants: readonly Standing[];
  readonly passBar: readonly { readonly rule: string; readonly state: string }[];
  readonly kept: { readonly mended: number; readonly unusable: readonly string[] };
  readonly tests: { readonly tests: number; readonly slowest: readonly { readonly title: string }[] } | null;
}

function reviewCore(args: readonly string[], cwd = temporaryFolder()): Promise<CommandEnd> {
  const whole = ["review", ...args, "--without", "proofs,modules,degraded"];
  return runCommand(whole, { cwd, catalogue: "../../scenarios/index.ts" });
}

function reviewToys(args: readonly string[], cwd = temporaryFolder()): Promise<CommandEnd> {
  return runCommand(["review", ...args, "--workers", "0", "--without", "modules,degraded"], { cwd });
}

function documentIn({ out, error, exitCode }: CommandEnd): Document {
  expect(out, error).not.toBe("");
  const document = JSON.parse(out) as Document;
  expect(document.exitCode).toBe(exitCode);
  return document;
}

describe("the correct core", { timeout: patienceMs }, () => {
  /** Ten runs are enough for all invariants, and for all goals of this scenario. */
  const args = ["crash-anywhere", "--seeds", "10"];

  test("is ready, and no invariant is not guaranteed; again and on other threads the brief is the same, byte for byte", async () => {
    const cwd = temporaryFolder();
    const first = await reviewCore([...args, "--workers", "0", "--out", "first"], cwd);
    expect(first.exitCode).toBe(0);
    expect(first.out).toMatch(/^ready\n/);
    const document = JSON.parse(readFileSync(join(cwd, "first/review.json"), "utf8")) as Document;
    expect(document).toMatchObject({ verdict: "ready", exitCode: 0 });
    expect(document.invariants.map(({ invariant }) => invariant)).toEqual([
      ...["C1", "D1", "G1", "G2", "G3", "G4", "I1", "I2", "I3", "I4"],
      ...["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "O1", "V1", "no-crash"],
    ]);
    expect(document.invariants.filter(({ kind }) => kind === "not guaranteed")).toEqual([]);
    expect(document.passBar.map(({ state }) => state)).toEqual(["holds", "holds", "holds", "holds"]);

    expect((await reviewCore([...args, "--workers", "2", "--out", "second"], cwd)).exitCode).toBe(0);
    const names = ["review.html", "review.json", "review.md"];
    expect(readdirSync(join(cwd, "second")).toSorted()).toEqual(names);
    for (const name of names) {
      expect(readFileSync(join(cwd, "second", name), "utf8")).toBe(readFileSync(join(cwd, "first", name), "utf8"));
    }
  });
});

/** Each begins at a seed that is known to fail. */
describe("a core with a known bug is not ready, for the right reason:", { timeout: patienceMs }, () => {
  test.each([
    ["F02", 2, "I4", "P1", undefined],
    ["F04", 7, "I1", "P0", undefined],
    ["F05", 2, "V1", "P2", undefined],
    ["F08", 2, "G3", "P1", undefined],
    ["F22", 43, "I2", "P0", undefined],
    ["F36", 7, "I3", "P0", "bounded-spawning"],
    ["F39", 1, "O1", "P0", "honest-reports"],
    ["F43", 3, "G1", "P0", undefined],
    ["F46", 1, "G2", "P0", undefined],
    ["F66", 11, "C1", "P1", undefined],
    ["F72", 9, "D1", "P1", undefined],
    ["F74", 2, "G4", "P1", undefined],
  ])("%s (from seed %i) breaks %s, which weighs %s", async (mutant, seed, invariant, severity, rule) => {
    const cwd = temporaryFolder();
    const from = ["--first-seed", String(seed), "--seeds", "1", "--failures", "1"];
    const { verdict, reasons, findings, invariants, passBar } = documentIn(
      await reviewCore(["--mutant", mutant, ...from, "--workers", "0", "--json"], cwd),
    );
    expect(verdict).toBe("not ready");
    const [first] = findings;
    expect(first).toMatchObject({ invariants: [invariant], severity, hinders: "release" });
    expect(reasons[0]).toContain(`${severity}: ${invariant} is broken`);
    expect(invariants.find((each) => each.invariant === invariant)).toMatchObject({
      kind: "not guaranteed",
      reason: "counterexample",
    });
    expect(passBar.filter(({ state }) => state === "broken").map((each) => each.rule)).toEqual(
      rule === undefined ? [] : [rule],
    );
    const repro = /replay (\S+)$/.exec(first!.replayCommand!)![1]!;
    expect(existsSync(join(cwd, repro))).toBe(true);
  });
});

describe("of a user's own system", () => {
  test("what its invariants say decides, and what nobody judges is a condition", async () => {
    const { verdict, findings, invariants } = documentIn(
      await reviewToys(["counter-locked", "--seeds", "40", "--json"]),
    );
    expect(verdict).toBe("ready with conditions");
    expect(invariants).toMatchObject([{ invariant: "C1", kind: "likely", isBuiltIn: false }]);
    expect(findings.every(({ severity, hinders }) => severity === "P3" && hinders !== "release")).toBe(true);
  });

  test("an invariant that is called like the core's does not weigh like it", async () => {
    const { verdict, findings } = documentIn(await reviewToys(["counter-racy", "--seeds", "100", "--json"]));
    expect(verdict).toBe("not ready");
    expect(findings[0]).toMatchObject({ invariants: ["C1"], severity: "P1" });
    expect(findings[0]!.failureMode).toContain("No update of the counter is lost.");
  });

  test("a kept case that fails again is found, and one that nobody can read is named", async () => {
    const cwd = temporaryFolder();
    const corpus = join(cwd, "reports/corpus");
    mkdirSync(corpus, { recursive: true });
    const [repro = ""] = await reproOf(cwd);
    copyFileSync(join(cwd, "kept", repro), join(corpus, "racy.json"));
    writeFileSync(join(corpus, "torn.json"), `{"stormlane`);
    const { verdict, kept, findings } = documentIn(
      await reviewToys(["counter-locked", "--seeds", "10", "--json"], cwd),
    );
    expect(verdict).toBe("not ready");
    expect(kept).toMatchObject({ mended: 1, counterexamples: [{ foundBy: "the kept case reports/corpus/racy.json" }] });
    expect(kept.unusable.join()).toContain("torn.json");
    expect(findings[0]!.replayCommand).toContain("reports/corpus/racy.json");
  });

  async function reproOf(cwd: string): Promise<string[]> {
    await runCommand(["run", "counter-racy", "--workers", "0", "--out", "kept", "--no-explain"], { cwd });
    return readdirSync(join(cwd, "kept"));
  }
});

describe("of a system that misbehaves", { timeout: patienceMs }, () => {
  function reviewOdd(name: string, seeds: number): Promise<CommandEnd> {
    const args = ["review", name, "--seeds", String(seeds), "--workers", "1", "--without", "modules", "--json"];
    return runCommand(args, { cwd: temporaryFolder(), catalogue: "odd-scenarios.ts" });
  }

  test("a run that takes its worker down is found, and is run nowhere else", async () => {
    const { verdict, findings } = documentIn(await reviewOdd("counter-exit", 20));
    expect(verdict).toBe("not ready");
    expect(findings[0]).toMatchObject({ severity: "P1", title: "A run takes its worker down", hinders: "release" });
  });

  test("a real clock in a run is a finding, and no broken pass bar", async () => {
    const { verdict, findings, passBar } = documentIn(await reviewOdd("counter-leaking", 8));
    expect(verdict).toBe("not ready");
    expect(findings[0]).toMatchObject({ severity: "P1", category: "determinism" });
    expect(passBar.find(({ rule }) => rule === "nothing-real")).toMatchObject({ state: "holds" });
  });

  test("a goal that nothing reaches, and runs that come to no end, are conditions", async () => {
    const vacuous = documentIn(await reviewOdd("counter-vacuous", 8));
    expect(vacuous.findings.map(({ title }) => title)).toContain("1 goal of counter-vacuous was never reached");
    const unbounded = documentIn(await reviewOdd("counter-unbounded", 8));
    expect(unbounded.verdict).toBe("ready with conditions");
    expect(unbounded.findings[0]!.title).toBe("Runs of counter-unbounded come to a bound before their end");
  });
});

test("a further sweep tries pairs that the campaign has not tried", { timeout: patienceMs }, async () => {
  const tried = async (sweepRuns: string): Promise<number> => {
    const args = ["partial-spawn", "--seeds", "4", "--sweep", sweepRuns, "--workers", "0", "--json"];
    const { invariants } = documentIn(await reviewCore(args));
    return invariants.find(({ invariant }) => invariant === "I2")!.sweep.tried;
  };
  // Every second seed of the campaign is a pair.
  expect(await tried("0")).toBe(2);
  expect(await tried("5")).toBe(7);
});

test("the slowest tests are those of the report", async () => {
  const cwd = temporaryFolder();
  const assertionResults = [
    { fullName: "quick", status: "passed", duration: 3 },
    { fullName: "slow", status: "passed", duration: 12_000 },
    { fullName: "left out", status: "skipped" },
  ];
  writeFileSync(
    join(cwd, "vitest.json"),
    JSON.stringify({ testResults: [{ name: join(cwd, "test/a.test.ts"), assertionResults }] }),
  );
  const document = documentIn(
    await reviewToys(["counter-locked", "--seeds", "4", "--tests", "vitest.json", "--json"], cwd),
  );
  expect(document.tests).toEqual({
    tests: 2,
    slowest: [
      { title: "slow", file: "test/a.test.ts", durationMs: 12_000 },
      { title: "quick", file: "test/a.test.ts", durationMs: 3 },
    ],
    heavy: [{ title: "slow", file: "test/a.test.ts", durationMs: 12_000 }],
  });
  expect(document.findings.map(({ title }) => title)).toContain("1 heavy test outside the integration lane");
});

test("an interruption leaves no brief, and says so", async () => {
  const cwd = temporaryFolder();
  const end = await runCommand(["review", "counter-locked", "--seeds", "100000", "--workers", "0", "--out", "out"], {
    cwd,
    interruptedAtFirstProgress: true,
  });
  expect(end.exitCode).toBe(130);
  expect(end.error).toContain("review: interrupted, so that there is no brief");
  expect(readdirSync(join(cwd, "out"))).toEqual([]);
});

test.each([
  [["--with", "limit"], "--with limit: there is no such part of a brief; did you mean limits?"],
  [["--with", "modules", "--without", "modules"], "--with modules --without modules: they contradict each other"],
  [["--corpus", "nowhere"], "--corpus nowhere: there is no such folder"],
  [["--sweep", "some"], "--sweep some: not a whole number"],
  [["--proof-runs", "0"], "--proof-runs 0: out of range"],
  [["--tests", "nowhere.json"], "--tests nowhere.json: "],
  [["--tests", "package.json"], "--tests package.json: is no report of Vitest"],
  [["counter-lock"], "scenario counter-lock: there is none of that name; did you mean counter-locked?"],
  [["--mutant", "F999"], "--mutant F999: there is none of that id"],
])("refuses %j before anything is run", async (args, message) => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "package.json"), `{ "name": "a-project" }\n`);
  const end = await runCommand(["review", ...args], { cwd });
  expect(end.error).toContain(`stormlane: ${message}`);
  expect(end).toMatchObject({ exitCode: 2, out: "" });
  expect(readdirSync(cwd)).toEqual(["package.json"]);
});
