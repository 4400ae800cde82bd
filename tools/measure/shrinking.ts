import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isJsonArray, isJsonObject, type JsonValue } from "../../src/base/json.ts";
import { builtInCatalogueUrl, loadCatalogue, type Catalogue } from "../../src/cli/catalogue.ts";
import { readRepro, type Repro } from "../../src/cli/repro-file.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import { withoutDelays } from "../../src/explain/without-delays.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { attemptOf, forcedThings } from "../../src/shrink/attempt.ts";
import { shrinkCase, type Shrunk } from "../../src/shrink/shrink-case.ts";
import type { Case } from "../../src/sim/case.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { runCase, runCaseNow } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import type { Cell, Findings } from "../proof/evidence.ts";
import { percentile, rounded } from "./runs.ts";

const corpus = new URL("../../reports/corpus/", import.meta.url);
const executionsMax = 1_000;
const medianMsMax = 2_000;
const ratioMax = 1.2;
/** How far a mutant's own failure is searched, from the seed that found it last. */
const seedsMax = 500;
const searchMsMax = 5_000;

/** How long shrinking takes, and how small it gets: the kept counterexample of every mutant once more, and one as it was found. */
export async function measureShrinking(mutantMatch: string): Promise<Findings> {
  const catalogue = await loadCatalogue(builtInCatalogueUrl);
  const measured: Measured[] = [];
  for (const name of readdirSync(corpus).toSorted()) {
    if (!name.endsWith(".json")) continue;
    const repro = readRepro(fileURLToPath(new URL(name, corpus)), name);
    if (repro.mutant === undefined || repro.expected.signature === "held" || !repro.mutant.startsWith(mutantMatch))
      continue;
    measured.push(await measureMutant(repro, catalogue));
  }
  return findingsOf(measured);
}

interface Measured {
  readonly mutant: string;
  readonly stored: Shrinking;
  /** Undefined when it was not found within the bounds. */
  readonly fresh: Shrinking | undefined;
}

interface Shrinking {
  readonly signature: string;
  readonly from: Case;
  readonly shrunk: Shrunk;
  readonly ms: number;
  readonly cpuMs: number;
}

async function measureMutant(repro: Repro, catalogue: Catalogue): Promise<Measured> {
  const scenario = catalogue.scenarioWith(repro.case.scenario, { mutant: repro.mutant! });
  const stored = await measureCase(scenario, repro.case, repro.expected.signature);
  const found = await findFailure(scenario, repro.foundBy.seed);
  const fresh = found && (await measureCase(scenario, found.case, found.signature));
  return { mutant: repro.mutant!, stored, fresh };
}

