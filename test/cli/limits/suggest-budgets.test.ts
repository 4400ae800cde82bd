import { beforeAll, describe, expect, test } from "vitest";
import { budgetsText, type BudgetName, type Budgets } from "../../../src/limits/budgets/budgets.ts";
import { runCommand, temporaryFolder, type CommandEnd } from "../run-command.ts";

interface Suggestion {
  readonly runs: number;
  readonly budgets: Budgets;
  readonly suggested: readonly {
    readonly budget: BudgetName;
    readonly value: number;
    readonly largest: { readonly value: number; readonly seed: number };
  }[];
}

interface RunDocument {
  readonly scenarios: readonly { readonly failures: readonly Record<string, unknown>[] }[];
}

const catalogue = "../../scenarios/index.ts" as const;
const seeds = ["--seeds", "4"];

/** Writes nothing. */
function suggest(...args: string[]): Promise<CommandEnd> {
  return runCommand(["limits", ...args], { cwd: import.meta.dirname, catalogue });
}

/** The first failure, if any, of the same seeds with budgets. */
async function failuresWith(budgets: Budgets): Promise<readonly Record<string, unknown>[]> {
  const flags = ["--workers", "0", "--no-explain", "--budget", budgetsText(budgets), "--json"];
  const { out } = await runCommand(["run", "lost-webhook", ...seeds, ...flags], { cwd: temporaryFolder(), catalogue });
  return (JSON.parse(out) as RunDocument).scenarios[0]!.failures;
}

describe("limits --suggest", () => {
  let suggestion: Suggestion;

  beforeAll(async () => {
    const { out } = await suggest("--suggest", "lost-webhook", ...seeds, "--json");
    suggestion = JSON.parse(out) as Suggestion;
  });

  test("gives a block that holds in the same seeds", async () => {
    expect(suggestion.runs).toBe(4);
    expect(Object.keys(suggestion.budgets)).toContain("boardCallsPerCard");
    expect(await failuresWith(suggestion.budgets)).toEqual([]);
  });

  test("gives a block of which the half fails, and the failure names the run", async () => {
    const half = Math.floor(suggestion.budgets.boardCallsPerCard! / 2);
    const failures = await failuresWith({ boardCallsPerCard: half });
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) {
      expect(failure).toMatchObject({ category: "budget", invariant: "budget:boardCallsPerCard" });
      expect([1, 2, 3, 4]).toContain(failure["seed"]);
      expect(failure["replayCommand"]).toContain(`lost-webhook-${failure["seed"] as number}.json`);
    }
  });

  test("prints the block for the config, with where each comes from, and twice the same", async () => {
    const [once, again] = [
      await suggest("--suggest", "lost-webhook", ...seeds),
      await suggest("--suggest", "lost-webhook", ...seeds),
    ];
    expect(once.exitCode).toBe(0);
    expect(once.out).toBe(again.out);
    expect(once.out).toContain("Measured: 4 runs of lost-webhook, seeds 1 to 4 of each.");
    const block = once.out.slice(once.out.indexOf("  budgets: {"));
    for (const { budget } of suggestion.suggested) expect(block).toMatch(new RegExp(`\\n    ${budget}: [\\d_.]+, // `));
    const written = block
      .replaceAll(/\s*\/\/.*|_/g, "")
      .replaceAll(/(\w+):/g, '"$1":')
      .replaceAll(/,(\s*})/g, "$1");
    expect(JSON.parse(`{${written.trim().replace(/,$/, "")}}`)).toEqual({ budgets: suggestion.budgets });
  });

  test("has nothing to suggest where nothing that a budget limits was seen", async () => {
    const { exitCode, out } = await suggest("--suggest", "classics/token-ring", "--seeds", "2");
    expect(exitCode).toBe(1);
    expect(out).toContain("there is nothing to suggest");
  });

  test.each([
    [["--suggest", "nonsense"], "there is none of that name"],
    [["--suggest", "--level", "3"], "--suggest with --level: they contradict each other"],
    [["--suggest", "--headroom", "0.5"], "--headroom 0.5: not a factor; use 1 to 100, as 1.5"],
    [["--suggest", "--seeds", "0"], "--seeds 0: out of range"],
    [["--headroom", "2"], "add --suggest"],
  ])("refuses %j", async (args, why) => {
    const { exitCode, error } = await suggest(...args);
    expect(exitCode).toBe(2);
    expect(error).toContain(why);
  });
});
