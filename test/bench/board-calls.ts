import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import {
  boardToken,
  boardUrl,
  emptyBoard,
  orchestratorConfig,
  projectId,
  projectsFolder,
  stateFolder,
} from "../../scenarios/board-world/settings.ts";
import { smallEpic } from "../../scenarios/board-world/stories.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import { concurrentOrchestrators } from "../../scenarios/concurrent-orchestrators/scenario.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import { noFaults } from "../../src/faults/plan.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { History } from "../../src/history/history.ts";
import { Kernel } from "../../src/kernel/kernel.ts";
import { defaultPolicies, startPoller } from "../../src/orchestrator/orchestrator.ts";
import { freshRecord, serialiseRecord } from "../../src/orchestrator/runs/run-record.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { World } from "../../src/sim/world.ts";

/** What one run of a lane asked of the board. */
export interface RunCalls {
  readonly lane: number;
  readonly card: string;
  /** Methods in order, as `getTaskTags`. */
  readonly calls: readonly string[];
}

export interface BoardCalls {
  /** In order of their start. */
  readonly runs: readonly RunCalls[];
  /** Made outside of runs: listings, admission, confirmation. Methods in order. */
  readonly others: readonly string[];
}

const workload: Workload = {
  epics: [smallEpic(1, 3)],
  journey: "whole",
  pollers: 1,
  webhookServers: 0,
  pollIntervalMs: 20_000,
  mandatoryFields: false,
  coderNeedsTries: 2,
  slips: [],
};

/** Calls of a poller that works an epic of three stories through every lane, undisturbed. */
export function undisturbedCalls(policies = defaultPolicies): BoardCalls {
  const scenario = concurrentOrchestrators.build({ policies });
  return boardCallsOf(runCaseNow(scenario, emptyCase(scenario, 1, workload)).history.events, "poller-a");
}

function boardCallsOf(events: readonly HistoryEvent[], process: string): BoardCalls {
  const runs = new Map<string, { lane: number; card: string; calls: string[] }>();
  const others: string[] = [];
  for (const event of events) {
    if (event.kind !== "sent" || event.op.process !== process || !event.op.name.startsWith("board.")) continue;
    const { taskName } = event.op;
    const method = event.op.name.slice("board.".length);
    const match = /^card (.+) lane (\d+) attempt \d+$/.exec(taskName);
    const run = runs.get(taskName) ?? { card: match?.[1] ?? "", lane: Number(match?.[2]), calls: [] };
    if (match === null) others.push(method);
    else {
      runs.set(taskName, run);
      run.calls.push(method);
    }
  }
  return { runs: [...runs.values()], others };
}

export interface IdleCalls {
  readonly ticks: number;
  readonly calls: number;
}

export interface FinishedCards {
  /** In lanes where people work, or that nobody works. */
  readonly atRest: number;
  /** Whose lane's agent has completed. */
  readonly completed: number;
  readonly failed: number;
}

const pollIntervalMs = 5_000;
/** The start, the first look at each record, and one confirmation of its tags. */
const warmUpMs = 100_000;
const idleMs = 300_000;

/**
 * Calls of pollers, restarted over a board on which there is nothing to do, when they have looked around once. Ticks are
 * those of the first.
 */
export async function idleCalls(finished: FinishedCards, pollers = 1): Promise<IdleCalls> {
  let calls = 0;
  let ticks = 0;
  const observe = (event: HistoryEvent): void => {
    if (event.atUs < warmUpMs * 1_000 || event.kind !== "sent") return;
    if (event.op.process === "poller-1" && event.op.name === "clock.sleep" && event.op.key === "poll") ticks++;
    if (event.op.name.startsWith("board.")) calls++;
  };
  const history: History = new History(() => kernel.nowUs, [{ observe }], { windowed: true });
  const virtualMsMax = warmUpMs + idleMs;
  const kernel = new Kernel({ seed: 1, observer: history, stepsMax: Number.MAX_SAFE_INTEGER, virtualMsMax });
  const world = new World({ kernel, history, faults: noFaults });
  const { disk } = world.host();
  for (const folder of [projectsFolder, stateFolder]) disk.makeFolder(folder);
  const board = new Kanboard({ origin: boardUrl, apiToken: boardToken, initial: emptyBoard });
  const seed = (method: string, params: Parameters<Kanboard["seed"]>[1]): unknown =>
    board.seed(method, params, Date.UTC(2026, 0, 1));
  const add = (index: number, lane: number, status: "done" | "failed" | undefined): void => {
    const reference = `EPIC-${index}`;
    const id = seed("createTask", { title: reference, project_id: projectId, reference, column_id: lane }) as number;
    if (status === undefined) return;
    const { date_moved: dateMoved } = seed("getTask", [id]) as { readonly date_moved: number };
    const cause = { cardId: id, lane, dateMoved };
    const record = { ...freshRecord(cause, reference), status, attempts: 1 };
    const folder = `${stateFolder}/runs/EPIC-${index}`;
    disk.makeFolder(folder);
    disk.write(`${folder}/${id}-lane${lane}-${dateMoved}.json`, serialiseRecord(record));
  };
  const { atRest, completed, failed } = finished;
  for (let index = 1; index <= atRest; index++) add(index, index % 2 === 0 ? 11 : 1, undefined);
  for (let index = 1; index <= completed; index++) add(10_000 + index, 2 + (index % 8), "done");
  for (let index = 1; index <= failed; index++) add(20_000 + index, 2 + (index % 8), "failed");
  world.service(boardUrl, board);
  const config = { ...orchestratorConfig(workload), pollIntervalMs };
  for (let index = 1; index <= pollers; index++) {
    world.process(`poller-${index}`, (ports) => startPoller(ports, config, defaultPolicies), { daemon: true });
  }
  world.process("clock", (ports) => ports.clock.sleep(virtualMsMax).then(() => undefined));
  const end = await kernel.run();
  if (end.kind === "broken") throw end.error;
  return { ticks, calls };
}
