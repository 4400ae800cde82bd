/**
 * Measures the simulation on this machine, in one thread.
 *
 * Usage: npm run measure -- reference [--seconds 20] [--freeze]   throughput of the reference run, and its mix
 *        npm run measure -- profile [--seconds 20]                where its time goes
 *        npm run measure -- idle [--days 30]                      virtual to real time while nothing happens
 *        npm run measure -- board-calls                           what a run, and an idle tick, ask of the board
 *        npm run measure -- kanboard [--seconds 60]               what calls of the fake Kanboard cost, by size of the board
 *        npm run measure -- shrinking [--mutant F22]              how fast and how far counterexamples shrink
 *        npm run measure -- worker-memory [--seeds 100000]        what a worker holds after many seeds
 *        npm run measure -- bench-honesty [--runs 100]            whether benchmarks find a slowdown, and raise no alarm without
 *        npm run measure -- in-process [--runs 1000]              unmodified code: double runs, and its cost beside msw and fake timers
 *        npm run measure -- scaling [--seeds 100000]              a campaign on one thread, two, and two behind a queue (redis-server)
 *        --json prints one JSON document
 */
import { parseArgs } from "node:util";
import { installGuards } from "../src/kernel/guards.ts";
import { tableLines } from "../src/report/table.ts";
import { measureBenchHonesty } from "./measure/bench-honesty.ts";
import { measureBoardCalls } from "./measure/board-calls.ts";
import { measureIdle } from "./measure/idle.ts";
import { measureInProcess } from "./measure/in-process.ts";
import { measureKanboard } from "./measure/kanboard.ts";
import { measureProfile } from "./measure/profile.ts";
import { freezeMix, measureReference } from "./measure/reference.ts";
import { measureScaling } from "./measure/scaling.ts";
import { measureShrinking } from "./measure/shrinking.ts";
import { measureWorkerMemory } from "./measure/worker-memory.ts";
import type { Findings, Table } from "./proof/evidence.ts";

/** What was asked for makes no sense. */
class WrongArgument extends Error {}

function readArguments(): { readonly what: string; readonly values: Readonly<Record<string, string | boolean>> } {
  const options = {
    seconds: { type: "string", default: "20" },
    days: { type: "string", default: "30" },
    seeds: { type: "string", default: "100000" },
    runs: { type: "string", default: "100" },
    mutant: { type: "string", default: "" },
    freeze: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    return { what: positionals.join(" "), values };
  } catch (error) {
    throw new WrongArgument(error instanceof Error ? error.message : String(error));
  }
}

function count(option: string, text: string | boolean | undefined): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1_000_000)) throw new WrongArgument(`--${option} ${text}: use a number above 0`);
  return value;
}

async function measure(what: string, values: Readonly<Record<string, string | boolean>>): Promise<Findings> {
  // As in a campaign: what guards cost is part of a run.
  installGuards();
  switch (what) {
    case "reference":
      if (values["freeze"] === true) await freezeMix();
      return measureReference(count("seconds", values["seconds"]));
    case "profile":
      return measureProfile(count("seconds", values["seconds"]));
    case "idle":
      return measureIdle(count("days", values["days"]));
    case "board-calls":
      return measureBoardCalls();
    case "kanboard":
      return measureKanboard(count("seconds", values["seconds"]));
    case "shrinking":
      return measureShrinking(String(values["mutant"]));
    case "worker-memory":
      return measureWorkerMemory(count("seeds", values["seeds"]));
    case "bench-honesty":
      return measureBenchHonesty(count("runs", values["runs"]));
    case "in-process":
      return measureInProcess(count("runs", values["runs"]));
    case "scaling":
      return measureScaling(count("seeds", values["seeds"]));
    default:
      throw new WrongArgument(
        `${what === "" ? "nothing" : what}: there is no such measurement; use reference, profile, idle, board-calls, kanboard, shrinking, worker-memory, bench-honesty, in-process or scaling`,
      );
  }
}

function print({ facts, tables = [], problems }: Findings): void {
  const result: Table = { title: "result", columns: ["what", "value"], rows: Object.entries(facts) };
  for (const { title, columns, rows } of [result, ...tables]) {
    const cells = rows.map((row) => row.map(String));
    const aligned = columns.map((column, index) => ({
      title: column,
      align: rows.every((row) => typeof row[index] === "number") ? ("right" as const) : ("left" as const),
    }));
    console.log(`\n${title}\n${tableLines(aligned, cells).join("\n")}`);
  }
  for (const problem of problems) console.log(`\nPROBLEM: ${problem}`);
}

try {
  const { what, values } = readArguments();
  const findings = await measure(what, values);
  if (values["json"] === true) console.log(JSON.stringify(findings));
  else print(findings);
  process.exitCode = findings.problems.length === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof WrongArgument)) throw error;
  console.error(`measure: ${error.message}`);
  process.exitCode = 2;
}
