/**
 * Drives an epic from Inbox to Done with real processes: one webhook server and two pollers of `stormlane serve`, the
 * served fakes over HTTP, codex and pytest on PATH, and the machine's own git. Once in peace, then with SIGKILL at random
 * moments; both must end in the same state, and in that of a simulation of the epic. Exit code 1 when they do not.
 *
 * Usage: npm run live-epic -- [--kills 50] [--seed 1] [--stories 3] [--json] [--keep]
 * `--keep` leaves the folders of both runs for a look.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { liveWorkload } from "./live/epic.ts";
import { proveLive, type LiveProof } from "./live/prove-live.ts";

async function main(): Promise<number> {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({ options: { kills: text, seed: text, stories: text, json: flag, keep: flag } });
  const kills = integer("--kills", values.kills ?? "50", 0, 1_000);
  const seed = integer("--seed", values.seed ?? "1", 0, Number.MAX_SAFE_INTEGER);
  const stories = integer("--stories", values.stories ?? "3", 1, 20);
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
  }
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "stormlane-live-"));
  const startMs = performance.now();
  const say = (line: string): void => {
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(1).padStart(6);
    process.stderr.write(`${seconds} s  ${line}\n`);
  };
  try {
    const proof = await proveLive({
      folderOf: (name) => emptyFolder(join(folder, name)),
      workload: liveWorkload(stories),
      kills,
      seed,
      say,
      interruption: interruption.signal,
    });
    process.stdout.write(values.json ? `${JSON.stringify(proof, undefined, 2)}\n` : summaryOf(proof));
    return proof.problems.length === 0 ? 0 : 1;
  } catch (error) {
    const why = error instanceof Error ? (error.cause ?? error) : error;
    process.stderr.write(`live-epic: ${why instanceof Error ? why.message : String(why)}\n`);
    return 1;
  } finally {
    if (values.keep) say(`both runs are in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function emptyFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

function integer(option: string, given: string, min: number, max: number): number {
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  process.stderr.write(`live-epic: ${option} ${given}: not a number from ${min} to ${max}\n`);
  process.exit(2);
}

function summaryOf({ facts, tables, problems }: LiveProof): string {
  const lines = [
    ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
    ...tables.flatMap(({ title, rows }) => ["", `${title}:`, ...rows.map((row) => `  ${row.join("  ")}`)]),
    "",
    problems.length === 0
      ? "Both runs ended in the same state, and as their simulation."
      : `${problems.length} differences:`,
    ...problems.map((problem) => `  ${problem}`),
  ];
  return `${lines.join("\n")}\n`;
}

process.exitCode = await main();
