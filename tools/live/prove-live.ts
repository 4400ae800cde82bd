import type { Workload } from "../../scenarios/board-world/workload.ts";
import type { Findings, Table } from "../proof/evidence.ts";
import { differences } from "./end-state.ts";
import type { Kill } from "./killer.ts";
import { runLive, type LiveRun } from "./live-run.ts";
import { asSimulated, simulateEnd } from "./simulated-end.ts";

export interface LiveProofOptions {
  /** Makes an empty folder, absolute and without links on the way. */
  readonly folderOf: (name: string) => string;
  readonly workload: Workload;
  readonly kills: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly interruption: AbortSignal;
}

export interface LiveProof extends Findings {
  readonly tables: readonly Table[];
}

/** The same epic in a simulation, for real in peace, and for real with kills, and how the three ends differ. */
export async function proveLive({ folderOf, ...options }: LiveProofOptions): Promise<LiveProof> {
  const { say, kills, workload } = options;
  say("in a simulation");
  const simulated = await simulateEnd(workload);
  say("without kills");
  const peaceful = await runLive({
    ...options,
    folder: folderOf("peaceful"),
    kills: 0,
    expected: { runs: 0, operations: 0 },
  });
  say(`done after ${peaceful.done.runs} runs with ${peaceful.done.operations} operations; now with ${kills} kills`);
  const killed = await runLive({ ...options, folder: folderOf("killed"), expected: peaceful.done });
  say("done");
  return {
    facts: {
      stories: workload.epics.reduce((sum, { prd }) => sum + storiesOf(prd), 0),
      kills: killed.kills.length,
      killsAtWork: killed.kills.filter(({ run }) => run !== undefined).length,
      seed: options.seed,
      secondsWithoutKills: secondsOf(peaceful),
      secondsWithKills: secondsOf(killed),
      runs: peaceful.done.runs,
      operationsWithoutKills: peaceful.done.operations,
      operationsWithKills: killed.done.operations,
      compared: peaceful.endState.size,
      comparedWithSimulation: simulated.size,
    },
    tables: tablesOf(killed.kills),
    problems: [
      ...differences(simulated, asSimulated(peaceful.endState)).map((each) => `other than simulated: ${each}`),
      ...peaceful.problems.map((problem) => `without kills: ${problem}`),
      ...killed.problems,
      ...differences(peaceful.endState, killed.endState),
    ],
  };
}

function storiesOf(prd: Workload["epics"][number]["prd"]): number {
  return (prd as { readonly stories: readonly unknown[] }).stories.length;
}

function secondsOf({ durationMs }: LiveRun): number {
  return Math.round(durationMs / 100) / 10;
}

function tablesOf(kills: readonly Kill[]): readonly Table[] {
  const table = (title: string, column: string, of: (kill: Kill) => string): Table => {
    const counts = new Map<string, number>();
    for (const kill of kills) counts.set(of(kill), (counts.get(of(kill)) ?? 0) + 1);
    const rows = [...counts].toSorted(([left], [right]) => (left < right ? -1 : 1));
    return { title, columns: [column, "kills"], rows };
  };
  return [
    table("Kills by process", "process", ({ process }) => process),
    table("Kills by what it worked on", "run", ({ run }) => run ?? "nothing"),
    table("Kills by what had just been done", "operation", ({ after }) => after),
    table("Kills by the program that ran", "program", ({ program }) => (program === "" ? "none" : program)),
  ];
}