async function measureCase(scenario: Scenario, from: Case, signature: string): Promise<Shrinking> {
  const startMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const shrunk = await shrinkCase(from, {
    signature,
    executionsMax,
    accepts: (workload) => scenario.workloads.refuse(workload) === undefined,
    generator: async (seed, fails) => scenario.workloads.shrink?.(seed, fails),
    undelay: (input) => inMacrotask(() => withoutDelays(input, scenario, runCaseNow)),
    attempt: async (candidate) => {
      const outcome = await runCase(scenario, candidate);
      return attemptOf(candidate, outcome, signatureOf(outcome.verdict));
    },
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  return { signature, from, shrunk, ms: performance.now() - startMs, cpuMs: (user + system) / 1_000 };
}

async function findFailure(
  scenario: Scenario,
  firstSeed: number,
): Promise<{ readonly case: Case; readonly signature: string } | undefined> {
  const explorer = new Explorer(scenario, "portfolio", runCaseNow);
  const startMs = performance.now();
  for (let seed = firstSeed; seed < firstSeed + seedsMax; seed++) {
    if (performance.now() - startMs > searchMsMax) return undefined;
    const failing = await inMacrotask(() => {
      const plan = explorer.plan(seed);
      const outcome = runCaseNow(scenario, plan.case, plan.exploration);
      if (outcome.verdict.kind !== "violated") return undefined;
      return { case: outcome.realised(), signature: signatureOf(outcome.verdict) };
    });
    if (failing !== undefined) return failing;
  }
  return undefined;
}

function findingsOf(measured: readonly Measured[]): Findings {
  const fresh = measured.flatMap((each) => (each.fresh === undefined ? [] : [{ ...each, fresh: each.fresh }]));
  const ms = fresh.map((each) => each.fresh.ms).toSorted((left, right) => left - right);
  const cpuMs = fresh.map((each) => each.fresh.cpuMs).toSorted((left, right) => left - right);
  const executions = fresh.map((each) => each.fresh.shrunk.executions).toSorted((left, right) => left - right);
  // Another failure of the mutant has another minimum.
  const comparable = fresh.filter((each) => each.fresh.signature === each.stored.signature);
  const ratios = comparable.map((each) => ({ ...each, ratio: sizeOf(each.fresh.shrunk.case) / knownMinimum(each) }));
  const larger = ratios.filter(({ ratio }) => ratio > ratioMax);
  const worse = measured.filter(({ stored }) => sizeOf(stored.shrunk.case) > sizeOf(stored.from));
  const unfinished = fresh.filter((each) => !each.fresh.shrunk.minimal);
  const medianMs = ms.length === 0 ? 0 : percentile(ms, 50);
  return {
    facts: {
      mutants: measured.length,
      freshFailures: fresh.length,
      medianMs: rounded(medianMs),
      medianCpuMs: cpuMs.length === 0 ? 0 : rounded(percentile(cpuMs, 50)),
      p95Ms: ms.length === 0 ? 0 : rounded(percentile(ms, 95)),
      medianExecutions: executions.length === 0 ? 0 : percentile(executions, 50),
      mostExecutions: executions.at(-1) ?? 0,
      storedMinimaReproducedOrBeaten: `${measured.length - worse.length} of ${measured.length}`,
      storedMinimaBeaten: measured.filter(({ stored }) => sizeOf(stored.shrunk.case) < sizeOf(stored.from)).length,
      sameFailureWithinKnownMinimum: `${comparable.length - larger.length} of ${comparable.length} within ${ratioMax} times`,
    },
    tables: [
      {
        title: "Sizes: faults + preemptions + delays, values of the workload",
        columns: [
          "mutant",
          "failure found",
          "as found",
          "shrunk",
          "processes",
          "executions",
          "ms",
          "stored",
          "stored shrunk again",
          "stored failure",
        ],
        rows: measured.map(rowOf),
      },
    ],
    problems: [
      ...worse.map(({ mutant }) => `${mutant}: its stored minimum was not reproduced`),
      ...larger.map(({ mutant, ratio }) => `${mutant}: ${rounded(ratio, 2)} times the known minimum`),
      ...unfinished.map(({ mutant }) => `${mutant}: not minimal after ${executionsMax} executions`),
      ...(medianMs > medianMsMax ? [`the median is ${rounded(medianMs)} ms, more than ${medianMsMax}`] : []),
    ],
  };
}

function rowOf({ mutant, stored, fresh }: Measured): Cell[] {
  return [
    mutant,
    fresh?.signature ?? "not found in the time allowed",
    fresh === undefined ? "" : sizeText(fresh.from),
    fresh === undefined ? "" : sizeText(fresh.shrunk.case),
    fresh?.shrunk.actors ?? "",
    fresh?.shrunk.executions ?? "",
    fresh === undefined ? "" : rounded(fresh.ms),
    sizeText(stored.from),
    sizeText(stored.shrunk.case),
    stored.signature,
  ];
}

function knownMinimum({ stored, fresh }: Measured): number {
  return Math.min(sizeOf(stored.from), sizeOf(stored.shrunk.case), sizeOf(fresh!.shrunk.case));
}

/** Everything of a case that a reader has to take in. */
function sizeOf(input: Case): number {
  return forcedThings(input) + leavesOf(input.workload);
}

function sizeText(input: Case): string {
  const { faults, preemptions, delays, workload } = input;
  return `${faults.length}+${preemptions.length}+${delays.length}, ${leavesOf(workload)}`;
}

function leavesOf(value: JsonValue): number {
  if (isJsonArray(value)) return value.reduce((sum: number, item) => sum + leavesOf(item), 0);
  if (!isJsonObject(value)) return 1;
  return Object.values(value).reduce((sum: number, member) => sum + (member === undefined ? 0 : leavesOf(member)), 0);
}
