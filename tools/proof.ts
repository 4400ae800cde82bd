/**
 * Proves and measures what this project says of itself, one part after the other, and writes evidence of each to
 * reports/evidence/ (with `--share small` to reports/out/evidence/). Exit code 1 when anything fails.
 *
 * Usage: npm run proof -- [--only campaign,million,mutants,peers,sweep,exhaustive,review,kill-queue,shrinking,determinism,start,reference,profile,idle,worker-memory,bench-honesty,kanboard-speed,live-epic] [--seeds N] [--share small]
 *                          [--out FOLDER] [--keep]
 * `--keep` puts the repro of each mutant into reports/corpus/, in place of that of an earlier version.
 */
import { execFileSync } from "node:child_process";
import { availableParallelism, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { builtInMutants } from "../scenarios/mutants/built-in-mutants.ts";
import { campaign } from "./proof/campaign.ts";
import { root } from "./proof/command.ts";
import { determinism } from "./proof/determinism.ts";
import { exhaustive } from "./proof/exhaustive.ts";
import { killQueue } from "./proof/kill-queue.ts";
import { liveEpic } from "./proof/live-epic.ts";
import { million } from "./proof/million.ts";
import { measurement } from "./proof/measurement.ts";
import { mutants } from "./proof/mutants.ts";
import { peers } from "./proof/peers.ts";
import { review } from "./proof/review.ts";
import { runParts, type Part } from "./proof/run-parts.ts";
import { start } from "./proof/start.ts";
import { sweep } from "./proof/sweep.ts";

const reprosFolder = "reports/out/proof";
const all = Number.POSITIVE_INFINITY;
const measurements: readonly Part[] = [
  measurement("reference", "The reference run: operations per second on one core"),
  measurement("profile", "The reference run: where the time goes"),
  measurement("idle", "30 days of two idle pollers: virtual to real time, and memory"),
  measurement("worker-memory", "A worker of a campaign: memory after 1,000, 10,000 and 100,000 seeds"),
  measurement("bench-honesty", "Benchmarks side by side: slowdowns found, and alarms without one"),
  { ...measurement("kanboard", "Calls of the fake Kanboard on boards of all sizes"), name: "kanboard-speed" },
];

/** Everything, for a release. */
function wholeProof(seeds: number, corpusFolder: string | undefined): readonly Part[] {
  return [
    campaign(seeds, reprosFolder),
    million(1_000_000, reprosFolder),
    mutants(builtInMutants, { seedsMax: 5_000, outFolder: reprosFolder, corpusFolder }),
    peers(reprosFolder),
    sweep({ firstRunsMax: all, recoveriesMax: all, outFolder: reprosFolder }),
    exhaustive(),
    review({ scenarios: [], seeds: 10_000, sweepRuns: 5_000, without: "", outFolder: reprosFolder }),
    killQueue({ kills: 50, redisRestarts: 2 }),
    measurement("shrinking", "How fast and how far kept and fresh counterexamples shrink"),
    determinism(200),
    start(reprosFolder),
    ...measurements,
    liveEpic({ kills: 50, stories: 3 }),
  ];
}

/** For every change: a few minutes. The mutants are spread over what they break. */
function smallProof(seeds: number, corpusFolder: string | undefined): readonly Part[] {
  const every = Math.max(1, Math.floor(builtInMutants.length / 4));
  const few = builtInMutants.filter((_, index) => index % every === 0).slice(0, 4);
  return [
    campaign(seeds, reprosFolder),
    mutants(few, { seedsMax: 5_000, outFolder: reprosFolder, corpusFolder }),
    sweep({ firstRunsMax: 600, recoveriesMax: 150, outFolder: reprosFolder }),
    exhaustive(),
    // All goals of all scenarios take some 2,000 seeds; the schedules of small ones are the part before.
    review({
      scenarios: ["crash-anywhere"],
      seeds: 20,
      sweepRuns: 0,
      without: "proofs,modules",
      outFolder: reprosFolder,
    }),
    determinism(40),
    liveEpic({ kills: 3, stories: 1 }),
  ];
}

function chooseParts(parts: readonly Part[], only: string | undefined): readonly Part[] {
  if (only === undefined) return parts;
  const names = only.split(",");
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    refuse(`--only ${unknown.join(",")}: there is no such part; use ${parts.map(({ name }) => name).join(", ")}`);
  }
  return parts.filter(({ name }) => names.includes(name));
}

function seedsOf(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const seeds = Number(text);
  if (!Number.isSafeInteger(seeds) || seeds < 4) refuse(`--seeds ${text}: not a number of seeds; use 4 or more`);
  return seeds;
}

function refuse(message: string): never {
  console.error(`proof: ${message}`);
  process.exit(2);
}

interface Flags {
  readonly only?: string;
  readonly seeds?: string;
  readonly share?: string;
  readonly out?: string;
  readonly keep?: boolean;
}

function readFlags(): Flags {
  const text = { type: "string" } as const;
  try {
    return parseArgs({ options: { only: text, seeds: text, share: text, out: text, keep: { type: "boolean" } } })
      .values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
}

/** Evidence and other reports do not count: this run itself writes them. */
function commitOfCheckout(): string {
  const changed = git("status", "--porcelain", "--", ".", ":!reports");
  return `${git("rev-parse", "HEAD")}${changed === "" ? "" : "-dirty"}`;
}

const flags = readFlags();
if (flags.share !== undefined && flags.share !== "small") refuse(`--share ${flags.share}: use small, or leave it out`);
const isSmall = flags.share === "small";
const seeds = seedsOf(flags.seeds, isSmall ? 2_000 : 100_000);
const parts = (isSmall ? smallProof : wholeProof)(seeds, flags.keep === true ? "reports/corpus" : undefined);
process.exitCode = await runParts(chooseParts(parts, flags.only), {
  commit: commitOfCheckout(),
  node: process.version,
  host: `${process.platform} ${process.arch}, ${availableParallelism()} cores, ${Math.round(totalmem() / 1e9)} GB`,
  folder: flags.out ?? (isSmall ? "reports/out/evidence" : "reports/evidence"),
  nowMs: () => Date.now(),
  say: (line) => console.log(line),
});
