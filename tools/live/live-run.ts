import { setTimeout } from "node:timers/promises";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import { readEndState, type EndState } from "./end-state.ts";
import { whatIsHeld } from "./held.ts";
import { Killer, type Amount, type Kill } from "./killer.ts";
import { LiveSystem } from "./live-system.ts";
import { LivePeople } from "./people.ts";

export interface LiveRunOptions {
  /** Absolute, new and empty. */
  readonly folder: string;
  readonly workload: Workload;
  readonly kills: number;
  readonly seed: number;
  /** What a whole takes without kills; only needed for kills. */
  readonly expected: Amount;
  readonly say: (line: string) => void;
  readonly interruption: AbortSignal;
}

export interface LiveRun {
  readonly kills: readonly Kill[];
  readonly endState: EndState;
  /** What is wrong by itself: leases held, programs left, cards that failed. */
  readonly problems: readonly string[];
  readonly done: Amount;
  readonly durationMs: number;
}

const lookMs = 20;
const peopleLookMs = 200;
/** Without any change on the board and any operation for so long, nothing will come any more. */
const quietMs = 60_000;
/** Then it is not worth to wait for the end. */
const problemsMax = 3;
/** For leases of the dead to be found, and what they left. */
const tidyMs = 20_000;
/** Tags of the latest runs are confirmed a while after their end. */
const confirmMs = 2_500;

/** Drives one epic from the inbox to done, and kills on the way. Nothing is left running, however it ends. */
export async function runLive(options: LiveRunOptions): Promise<LiveRun> {
  const startMs = performance.now();
  const system = await LiveSystem.start(options.folder, options.workload);
  try {
    for (const each of system.processes) each.start();
    const killer = new Killer(system, options);
    const problems = [...(await drive(system, killer, options))];
    if (killer.kills.length < options.kills) {
      problems.push(`only ${killer.kills.length} of ${options.kills} kills came before the whole was done`);
    }
    await untilNothingIsHeld(system, options.interruption);
    for (const each of system.processes) {
      const end = await each.stop();
      if (end !== 0) problems.push(`${each.name} ended with ${end}`);
    }
    problems.push(...whatIsHeld(system));
    const { count } = system.serving.fakes.problems;
    if (count > 0) problems.push(`the fakes were asked ${count} times for what they do not model`);
    return {
      kills: killer.kills,
      endState: await readEndState(system),
      problems,
      done: { runs: killer.runsBegun, operations: operationsOf(system) },
      durationMs: performance.now() - startMs,
    };
  } finally {
    await system.close();
  }
}

/** Until people see everything done, or a card that failed. @returns what is wrong */
async function drive(system: LiveSystem, killer: Killer, options: LiveRunOptions): Promise<readonly string[]> {
  const people = new LivePeople(system.peoplesPorts(), options.workload);
  const problems: string[] = [];
  let last = "";
  let changedMs = performance.now();
  let lookedMs = -Infinity;
  for (;;) {
    options.interruption.throwIfAborted();
    const kill = await killer.look();
    if (kill !== undefined) options.say(lineOf(killer.kills.length, kill, options.kills));
    const ended = revive(system);
    for (const problem of ended) options.say(problem);
    problems.push(...ended);
    if (problems.length >= problemsMax) return problems;
    if (performance.now() - lookedMs >= peopleLookMs) {
      const glance = await people.lookAndAct();
      lookedMs = performance.now();
      if (glance?.settled === true && killer.isDone) return [...problems, ...glance.failed];
      const now = `${glance?.signature} ${operationsOf(system)}`;
      if (now !== last) changedMs = lookedMs;
      last = now;
      if (lookedMs - changedMs > quietMs)
        return [...problems, `nothing happens any more: ${glance?.signature ?? "the board is silent"}`];
    }
    await setTimeout(lookMs);
  }
}

/** Nobody but the killer ends a process. @returns what is wrong */
function revive({ processes }: LiveSystem): readonly string[] {
  return processes
    .filter((each) => !each.isRunning)
    .map((each) => {
      const problem = `${each.name} ended by itself with ${each.ending}`;
      each.start();
      return problem;
    });
}

async function untilNothingIsHeld(system: LiveSystem, interruption: AbortSignal): Promise<void> {
  const startMs = performance.now();
  while (performance.now() - startMs < tidyMs && whatIsHeld(system).length > 0) {
    await setTimeout(peopleLookMs, undefined, { signal: interruption });
  }
  await setTimeout(confirmMs, undefined, { signal: interruption });
}

function operationsOf({ processes }: LiveSystem): number {
  return processes.reduce((sum, each) => sum + each.operationsDone, 0);
}

function lineOf(number: number, { process, run, after, program }: Kill, of: number): string {
  const work = run === undefined ? "idle" : `at work on ${run}`;
  return `kill ${number} of ${of}: ${process}, ${work}, after ${after}${program === "" ? "" : `, while ${program} runs`}`;
}
