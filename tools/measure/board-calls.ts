import { idleCalls, undisturbedCalls } from "../../test/bench/board-calls.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Findings } from "../proof/evidence.ts";
import { rounded } from "./runs.ts";

/** What the system that this core replaces needed: 13 to 27 calls for a run, 2 to 3 for each card and idle tick. */
const realPerRun = { min: 13, max: 27 };
const realPerCardAndTick = 2;
/** Half of the most: what no lane may exceed, cards that a fan-out makes apart. */
const runBudget = realPerRun.max / 2;
const fanOutLane = 5;
/** Before and after a run, a call each. */
const aroundRun = 2;

/** How often an undisturbed poller calls the board: in a run of each lane, around runs, and while there is nothing to do. */
export async function measureBoardCalls(): Promise<Findings> {
  const { runs, others } = await inMacrotask(() => undisturbedCalls());
  const lanes = [...new Set(runs.map(({ lane }) => lane))].toSorted((left, right) => left - right);
  const inRuns = runs.reduce((sum, { calls }) => sum + calls.length, 0);
  const around = others.filter((method) => method !== "getAllTasks").length;
  const perRun = (inRuns + around) / runs.length;
  const idle = [];
  for (const finished of [0, 100, 1_000]) {
    const third = Math.floor(finished / 3);
    const { ticks, calls } = await idleCalls({ atRest: finished - 2 * third, completed: third, failed: third });
    idle.push({ finished, perTick: calls / ticks });
  }
  const problems: string[] = [];
  for (const { lane, card, calls } of runs) {
    if (lane === fanOutLane || calls.length + aroundRun <= runBudget) continue;
    problems.push(`${calls.length + aroundRun} calls for ${card} in lane ${lane}: more than half of what there was`);
  }
  for (const { finished, perTick } of idle) {
    if (perTick !== 1) problems.push(`${perTick} calls in an idle tick over ${finished} finished cards`);
  }
  return {
    facts: {
      runs: runs.length,
      callsPerRun: rounded(perRun, 2),
      callsPerRunBudget: runBudget,
      callsInRuns: inRuns,
      callsAroundRuns: around,
      listings: others.length - around,
      callsPerIdleTick: idle[0]!.perTick,
      realCallsPerRun: `${realPerRun.min} to ${realPerRun.max}`,
    },
    tables: [
      {
        title: "Calls of one run, admission and confirmation apart",
        columns: ["lane", "runs", "least", "most", "methods of one run"],
        rows: lanes.map((lane) => {
          const ofLane = runs.filter((run) => run.lane === lane);
          const counts = ofLane.map(({ calls }) => calls.length);
          return [lane, ofLane.length, Math.min(...counts), Math.max(...counts), ofLane[0]!.calls.join(" ")];
        }),
      },
      {
        title: "Calls of an idle tick",
        columns: ["finished cards", "calls", "calls of the real system, at least"],
        rows: idle.map(({ finished, perTick }) => [finished, perTick, finished * realPerCardAndTick]),
      },
    ],
    problems,
  };
}
