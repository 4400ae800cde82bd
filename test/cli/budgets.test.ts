import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Failure } from "../../src/campaign/failure.ts";
import { variantOf } from "../../src/cli/campaign-settings.ts";
import { readBudgets } from "../../src/cli/project/budgets-schema.ts";
import { commandOf } from "../../src/cli/replay-story.ts";
import { readRepro } from "../../src/cli/repro-file.ts";
import type { FoundFailure } from "../../src/cli/ui/campaign-reader.ts";
import { reproOf } from "../../src/cli/ui/failure-viewer.ts";
import { budgetNames, budgetsText } from "../../src/limits/budgets/budgets.ts";
import { defaultBudgets } from "../../src/limits/budgets/default-budgets.ts";
import { targetName } from "../../src/report/campaign-page/words.ts";
import type { Case } from "../../src/sim/case.ts";
import { projectFolder, runStormlane } from "./project/project-folder.ts";
import { runCommand, temporaryFolder } from "./run-command.ts";

const catalogue = "../../scenarios/index.ts" as const;
const inThread = ["--workers", "0", "--no-explain"];

describe("--budget", () => {
  test("fails a run that takes more, as a violation of its own category, and its repro file replays so", async () => {
    const cwd = temporaryFolder();
    const run = (...args: string[]) => runCommand(args, { cwd, catalogue });
    const flags = ["--seed", "3", "--budget", "commentsPerCard=3", "--json", ...inThread];
    const { exitCode, out } = await run("run", "lost-webhook", ...flags);
    expect(exitCode).toBe(1);
    const document = JSON.parse(out) as { readonly scenarios: readonly { readonly failures: readonly object[] }[] };
    const [failure] = document.scenarios[0]!.failures;
    expect(document).toMatchObject({ budgets: { commentsPerCard: 3 } });
    expect(failure).toMatchObject({
      category: "budget",
      signature: "budget:commentsPerCard: EPIC-1",
      message: "EPIC-1 took 4 comments; the budget commentsPerCard is 3 comments.",
      seed: 3,
    });
    const file = join("reports/out", readdirSync(join(cwd, "reports/out"))[0]!);
    expect(readRepro(join(cwd, file)).budgets).toEqual({ commentsPerCard: 3 });
    expect((await run("replay", file)).out).toContain("same failure: budget:commentsPerCard: EPIC-1");
    const raised = await run("replay", file, "--budget", "commentsPerCard=300");
    expect(raised.out).toContain("no longer fails");
    const told = { target: "lost-webhook:3", isFile: false, host: { cwd }, flags: { budget: "commentsPerCard=3" } };
    expect(commandOf(told)).toMatch(/ replay lost-webhook:3 --budget commentsPerCard=3$/);
  });

  test("may be given several times and between commas, and the last one rules", async () => {
    expect(readBudgets("default,stepWallMs=7, prices=0.5/2")).toEqual({
      ...defaultBudgets,
      stepWallMs: 7,
      prices: { inputUsdPerMillionTokens: 0.5, outputUsdPerMillionTokens: 2 },
    });
    const budgets = ["--budget", "commentsPerCard=1", "--budget", "retriesPerCard=2", "--budget", "commentsPerCard=9"];
    const args = ["run", "counter-locked", "--seed", "1", "--json", ...inThread, ...budgets];
    expect(JSON.parse((await runCommand(args, { cwd: temporaryFolder() })).out)).toMatchObject({
      budgets: { commentsPerCard: 9, retriesPerCard: 2 },
    });
  });

  test("is read back from the text that it is told by", () => {
    const budgets = { ...defaultBudgets, prices: { inputUsdPerMillionTokens: 1.25, outputUsdPerMillionTokens: 10 } };
    expect(readBudgets(budgetsText(budgets))).toEqual(budgets);
    expect(Object.keys(readBudgets("default"))).toEqual(budgetNames);
  });

  test.each([
    ["commentPerCard=3", "there is no such budget; did you mean commentsPerCard?"],
    ["commentsPerCard", "no value of a budget; write a whole number from 0, as commentsPerCard=100"],
    ["commentsPerCard=2.5", "not a value of a budget"],
    ["commentsPerCard=-1", "not a value of a budget"],
    ["commentsPerCard=1=2", "not a value of a budget"],
    ["moneyPerCardUsd=free", "write a number from 0, as moneyPerCardUsd=100"],
    ["prices=3", "not two prices"],
    ["constructor=3", "there is no such budget"],
    ["", "there is no such budget"],
  ])("refuses %j", async (budget, why) => {
    const end = await runCommand(["run", "counter-locked", "--budget", budget], { cwd: temporaryFolder() });
    expect(end).toMatchObject({ exitCode: 2, out: "" });
    expect(end.error).toContain(why);
  });

  test("is refused where every schedule is run", async () => {
    const args = ["run", "small-claim", "--strategy", "exhaustive", "--budget", "default"];
    const end = await runCommand(args, { cwd: temporaryFolder(), catalogue });
    expect(end).toMatchObject({ exitCode: 2 });
    expect(end.error).toContain("--budget with --strategy exhaustive");
  });

  test("keeps the runs of a ledger apart, and shards with other budgets from being merged", async () => {
    const cwd = temporaryFolder();
    const campaign = async (...flags: string[]): Promise<number> => {
      const args = ["campaign", "counter-locked", "--seeds", "20", "--json", ...inThread, ...flags];
      return (JSON.parse((await runCommand(args, { cwd })).out) as { ledger: { ran: number } }).ledger.ran;
    };
    expect(await campaign()).toBe(20);
    expect(await campaign("--budget", "commentsPerCard=4")).toBe(20);
    expect(await campaign("--budget", "commentsPerCard=5")).toBe(20);
    expect(await campaign("--budget", "commentsPerCard=4")).toBe(0);
    for (const [shard, limit] of ["4", "5"].entries()) {
      const of = ["--shard", `${shard + 1}/2`, "--ledger", `${shard}.sqlite`, "--blob", `${shard}.json`];
      await campaign(...of, "--budget", `commentsPerCard=${limit}`);
    }
    const merged = await runCommand(["merge", "0.json", "1.json"], { cwd });
    expect(merged.exitCode).toBe(2);
    expect(merged.error).toContain("the budgets");
  });
});

