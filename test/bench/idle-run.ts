import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import {
  boardToken,
  boardUrl,
  emptyBoard,
  facts,
  orchestratorConfig,
  projectsFolder,
  stateFolder,
} from "../../scenarios/board-world/settings.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import { noFaults } from "../../src/faults/plan.ts";
import { History } from "../../src/history/history.ts";
import { boardInvariants } from "../../src/invariants/board-invariants.ts";
import { Panel } from "../../src/invariants/panel.ts";
import { Kernel, type RunEnd } from "../../src/kernel/kernel.ts";
import { defaultPolicies, startPoller } from "../../src/orchestrator/orchestrator.ts";
import { World } from "../../src/sim/world.ts";

export interface IdleOptions {
  readonly virtualMs: number;
  readonly pollIntervalMs: number;
  readonly pollers: number;
  /** Called at every virtual day, and at the end. */
  readonly onDay?: (day: number) => void;
}

export interface IdleResult {
  readonly end: RunEnd;
  readonly ops: number;
  /** Requests that the board answered. */
  readonly boardCalls: number;
  readonly events: number;
  readonly eventsKept: number;
  readonly violations: number;
  readonly historyHash: string;
}

const dayMs = 86_400_000;

/**
 * Pollers over an empty board, without people: nothing ever happens, for a long time. With all invariants, and a
 * history that keeps a window. Call it from inside a macrotask.
 */
export function runIdle(options: IdleOptions): IdleResult {
  let boardCalls = 0;
  const panel = new Panel(boardInvariants(facts), [], () => kernel.stop("violated"));
  const calls = {
    observe: (event: History["events"][number]) => {
      if (event.kind === "answered" && event.outcome === "ok" && event.op.name.startsWith("board.")) boardCalls++;
    },
  };
  const history = new History(() => kernel.nowUs, [panel, calls], { windowed: true });
  const kernel = new Kernel({
    seed: 1,
    observer: history,
    stepsMax: Number.MAX_SAFE_INTEGER,
    virtualMsMax: options.virtualMs,
  });
  const world = new World({ kernel, history, faults: noFaults });
  buildWorld(world, options);
  const end = kernel.runToEnd();
  return {
    end,
    ops: kernel.operationsSent,
    boardCalls,
    events: history.length,
    eventsKept: history.events.length,
    violations: panel.violations.length,
    historyHash: history.hash(),
  };
}

function buildWorld(world: World, { pollIntervalMs, pollers, onDay, virtualMs }: IdleOptions): void {
  const { disk } = world.host("server");
  for (const folder of [projectsFolder, stateFolder]) disk.makeFolder(folder);
  world.service(boardUrl, new Kanboard({ origin: boardUrl, apiToken: boardToken, initial: emptyBoard }));
  const workload: Workload = {
    epics: [],
    journey: "whole",
    pollers,
    webhookServers: 0,
    pollIntervalMs,
    mandatoryFields: false,
    coderNeedsTries: 1,
    slips: [],
  };
  for (let index = 0; index < pollers; index++) {
    const config = orchestratorConfig(workload);
    world.process(`poller-${index + 1}`, (ports) => startPoller(ports, config, defaultPolicies), { daemon: true });
  }
  const nextDay = (day: number): void => {
    onDay?.(day);
    if (day * dayMs < virtualMs) world.later(`day ${day + 1}`, dayMs * 1000, () => nextDay(day + 1));
  };
  if (onDay !== undefined) world.later("day 1", dayMs * 1000, () => nextDay(1));
}
