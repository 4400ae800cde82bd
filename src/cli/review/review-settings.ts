import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { plainLine } from "../../report/plain-line.ts";
import type { TestsEvidence } from "../../review/tests-evidence.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Host } from "../host.ts";
import { suggestName } from "../nearest-name.ts";
import { readInteger } from "../option-values.ts";
import { commandLine, systemArguments } from "../own-package.ts";
import { readRunSettings, type RunFlags, type RunSettings } from "../run-settings.ts";
import { UsageError } from "../usage-error.ts";
import { readTestsReport } from "./tests-report.ts";

/** Parts of a brief that can be left out, or asked for. */
export const reviewParts = ["proofs", "kept", "foot-guns", "budgets", "degraded", "modules", "limits"] as const;
export type ReviewPart = (typeof reviewParts)[number];

/** Takes minutes: for a release, not for each change. */
const onRequest: ReadonlySet<ReviewPart> = new Set(["limits"]);

/** What `review` was asked to do, checked. */
export interface ReviewSettings {
  /** The campaign. */
  readonly run: RunSettings;
  /** Runs of the level-one sweep beside the campaign's own, over all scenarios. */
  readonly sweepRuns: number;
  /** Schedules of a small scenario, at most. */
  readonly proofRunsMax: number;
  /** Runs of each scenario whose histories are read, at most. */
  readonly recordedMax: number;
  readonly parts: ReadonlySet<ReviewPart>;
  /** As it was named; undefined when there is none. */
  readonly corpusFolder: string | undefined;
  /** From a report of Vitest, where one was named. */
  readonly tests: TestsEvidence | undefined;
  readonly json: boolean;
  /** Makes the same brief again. */
  readonly command: string;
}

export async function readReviewSettings(
  names: readonly string[],
  flags: RunFlags,
  host: Host,
): Promise<ReviewSettings> {
  const text = (name: string): string | undefined => flags[name] as string | undefined;
  const run = await readRunSettings(names, { failures: failuresDefault, ...flags }, host);
  const sweepRuns = readInteger("--sweep", text("sweep") ?? "0", { min: 0, max: 100_000_000 });
  const proofRunsMax = readInteger("--proof-runs", text("proofRuns") ?? "20000", { min: 1, max: 100_000_000 });
  const recordedMax = readInteger("--recorded", text("recorded") ?? "8", { min: 1, max: 100_000 });
  const parts = readParts(text("with"), text("without"));
  return {
    run,
    sweepRuns,
    proofRunsMax,
    recordedMax,
    parts: run.mutant === undefined ? parts : withoutParts(parts, ["modules", "limits"]),
    corpusFolder: corpusFolderOf(text("corpus"), host.cwd),
    tests: text("tests") === undefined ? undefined : readTestsReport(text("tests")!, host.cwd),
    json: flags["json"] === true,
    command: commandLine(host.cwd, [...argumentsOf(names, flags), ...systemArguments(host)]),
  };
}

/** Of each scenario: one failure may hide another. */
const failuresDefault = "3";

function readParts(added: string | undefined, left: string | undefined): ReadonlySet<ReviewPart> {
  const parts = new Set(reviewParts.filter((part) => !onRequest.has(part)));
  for (const part of readNames("--with", added)) parts.add(part);
  for (const part of readNames("--without", left)) {
    if (readNames("--with", added).includes(part)) {
      throw new UsageError({
        what: `--with ${part} --without ${part}`,
        why: "they contradict each other",
        fix: "leave one out",
      });
    }
    parts.delete(part);
  }
  return parts;
}

function readNames(option: string, text: string | undefined): ReviewPart[] {
  if (text === undefined) return [];
  return text.split(",").map((given) => {
    const name = given.trim();
    const found = reviewParts.find((part) => part === name);
    if (found !== undefined) return found;
    throw new UsageError({
      what: `${option} ${plainLine(given, 60)}`,
      why: "there is no such part of a brief",
      fix: suggestName(name, reviewParts),
    });
  });
}

function withoutParts(parts: ReadonlySet<ReviewPart>, left: readonly ReviewPart[]): ReadonlySet<ReviewPart> {
  return new Set([...parts].filter((part) => !left.includes(part)));
}

const corpusDefault = "reports/corpus";

function corpusFolderOf(given: string | undefined, cwd: string): string | undefined {
  const folder = given ?? corpusDefault;
  if (existsSync(resolve(cwd, folder))) return folder;
  if (given === undefined) return undefined;
  throw new UsageError({
    what: `--corpus ${plainLine(given, 200)}`,
    why: "there is no such folder",
    fix: "name one that holds repro files",
  });
}

/** Flags that shape the brief, in a stated order. Where it goes, and how many threads work on it, does not. */
const shapingFlags: readonly (readonly [flag: string, member: string])[] = [
  ["--seeds", "seeds"],
  ["--first-seed", "firstSeed"],
  ["--strategy", "strategy"],
  ["--mutant", "mutant"],
  ["--epic", "epic"],
  ["--failures", "failures"],
  ["--double-runs", "doubleRuns"],
  ["--sweep", "sweep"],
  ["--proof-runs", "proofRuns"],
  ["--recorded", "recorded"],
  ["--budget", "budget"],
  ["--with", "with"],
  ["--without", "without"],
  ["--corpus", "corpus"],
  ["--tests", "tests"],
];

function argumentsOf(names: readonly string[], flags: RunFlags): string[] {
  const given = shapingFlags.flatMap(([flag, member]) => {
    const value = flags[member];
    return typeof value === "string" ? [flag, plainLine(value, 200)] : [];
  });
  return ["review", ...names.map((name) => plainLine(name, 200)), ...given];
}

/** Scenarios whose every schedule is to be run: the named ones, and those of the same origin. */
export function provableNames(
  { builtInScenarios, furtherScenarios = [] }: Catalogue,
  reviewed: readonly string[],
): string[] {
  const isBuiltIn = (name: string): boolean => name.includes(":");
  const origins = new Set(reviewed.map(isBuiltIn));
  return [...builtInScenarios, ...furtherScenarios]
    .filter(({ name, bounds }) => bounds.latencies === "none" && origins.has(isBuiltIn(name)))
    .map(({ name }) => name);
}
