import { resolve } from "node:path";
import { canonicalJson } from "../base/json.ts";
import { sha256 } from "../base/digest.ts";
import type { TargetKey } from "../campaign/ledger/ledger.ts";
import type { ExecutorFactory } from "../campaign/task.ts";
import { budgetsText } from "../limits/budgets/budgets.ts";
import { engineNamed } from "./campaign-engine.ts";
import { codeHash } from "./code-hash.ts";
import type { Host } from "./host.ts";
import { ledgerFileOf, readRunSettings, type RunFlags, type RunSettings } from "./run-settings.ts";

/** What `campaign` was asked to do, checked. */
export interface CampaignPlan {
  readonly run: RunSettings;
  readonly code: string;
  /** As it is printed, and as it is opened. */
  readonly ledgerFile: string;
  readonly ledgerPath: string;
  readonly blobFile: string | undefined;
  readonly engine: ExecutorFactory;
  /** `--report`: nothing is run. */
  readonly onlyReports: boolean;
  /** When the command began, by the real clock: for the reports. */
  readonly startedAtMs: number;
}

export async function readCampaignPlan(names: readonly string[], flags: RunFlags, host: Host): Promise<CampaignPlan> {
  const text = (name: string): string | undefined => flags[name] as string | undefined;
  const engine = engineNamed(text("engine") ?? "threads", host);
  const run = await readRunSettings(names, { failures: "1000", ...flags }, host);
  const ledgerFile = text("ledger") ?? ledgerFileOf(run.catalogue, host.cwd);
  return {
    run,
    code: await codeHash(host.catalogueUrl),
    ledgerFile,
    ledgerPath: resolve(host.cwd, ledgerFile),
    blobFile: text("blob"),
    engine,
    onlyReports: flags["report"] === true,
    startedAtMs: Date.now(),
  };
}

export function targetKey({ run, code }: Pick<CampaignPlan, "run" | "code">, scenario: string): TargetKey {
  return { scenario, variant: variantOf(run), code, strategy: run.strategy };
}

/** Names the mutant, the epic and the budgets; empty for none of them. */
export function variantOf({ mutant = "", epic, budgets }: Pick<RunSettings, "mutant" | "epic" | "budgets">): string {
  const parts = [
    mutant,
    epic === undefined ? "" : sha256(canonicalJson(epic)).slice(0, 16),
    budgets === undefined ? "" : budgetsText(budgets),
  ];
  return parts.join("+").replace(/\++$/, "");
}