describe("the variant of a run", () => {
  const budgets = { commentsPerCard: 3, prices: { inputUsdPerMillionTokens: 3, outputUsdPerMillionTokens: 15 } };

  test("names its budgets beside its mutant and its epic, and is as it was without them", () => {
    const epic = { title: "Shop" };
    const variants = [{}, { mutant: "F22" }, { mutant: "F22", budgets }, { epic, budgets }, { epic }].map((each) =>
      variantOf({ mutant: undefined, epic: undefined, budgets: undefined, ...each }),
    );
    const [none, mutant, both, other, epicAlone] = variants;
    expect([none, mutant, both]).toEqual(["", "F22", "F22++commentsPerCard=3,prices=3/15"]);
    expect(other).toBe(`${epicAlone}+commentsPerCard=3,prices=3/15`);
    expect(targetName({ scenario: "single-card", variant: both! })).toBe(
      "single-card + F22 + budgets commentsPerCard=3,prices=3/15",
    );
    expect(targetName({ scenario: "single-card", variant: epicAlone! })).toMatch(/^single-card \+ epic [0-9a-f]{8}$/);
  });

  test("is what a failure out of a ledger is replayed with", () => {
    const failure: Failure = {
      kind: "violated",
      signature: "budget:commentsPerCard: EPIC-1",
      seed: 3,
      strategy: "sweep",
      invariant: "budget:commentsPerCard",
      message: "EPIC-1 took 4 comments; the budget commentsPerCard is 3 comments.",
      steps: 9,
    };
    const input: Case = { scenario: "single-card", drawSeed: 3, workload: {}, faults: [], preemptions: [], delays: [] };
    const target = { scenario: "single-card", variant: "F22++commentsPerCard=3,prices=3/15" };
    const found = { target, recorded: { failure, case: input } } as unknown as FoundFailure;
    expect(reproOf(found)).toMatchObject({ mutant: "F22", budgets });
  });
});

const slowStep = {
  "scenarios/steps/scenario.ts": `import { defineScenario, fc } from "stormlane";

export default defineScenario({
  name: "steps",
  workload: fc.constant({}),
  system: {
    worker: async (ports) => {
      ports.log.event("agent.started", { card: "Card 1", agent: "writer" });
      await ports.clock.sleep(2_500);
      ports.log.event("agent.finished", { card: "Card 1", agent: "writer" });
    },
  },
  invariants: [],
});
`,
};

describe("budgets in the config of a project", () => {
  const configOf = (text: string): string => `export default { workers: 0, budgets: ${text} };\n`;
  const run = ["run", "--seeds", "2", "--no-explain"];

  test("hold for its runs, are kept with what fails, and when they are raised it no longer fails", async () => {
    const folder = projectFolder({ "stormlane.config.ts": configOf("{ stepWallMs: 2_000 }"), ...slowStep });
    const found = await runStormlane(run, folder);
    expect(found.exitCode).toBe(1);
    expect(found.out).toContain("budget:stepWallMs: Card 1 writer");
    expect(found.out).toContain("Card 1 writer took 2,500 ms; the budget stepWallMs is 2,000 ms.");
    const [file = ""] = readdirSync(join(folder, "reports/out"));
    const repro = join("reports/out", file);
    expect(JSON.parse(readFileSync(join(folder, repro), "utf8"))).toMatchObject({ budgets: { stepWallMs: 2_000 } });
    writeFileSync(join(folder, "stormlane.config.ts"), configOf("{ stepWallMs: 3_000 }"));
    const replayed = await runStormlane(["replay", repro], folder);
    expect(replayed.exitCode).toBe(0);
    expect(replayed.out).toContain("no longer fails");
  });

  test("are refused where they are none, by what is wrong with them", async () => {
    const wrong = [
      ["{ stepWallsMs: 1 }", "budgets.stepWallsMs: there is no such budget; did you mean stepWallMs?"],
      ["{ stepWallMs: 'long' }", "budgets.stepWallMs: expected number, received string; write a number from 0"],
      ["[]", "budgets: expected object, received array"],
    ] as const;
    const ends = await Promise.all(
      wrong.map(([text]) => runStormlane(run, projectFolder({ "stormlane.config.ts": configOf(text), ...slowStep }))),
    );
    for (const [index, end] of ends.entries()) {
      expect(end.exitCode).toBe(2);
      expect(end.error).toContain(wrong[index]![1]);
    }
  });
});
