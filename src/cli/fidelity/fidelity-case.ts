import type { JsonObject } from "../../base/json.ts";
import { RandomWalk } from "../../explore/strategies/random-walk.ts";
import { TimedPace } from "../../explore/strategies/timed-pace.ts";
import { figuresOf } from "../../fidelity/fidelity.ts";
import type { FidelityPlan } from "../../fidelity/fidelity-plan.ts";
import type { Recording } from "../../fidelity/recording.ts";
import { runSimulated, SimulationFailed } from "../../fidelity/simulated-run.ts";
import { Draws } from "../../kernel/draws.ts";
import { usPerMs } from "../../kernel/time.ts";
import type { Exploration } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { plainLine } from "../../report/plain-line.ts";
import { ownVersion } from "../own-package.ts";
import { boardOrigin, boardToken, people, type PeopleWorkload } from "../system/people.ts";
import type { SystemConfig } from "../system/system-config.ts";
import {
  anyAnswer,
  anyMessage,
  kanboardColumns,
  systemEnvironment,
  systemScenario,
  webhookTimeLimitMs,
} from "../system/system-scenario.ts";
import { UsageError } from "../usage-error.ts";
import type { FidelitySettings } from "./fidelity-settings.ts";

/** One case of a system: what people do, and what the simulation comes to. */
export interface FidelityCase {
  readonly seed: number;
  readonly workload: PeopleWorkload;
  readonly simulation: Recording;
  readonly simulateOtherwise: (index: number) => Promise<Recording>;
}

/** The case of the seed that was given, or of the first with which the system does something. @throws UsageError */
export async function chooseCase({ config, seed, systemFile }: FidelitySettings): Promise<FidelityCase> {
  const scenario = systemScenario(config);
  try {
    if (seed !== undefined) return await caseOf(scenario, config, seed);
    for (let each = 1; each <= seedsTried; each++) {
      const found = await caseOf(scenario, config, each);
      const { changes, files, programs } = figuresOf(found.simulation);
      if (changes + files + programs > 0) return found;
    }
  } catch (error) {
    if (!(error instanceof SimulationFailed)) throw error;
    throw new UsageError({
      what: `--system ${systemFile}`,
      why: `in the simulation: ${plainLine(error.message, 300)}`,
      fix: "see docs/in-process.md for what is modelled",
    });
  }
  throw new UsageError({
    what: `--system ${systemFile}`,
    why: `does nothing in ${config.forMs / 1_000} s of any of ${seedsTried} seeds but look: there is nothing to compare`,
    fix: "give it longer with --for, or columns that it works in",
  });
}

async function caseOf(scenario: Scenario, config: SystemConfig, seed: number): Promise<FidelityCase> {
  const workload = spreadOut(scenario.workloads.draw(seed) as PeopleWorkload, config.forMs / 2);
  const peopleAfterMs = peopleBeginMs + Math.max(...Object.values(config.processes).map((each) => each.startAfterMs));
  const run = (laterMs: number, exploration: Exploration): Promise<Recording> =>
    runSimulated({ scenario, workload, seed, peopleAfterMs: peopleAfterMs + laterMs, exploration });
  return {
    seed,
    workload,
    simulation: await run(0, {}),
    simulateOtherwise: (index) =>
      run(index * laterStepMs, otherSchedule(index, scenario.faults.faultsUntilMs * usPerMs)),
  };
}

/** By turns: answers and timers late, and steps in any order. */
function otherSchedule(index: number, fairFromUs: number): Exploration {
  return index % 2 === 0
    ? { pace: new TimedPace(new Draws(index), 150_000) }
    : { scheduler: new RandomWalk({ seed: index, switchPpm: 100_000, fairFromUs }) };
}

/**
 * The same actions in the same order, at even distances: what a system does about one is then over before the next, on a
 * busy machine too, and no difference is one of who was faster.
 *
 * @param untilMs when the last of them begins, at most
 */
function spreadOut({ cards, moves }: PeopleWorkload, untilMs: number): PeopleWorkload {
  const times = [...cards, ...moves].map(({ atMs }) => atMs).toSorted((left, right) => left - right);
  const stepMs = Math.floor(untilMs / times.length);
  // Two that were drawn for one moment keep it.
  const at = <Action extends { readonly atMs: number }>(action: Action): Action => ({
    ...action,
    atMs: times.indexOf(action.atMs) * stepMs,
  });
  return { cards: cards.map(at), moves: moves.map(at) };
}

/** As the simulation has it, for the served fakes and real processes. */
export function planOf({ config, root }: FidelitySettings, { seed, workload }: FidelityCase): FidelityPlan {
  const { board, processes, files, webhookPath, model = anyAnswer, agents = anyMessage, forMs } = config;
  return {
    ...{ root, processes, files, seed, boardOrigin },
    env: systemEnvironment,
    modelOrigin: systemEnvironment["ANTHROPIC_BASE_URL"]!,
    scenario: {
      board: {
        apiToken: boardToken,
        projects: [{ name: "Board", columns: board.columns ?? kanboardColumns }],
        ...(board.mandatoryFields === true ? { customFields: [{ name: "mandatory", required: true }] } : {}),
      },
      model: { rules: model as readonly JsonObject[] },
      agents: { claude: agents, codex: agents, gemini: agents, opencode: agents },
    },
    webhook: { path: webhookPath, token: systemEnvironment["WEBHOOK_TOKEN"]!, timeLimitMs: webhookTimeLimitMs },
    peopleAfterUpMs: peopleBeginMs,
    people: (ports) => people(ports, workload, forMs),
    version: ownVersion(),
  };
}

const seedsTried = 50;
/** How much later than the last process: it has come up by then. */
const peopleBeginMs = 1_000;
/** Pollers are met at another point of their turn. */
const laterStepMs = 270;
