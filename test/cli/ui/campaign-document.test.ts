import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { Ledger } from "../../../src/campaign/ledger/ledger.ts";
import { campaignDocumentSchema } from "../../../src/cli/schemas/campaign-page.ts";
import type { CampaignDocument } from "../../../src/report/campaign-page/campaign-document.ts";
import { runCommand, temporaryFolder } from "../run-command.ts";
import { runToyCampaign } from "./ledgers.ts";

async function documentOf(cwd: string, ...args: readonly string[]): Promise<CampaignDocument> {
  const { exitCode, out, error } = await runCommand(["ui", "--json", ...args], { cwd });
  expect(exitCode, error).toBe(0);
  const document = JSON.parse(out) as CampaignDocument;
  expect(campaignDocumentSchema.parse(document), "every member is in the schema").toEqual(document);
  return document;
}

describe("the document of the campaign page", () => {
  test("says what the report of the campaign says", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const document = await documentOf(cwd);
    const { out } = await runCommand(["campaign", "--report", "--json", "--no-explain", "--workers", "0"], { cwd });
    const report = JSON.parse(out) as Report;
    expect(
      document.targets.map(({ scenario, runs, ops, events, sometimes, invariants, saturation }) => ({
        scenario,
        runs,
        ops,
        events,
        sometimes,
        invariants,
        curve: saturation?.curve,
      })),
    ).toEqual(
      report.scenarios.map(({ name, runs, ops, events, sometimes, invariants, progress }) => ({
        scenario: name,
        runs,
        ops,
        events,
        sometimes,
        invariants: invariants.map((each) => ({ ...each, rule: "No update of the counter is lost." })),
        curve: progress.curve,
      })),
    );
    expect(
      document.failures.map(({ scenario, signature, state, runs, hits }) => ({
        scenario,
        signature,
        state,
        runs,
        hits,
      })),
    ).toEqual(
      report.standing.flatMap(({ scenario, failures }) =>
        failures.map(({ signature, state, runs, hits }) => ({ scenario, signature, state, runs, hits })),
      ),
    );
    expect(document.totals).toMatchObject({ runs: 60, failedRuns: document.failures[0]!.hits, mismatches: 0 });
    expect(document.targets.map(({ seeds }) => seeds)).toEqual([
      { first: 1, last: 30, gaps: 0 },
      { first: 1, last: 30, gaps: 0 },
    ]);
  });

  test("shows a failure by its smallest case, and says how to replay it", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const [failure] = (await documentOf(cwd)).failures;
    expect(failure!.shown).toMatchObject({ kind: "violated", invariant: "C1", case: { isMinimal: true } });
    const command = failure!.shown.replayCommand.split(" ");
    const replayed = await runCommand(command.slice(command.indexOf("replay")), { cwd });
    expect(replayed.out).toContain("same failure");
  });

  test("tells what became of a failure when the code has changed, and which code shows it", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const ledger = "reports/out/campaign.sqlite";
    withLedger(cwd, "UPDATE session SET code = 'before'; UPDATE target SET code = 'before'");
    const clean = ["campaign", "counter-locked", "--seeds", "30", "--workers", "0", "--ledger", ledger];
    expect((await runCommand(clean, { cwd })).exitCode).toBe(0);
    const document = await documentOf(cwd);
    expect(document.ledger.sessions.map(({ code }) => code)).toEqual(["before", document.ledger.latestCode]);
    expect(document.ledger.latestCode).toBe(document.ledger.presentCode);
    expect(document.targets.map(({ scenario, isLatest }) => [scenario, isLatest])).toEqual([
      ["counter-locked", true],
      ["counter-locked", false],
      ["counter-racy", false],
    ]);
    expect(document.totals.runs).toBe(30);
    expect(document.failures[0]!.odds).toMatch(/^not run by this code; counts as resolved after \d+ clean runs$/);
    const { shown, id } = document.failures[0]!;
    expect(shown.needsRepro).toBe(true);
    expect(shown.replayCommand).toMatch(new RegExp(` replay ${id}\\.json$`));
    expect(document.failures).toMatchObject([
      { state: "ongoing", runs: 0, hits: 0, cleared: { cleanRuns: 0, cleanByChance: 1 }, shown: { code: "before" } },
    ]);
  });

  test("of a ledger that nothing was recorded in is empty, and no error", async () => {
    const cwd = temporaryFolder();
    Ledger.open(join(cwd, "empty.sqlite")).close();
    const document = await documentOf(cwd, "--ledger", "empty.sqlite");
    expect(document).toMatchObject({ ledger: { latestCode: null }, totals: { runs: 0 }, targets: [], failures: [] });
  });

  test("names a goal that was never reached, a limit that was, and a run that left no case", async () => {
    const cwd = temporaryFolder();
    const args = ["--seeds", "90", "--workers", "1", "--no-explain", "--failures", "50"];
    const names = ["counter-vacuous", "counter-unbounded", "counter-exit"];
    await runCommand(["campaign", ...names, ...args], { cwd, catalogue: "odd-scenarios.ts" });
    const { out } = await runCommand(["ui", "--json"], { cwd, catalogue: "odd-scenarios.ts" });
    const { targets, failures, totals } = campaignDocumentSchema.parse(JSON.parse(out));
    const named = (name: string): CampaignDocument["targets"][number] =>
      targets.find(({ scenario }) => scenario === name)!;
    expect(named("counter-vacuous").sometimes).toContainEqual(expect.objectContaining({ name: "pigs flew", hits: 0 }));
    expect(named("counter-unbounded").limits[0]!.runs).toBe(totals.limitRuns);
    expect(totals.limitRuns).toBeGreaterThan(0);
    expect(failures).toMatchObject([{ viewer: null, repro: null, shown: { kind: "died", case: null } }]);
  });
});

function withLedger(cwd: string, sql: string): void {
  const database = new DatabaseSync(join(cwd, "reports/out/campaign.sqlite"));
  database.exec(sql);
  database.close();
}

interface Report {
  readonly scenarios: readonly {
    readonly name: string;
    readonly runs: number;
    readonly ops: number;
    readonly events: number;
    readonly sometimes: readonly object[];
    readonly invariants: readonly object[];
    readonly progress: { readonly curve: readonly object[] };
  }[];
  readonly standing: readonly {
    readonly scenario: string;
    readonly failures: readonly {
      readonly signature: string;
      readonly state: string;
      readonly runs: number;
      readonly hits: number;
    }[];
  }[];
}
