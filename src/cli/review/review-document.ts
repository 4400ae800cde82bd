import type { JsonObject } from "../../base/json.ts";
import type { Review } from "../../review/review.ts";
import { ownVersion } from "../own-package.ts";

/** The document of `review --json`. Fields are added, never renamed, while `version` is 1. Nothing in it is about time. */
export function reviewDocument(
  { evidence, verdict, findings, standings, passBar }: Review,
  exitCode: number,
): JsonObject {
  const { system, scenarios, proofs, kept, modules, budgets, degraded, footGuns, limits, tests } = evidence;
  return plain({
    version: 1,
    stormlane: ownVersion(),
    command: "review",
    ok: exitCode === 0,
    exitCode,
    verdict: verdict.kind,
    reasons: verdict.reasons,
    system,
    findings,
    passBar,
    invariants: standings,
    proofs,
    scenarios,
    kept,
    modules: modules ?? null,
    budgets: budgets ?? null,
    degraded: degraded ?? null,
    footGuns: footGuns ?? null,
    limits: limits ?? null,
    tests: tests ?? null,
  });
}

/** Without the members that are not there. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
