import { resolve } from "node:path";
import { firstDifference } from "../../campaign/explore-seeds.ts";
import { plainLine } from "../../report/plain-line.ts";
import { loadCatalogue, type Catalogue } from "../catalogue.ts";
import { exitCodes } from "../exit-codes.ts";
import { findScenario } from "../find-scenario.ts";
import type { Host } from "../host.ts";
import { readInteger } from "../option-values.ts";
import { ownVersion } from "../own-package.ts";
import { outFolderOf } from "../run-settings.ts";
import { examineEnvironment, type Finding } from "./environment.ts";
import type { ProbeCase, ProbedRun, ProbeOrder } from "./history-probe.ts";
import { probeLanes, type ProbeLane } from "./probe-lanes.ts";

export interface DoctorFlags {
  readonly seeds?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** What came of running the cases in one more place. */
export interface LaneResult {
  readonly name: string;
  readonly status: "same" | "differs" | "failed";
  /** Where it differs, or why it failed. */
  readonly difference?: { readonly scenario?: string; readonly seed?: number; readonly text: string };
}

/**
 * `stormlane doctor`: looks at the environment, and runs the same cases again, in a fresh thread, a fresh process and
 * another time zone: their histories must be the same. @returns the exit code
 */
export async function doctor(names: readonly string[], flags: DoctorFlags, host: Host): Promise<number> {
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const seeds = readInteger("--seeds", flags.seeds ?? "2", { min: 1, max: 1_000 });
  const cases = casesOf(catalogue, names, seeds);
  const findings = await examineEnvironment(resolve(host.cwd, flags.out ?? outFolderOf(catalogue, host.cwd)));
  const lanes = await compareLanes(probeLanes, cases, host.catalogueUrl);
  const exitCode = exitCodeOf(findings, lanes);
  if (flags.json === true) {
    const document = { version: 1, stormlane: ownVersion(), command: "doctor", ok: exitCode === 0, exitCode };
    host.writeOut(`${JSON.stringify({ ...document, environment: findings, cases: cases.length, lanes })}\n`);
  } else {
    host.writeOut([...environmentLines(findings), "", ...laneLines(lanes, cases), ""].join("\n"));
  }
  return exitCode;
}

function casesOf(catalogue: Catalogue, names: readonly string[], seeds: number): readonly ProbeCase[] {
  const chosen =
    names.length === 0
      ? catalogue.builtInScenarios.map(({ name }) => name)
      : [...new Set(names.map((name) => findScenario(catalogue, name)))];
  // Far apart, so that strategies of all kinds and far places of the sweep are among them.
  return chosen.flatMap((scenario) => Array.from({ length: seeds }, (_, index) => ({ scenario, seed: 37 * index })));
}

/** Compares each lane with the first one. */
async function compareLanes(
  lanes: readonly ProbeLane[],
  cases: readonly ProbeCase[],
  catalogueUrl: URL,
): Promise<readonly LaneResult[]> {
  const order: ProbeOrder = { catalogueUrl: catalogueUrl.href, strategy: "portfolio", cases, withLines: false };
  const [reference, ...others] = lanes as readonly [ProbeLane, ...ProbeLane[]];
  const expected = await reference.probe(order);
  const results: LaneResult[] = [];
  for (const lane of others) results.push(await compareLane(lane, { reference, expected, order }));
  return results;
}

async function compareLane(
  lane: ProbeLane,
  known: { readonly reference: ProbeLane; readonly expected: readonly ProbedRun[]; readonly order: ProbeOrder },
): Promise<LaneResult> {
  const { reference, expected, order } = known;
  let found: readonly ProbedRun[];
  try {
    found = await lane.probe(order);
  } catch (error) {
    const text = plainLine(error instanceof Error ? error.message : String(error), 300);
    return { name: lane.name, status: "failed", difference: { text } };
  }
  const index = expected.findIndex(({ historyHash }, each) => found[each]?.historyHash !== historyHash);
  if (index === -1) return { name: lane.name, status: "same" };
  const each = order.cases[index]!;
  const alone: ProbeOrder = { ...order, cases: [each], withLines: true };
  const [[here], [there]] = await Promise.all([reference.probe(alone), lane.probe(alone)]);
  const text =
    here!.historyHash === there!.historyHash
      ? "the histories differ after other runs, and are the same when the case is run alone: something outlives a run"
      : plainLine(firstDifference(here!.lines!, there!.lines!), 600);
  return { name: lane.name, status: "differs", difference: { ...each, text } };
}

/** What is only a warning keeps nothing from working. */
function exitCodeOf(findings: readonly Finding[], lanes: readonly LaneResult[]): number {
  if (lanes.some(({ status }) => status === "differs")) return exitCodes.failed;
  const isBroken =
    findings.some(({ status }) => status === "failed") || lanes.some(({ status }) => status === "failed");
  return isBroken ? exitCodes.broken : exitCodes.held;
}

function environmentLines(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ what, status, found, fix }) => [
    `${status.padEnd(7)}  ${what}: ${plainLine(found, 200)}`,
    ...(fix === undefined ? [] : [`         ${fix}`]),
  ]);
}

function laneLines(lanes: readonly LaneResult[], cases: readonly ProbeCase[]): readonly string[] {
  const lines = lanes.flatMap(({ name, status, difference }) => {
    const first = `${(status === "same" ? "ok" : status).padEnd(7)}  ${cases.length} runs ${name}`;
    if (difference === undefined) return [`${first}: the same histories`];
    const { scenario, seed, text } = difference;
    const which = scenario === undefined ? "" : `${scenario}, seed ${seed}: `;
    return [first, `         ${which}${text}`];
  });
  const isSame = lanes.every(({ status }) => status === "same");
  return isSame
    ? lines
    : [
        ...lines,
        "",
        "Something decides that is not in the case: a clock, chance, the environment, or what an earlier run left.",
      ];
}
