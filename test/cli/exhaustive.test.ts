import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand, temporaryFolder, type CommandEnd } from "./run-command.ts";

/** A proof takes seconds; a busy machine may need many times that. */
const patienceMs = 300_000;

interface Document {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly bounds: { readonly reduction: string; readonly reversalsMax: number | null };
  readonly scenarios: readonly {
    readonly verdict: string;
    readonly reason: string | null;
    readonly killsMax: number;
    readonly cases: number | null;
    readonly schedules: number;
    readonly states: number;
    readonly verified: number;
    readonly counterexample: {
      readonly signature: string;
      readonly reproFile: string;
      readonly replays: boolean;
      readonly faults: number;
    } | null;
  }[];
}

function runExhaustive(flags: readonly string[], cwd = temporaryFolder()): Promise<CommandEnd> {
  return runCommand(["run", "--strategy", "exhaustive", ...flags], { cwd, catalogue: "../../scenarios/index.ts" });
}

async function documentOf(flags: readonly string[], cwd?: string): Promise<Document> {
  const { out, exitCode } = await runExhaustive([...flags, "--json"], cwd);
  const document = JSON.parse(out) as Document;
  expect(document.exitCode).toBe(exitCode);
  return document;
}

test(
  "proves that two orchestrators which claim one card keep every rule in every schedule",
  async () => {
    const { out, exitCode } = await runExhaustive(["small-claim"]);
    expect(exitCode).toBe(0);
    expect(out).toContain("small-claim: proven: every schedule within the bounds holds");
    expect(out).toContain("any number of races reversed; no fault; 600 s of virtual time");
  },
  patienceMs,
);

test(
  "finds two orchestrators that exclude nobody, with a file that replays",
  async () => {
    const cwd = temporaryFolder();
    const { scenarios } = await documentOf(["small-claim", "--mutant", "F02"], cwd);
    const { verdict, counterexample } = scenarios[0]!;
    expect(verdict).toBe("violated");
    expect(counterexample).toMatchObject({ signature: "I4: EPIC-1 lane 3", replays: true });
    const repro = JSON.parse(readFileSync(join(cwd, counterexample!.reproFile), "utf8")) as { readonly mutant: string };
    expect(repro.mutant).toBe("F02");
    const replayed = await runCommand(["replay", counterexample!.reproFile], {
      cwd,
      catalogue: "../../scenarios/index.ts",
    });
    expect(replayed.out).toContain("same failure");
  },
  patienceMs,
);

test(
  "finds a spawner that does not see what it made before it was killed",
  async () => {
    const { scenarios } = await documentOf(["small-spawner", "--mutant", "F33"]);
    expect(scenarios[0]!.counterexample).toMatchObject({ signature: "I2: EPIC-1/S1", replays: true, faults: 1 });
  },
  patienceMs,
);

test(
  "enumerates one kill at every operation, unless faults are left out",
  async () => {
    const without = await documentOf(["small-spawner", "--faults", "0"]);
    expect(without.scenarios[0]).toMatchObject({ verdict: "proven", killsMax: 0, cases: 2 });
    const budgeted = await documentOf(["small-spawner", "--runs-max", "20"]);
    expect(budgeted).toMatchObject({ ok: false, exitCode: 1 });
    expect(budgeted.scenarios[0]).toMatchObject({
      verdict: "unfinished",
      reason: "budget",
      killsMax: 1,
      schedules: 20,
    });
    expect(budgeted.scenarios[0]!.cases).toBeGreaterThan(200);
  },
  patienceMs,
);

test(
  "says with the result which bound on reversals it kept",
  async () => {
    const few = await documentOf(["small-claim", "--reversals", "1"]);
    expect(few.bounds).toEqual({ reduction: "partial-order", reversalsMax: 1, runsMax: 100_000 });
    expect(few.scenarios[0]).toMatchObject({ verdict: "proven" });
    expect(few.scenarios[0]!.schedules).toBeLessThan(100);
  },
  patienceMs,
);

test("says that nothing is proven when the budget of schedules is spent", async () => {
  const { out, exitCode } = await runExhaustive(["small-claim", "--reduction", "none", "--runs-max", "5"]);
  expect(exitCode).toBe(1);
  expect(out).toContain("small-claim: unfinished, so nothing is proven: the budget of schedules is spent");
});

test.each([
  [[], "run --strategy exhaustive without a scenario: most scenarios have too many schedules"],
  [["small-claim", "--seeds", "5"], "--seeds with --strategy exhaustive: every schedule is run"],
  [["small-claim", "--runs-max", "0"], "--runs-max 0: out of range"],
  [["small-claim", "--reversals", "some"], "--reversals some: not a whole number"],
  [["small-claim", "--reduction", "all"], "--reduction all: there is no such reduction"],
  [["small-claim", "--reduction", "none", "--reversals", "2"], "--reversals with --reduction none"],
  [["small-claim", "--faults", "2"], "--faults 2: out of range"],
  [["small-clam"], "scenario small-clam: there is none of that name"],
])("refuses %j", async (flags, message) => {
  const { error, exitCode } = await runExhaustive(flags);
  expect(error).toContain(message);
  expect(exitCode).toBe(2);
});

test("refuses its own flags with another strategy", async () => {
  const { error, exitCode } = await runCommand(["run", "--reversals", "2"], { cwd: temporaryFolder() });
  expect(error).toContain("--reversals without --strategy exhaustive");
  expect(exitCode).toBe(2);
});

test("refuses a scenario in which steps touch what they do not tell", async () => {
  const { error, exitCode } = await runExhaustive(["single-card", "--runs-max", "1"]);
  expect(error).toContain("--strategy exhaustive with single-card");
  expect(error).toContain("what that touches is not told, so not every schedule can be explored");
  expect(exitCode).toBe(2);
});
