import {
  largestOf,
  type FaultSpec,
  type LimitEdge,
  type Limits,
  type Meters,
  type OrchestratorConfig,
  type Stress,
} from "../../src/index.ts";
import { orchestratorConfig } from "../board-world/settings.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";
import { furnishBurst } from "./burst.ts";
import { rampLoad, type RampSubject, type RampWorld } from "./ramp-world.ts";

/** The explicit limits of the orchestrator core, each with a load that needs just so much of it. */
export function limitEdges(subject: RampSubject = {}): readonly LimitEdge[] {
  const edge = ({ limit, name = kebab(limit), world, ...rest }: CoreEdge): LimitEdge => ({
    name,
    limit,
    ...rest,
    load: (limitIs) => {
      const { limits, ...others } = world;
      return rampLoad({ subject, unjudged: true, ...others, limits: { ...limits, [limit]: limitIs } });
    },
  });
  return coreEdges.map(edge);
}

/** Settings of the same table that say how long something is waited for, and hold back no load. */
export const limitsWithoutEdge: Readonly<Record<string, string>> = {
  modelAwayMs: "how long a provider is left alone",
  settleMs: "how long a repetition waits before it looks",
  diskMarginMs: "the validity that a write asks of its lease",
  columnsAgeMsMax: "how often the columns are read again",
  tidyIntervalMs: "how often it is looked for what nobody gave back",
};

interface CoreEdge extends Omit<LimitEdge, "load" | "name"> {
  readonly limit: keyof Limits;
  readonly name?: string;
  readonly world: Omit<RampWorld, "subject">;
}

const planning: Partial<Workload> = { epics: [smallEpic(1, 1)], journey: "planning" };
const whole: Partial<Workload> = { epics: [smallEpic(1, 1)] };
const many = 1_000_000_000;
/** Parts per million. */
const always = 1_000_000;

const most = (meters: Meters, tally: TallyName): number => largestOf(meters[tally])?.value ?? 0;
type TallyName = "boardCallsByRun" | "boardCallsByTick" | "commentsByCard" | "childrenByEpic" | "retriesByCard";

const coreEdges: readonly CoreEdge[] = [
  {
    limit: "childrenPerEpicMax",
    about: "Stories of one plan.",
    unit: "stories",
    world: { workload: { epics: [smallEpic(1, 3)], journey: "fan-out" } },
    plenty: 20,
    within: () => 3,
    beyond: () => 2,
    isHeldBack: ({ meters }) => most(meters, "childrenByEpic") < 3,
    tells: "card",
  },
  {
    limit: "childrenPerEpicMax",
    name: "children-per-epic-max-over-plans",
    about: "Stories of an epic over two plans, the second with others than the first.",
    unit: "stories",
    world: {
      workload: {
        ...planning,
        epics: [smallEpic(1, 2)],
        slips: [{ kind: "move-back", card: "EPIC-1", lane: 5, to: 4 }],
      },
      answers: () => {
        let plans = 0;
        return ({ key }, answer) =>
          key.endsWith("/plan") && ++plans > 1 ? { content: JSON.stringify(smallEpicFrom(3)) } : answer;
      },
    },
    plenty: 20,
    within: () => 4,
    beyond: () => 3,
    isHeldBack: ({ meters }) => most(meters, "childrenByEpic") < 4,
    tells: "card",
  },
  {
    limit: "attemptsPerCauseMax",
    about: "Runs of a cause whose questions get no answer.",
    unit: "attempts",
    world: { workload: planning, limits: { modelRequestsMax: 1 }, stress: [unanswered(3)] },
    plenty: 12,
    within: () => 4,
    beyond: () => 3,
    isHeldBack: ({ meters }) => meters.limitsReached.some(({ limit }) => limit === "attemptsPerCauseMax"),
    tells: "card",
  },
  {
    limit: "agentMsMax",
    about: "The time of one agent whose model is slow.",
    unit: "ms",
    world: { workload: { ...planning, plannerMs: 20_000 } },
    plenty: many,
    within: ({ meters }) => Math.ceil(meters.stepMsMax) + 1_000,
    beyond: ({ meters }) => Math.floor(meters.stepMsMax / 2),
    tells: "card",
  },
  {
    limit: "causeMsMax",
    about: "The time of all attempts of a cause whose model is slow.",
    unit: "ms",
    world: { workload: { ...planning, plannerMs: 20_000 } },
    plenty: many,
    within: ({ meters }) => Math.ceil(meters.stepMsMax) + 1_000,
    beyond: ({ meters }) => Math.floor(meters.stepMsMax / 2),
    tells: "card",
  },
  {
    limit: "boardCallsPerRunMax",
    about: "Requests of one run to the board.",
    unit: "calls",
    world: { workload: planning },
    plenty: many,
    within: ({ meters }) => most(meters, "boardCallsByRun"),
    beyond: ({ meters }) => most(meters, "boardCallsByRun") - 1,
    tells: "card",
  },
  {
    limit: "boardCallsPerTickMax",
    about: "Requests of one look over the board on which three epics wait.",
    unit: "calls",
    world: { workload: { ...planning, epics: [1, 2, 3].map((number) => smallEpic(number, 1)) }, webhookServers: 0 },
    plenty: many,
    within: ({ meters }) => most(meters, "boardCallsByTick") + 1,
    beyond: () => 1,
    tells: "log",
  },
  {
    limit: "commentsPerCardMax",
    about: "Comments on one card, over all lanes.",
    unit: "comments",
    world: { workload: planning },
    plenty: many,
    within: ({ meters }) => most(meters, "commentsByCard"),
    beyond: ({ meters }) => most(meters, "commentsByCard") - 1,
    tells: "card",
  },
  {
    limit: "artifactBytesMax",
    about: "A file that an agent writes into a workspace.",
    unit: "bytes",
    world: { workload: planning },
    plenty: many,
    within: () => 10_000,
    beyond: () => 100,
    tells: "card",
  },
  {
    limit: "environmentAttemptsMax",
    about: "Runs of a cause whose tests cannot be run.",
    unit: "attempts",
    world: { workload: whole, stress: [badly(["pytest"], { kind: "exitBeforeOutput", exitCode: 3 }, 1)] },
    plenty: 3,
    within: () => 2,
    beyond: () => 1,
    tells: "card",
  },
  {
    limit: "modelTriesMax",
    about: "Answers to one question of which the first cannot be used.",
    unit: "answers",
    world: {
      workload: planning,
      answers:
        () =>
        ({ key, attempt }, answer) =>
          key.endsWith("/plan") && attempt === 1 ? { content: "no plan" } : answer,
    },
    plenty: 3,
    within: () => 2,
    beyond: () => 1,
    tells: "card",
  },
  {
    limit: "modelRequestsMax",
    about: "Requests for one answer, of which the first two fail.",
    unit: "requests",
    world: { workload: planning, stress: [unanswered(2)] },
    plenty: 4,
    within: () => 3,
    beyond: () => 2,
    isHeldBack: ({ meters }) => meters.retries > 0,
    tells: "effect",
  },
  {
    limit: "modelQuestionMsMax",
    about: "The time in which a question may be asked again.",
    unit: "ms",
    world: { workload: planning, stress: [unanswered(2)] },
    plenty: 900_000,
    within: () => 60_000,
    beyond: () => 1,
    isHeldBack: ({ meters }) => meters.retries > 0,
    tells: "effect",
  },
  {
    limit: "modelFailuresMax",
    about: "Failures of a provider in a row, before it is left alone.",
    unit: "failures",
    world: { workload: planning, stress: [unanswered(2)] },
    plenty: 8,
    within: () => 3,
    beyond: () => 2,
    isHeldBack: ({ notes }) => notes.has("breaker.opened"),
    tells: "log",
    note: "breaker.opened",
  },
  {
    limit: "tokensPerCardMax",
    about: "What models read and wrote for one card, over two questions.",
    unit: "tokens",
    world: { workload: planning },
    plenty: many,
    within: ({ meters }) => meters.promptTokens + meters.completionTokens,
    beyond: () => 1,
    tells: "card",
  },
  {
    limit: "usdCentsPerCardMax",
    about: "What models cost for one card, over two questions, at 20,000 USD for a million tokens.",
    unit: "US cents",
    world: { workload: planning, config: dearModels() },
    plenty: many,
    within: ({ meters }) => 2 * (meters.promptTokens + meters.completionTokens),
    beyond: () => 1,
    tells: "card",
  },
  {
    limit: "traceBytesMax",
    about: "One trace file.",
    unit: "bytes",
    world: { workload: planning },
    plenty: many,
    within: ({ meters }) => mostTraceBytes(meters),
    beyond: ({ meters }) => mostTraceBytes(meters) - 1,
    isHeldBack: ({ meters }, limitIs, plenty) =>
      mostTraceBytes(meters) <= limitIs && mostTraceBytes(meters) < mostTraceBytes(plenty.meters),
    tells: "effect",
  },
  {
    limit: "traceBytesPerRunMax",
    about: "The traces of one run.",
    unit: "bytes",
    world: { workload: planning },
    plenty: many,
    within: ({ meters }) => mostTraceBytes(meters),
    beyond: () => 100,
    isHeldBack: ({ meters }, limitIs, plenty) =>
      mostTraceBytes(meters) <= limitIs && mostTraceBytes(meters) < mostTraceBytes(plenty.meters),
    tells: "log",
    note: "trace.failed",
  },
  {
    limit: "traceFilesMax",
    about: "Traces kept in a workspace.",
    unit: "files",
    world: { workload: whole },
    plenty: many,
    within: ({ meters }) => meters.traceFilesKept,
    beyond: ({ meters }) => meters.traceFilesKept - 2,
    isHeldBack: ({ meters }, limitIs, plenty) =>
      meters.traceFilesKept <= limitIs && meters.traceFilesKept < plenty.meters.traceFilesKept,
    tells: "effect",
  },
  {
    limit: "traceBytesKeptMax",
    about: "Bytes of traces kept in a workspace.",
    unit: "bytes",
    world: { workload: whole, limits: { traceBytesMax: 3_000 } },
    plenty: many,
    // A file of an earlier run counts as large as it can be.
    within: () => 50_000,
    beyond: () => 6_500,
    isHeldBack: ({ meters }, limitIs, plenty) =>
      meters.traceBytesKept <= limitIs && meters.traceBytesKept < plenty.meters.traceBytesKept,
    tells: "effect",
  },
  {
    limit: "promptCharsMax",
    about: "A prompt with a description of 8,000 characters.",
    unit: "characters",
    world: { workload: { ...planning, epics: [{ ...smallEpic(1, 1), description: "It keeps things. ".repeat(470) }] } },
    plenty: many,
    within: ({ meters }) => 4 * meters.promptTokensMax,
    beyond: () => 4_000,
    isHeldBack: ({ meters }, limitIs) => 4 * meters.promptTokensMax <= limitIs && meters.promptTokensMax < 1_500,
    tells: "log",
    note: "prompt.compressed",
  },
  {
    limit: "ralphIterationsMax",
    about: "Fixes of a coder who needs two.",
    unit: "fixes",
    world: { workload: { ...whole, coderNeedsTries: 2 } },
    plenty: 5,
    within: () => 2,
    beyond: () => 1,
    isHeldBack: ({ meters }) => (meters.programsByName.get("codex") ?? 0) < 2,
    tells: "card",
  },
  {
    limit: "outputBytesMax",
    about: "What a program prints that is kept; sixteen times as much ends it.",
    unit: "bytes",
    world: { workload: whole, stress: [badly(["pytest"], { kind: "stderrFlood", sizeBytes: 500_000 }, 1)] },
    plenty: 1_000_000,
    within: () => 500_000,
    beyond: () => 10_000,
    isHeldBack: ({ notes }) => notes.has("program.flooded"),
    tells: "log",
    note: "program.flooded",
  },
  {
    limit: "boardTriesMax",
    about: "Tries of one call of the board, of which the first two fail.",
    unit: "tries",
    world: {
      workload: planning,
      stress: [
        { seams: ["board"], ratePpm: always, faults: [{ kind: "refused" }], names: ["board.getTaskTags"], timesMax: 2 },
      ],
    },
    plenty: 3,
    within: () => 3,
    beyond: () => 2,
    isHeldBack: ({ meters }) => meters.retries > 0,
    tells: "effect",
  },
  {
    limit: "gitMsMax",
    about: "A git command that takes ten seconds.",
    unit: "ms",
    world: { workload: planning, stress: [badly(["git."], { kind: "slowStart", delayMs: 10_000 }, 1)] },
    plenty: 120_000,
    within: () => 15_000,
    beyond: () => 5_000,
    isHeldBack: ({ meters }) => meters.retries > 0,
    tells: "effect",
  },
  {
    limit: "pytestMsMax",
    about: "A test run that takes ten seconds.",
    unit: "ms",
    world: { workload: whole, stress: [badly(["pytest"], { kind: "slowStart", delayMs: 10_000 }, always)] },
    plenty: 120_000,
    within: () => 15_000,
    beyond: () => 5_000,
    isHeldBack: ({ meters }, _, plenty) =>
      (meters.programsByName.get("codex") ?? 0) > (plenty.meters.programsByName.get("codex") ?? 0),
    tells: "card",
  },
  {
    limit: "retryAfterMsMax",
    about: "A provider that asks to be left alone for ten minutes.",
    unit: "ms",
    world: {
      workload: planning,
      stress: [
        {
          seams: ["model"],
          ratePpm: always,
          faults: [{ kind: "answered-with", status: 429, effect: "none", retryAfterS: 600 }],
          timesMax: 1,
        },
      ],
    },
    plenty: 700_000,
    within: () => 600_000,
    beyond: () => 60_000,
    isHeldBack: ({ meters }) => meters.stepMsMax < 600_000,
    tells: "effect",
  },
  {
    limit: "webhookQueueMax",
    about: "Eight events within one moment, at a server that is at work.",
    unit: "events",
    world: { restingCards: 8, endAfterMs: 120_000, furnish: (world) => furnishBurst(world, 8) },
    plenty: 100,
    within: () => 8,
    beyond: () => 4,
    isHeldBack: ({ notes }) => notes.has("webhook.refused"),
    tells: "log",
    note: "webhook.refused",
  },
  {
    limit: "webhookBytesMax",
    about: "The body of an event with a description of 20,000 characters.",
    unit: "bytes",
    world: { restingCards: 1, endAfterMs: 60_000, furnish: (world) => furnishBurst(world, 1, 20_000) },
    plenty: 262_144,
    within: () => 21_000,
    beyond: () => 20_000,
    isHeldBack: ({ notes }) => notes.has("event.tooLarge"),
    tells: "effect",
  },
  {
    limit: "concurrentRunsMax",
    about: "Runs at once of one process with two pollers, whose model is slow.",
    unit: "runs",
    world: {
      workload: { ...planning, epics: [1, 2, 3].map((number) => smallEpic(number, 1)), plannerMs: 20_000 },
      pollersEach: 2,
      webhookServers: 0,
    },
    plenty: 8,
    within: () => 2,
    beyond: () => 1,
    tells: "log",
  },
  {
    limit: "commentCharsMax",
    about: "One comment.",
    unit: "characters",
    world: { workload: planning },
    plenty: many,
    within: ({ meters }) => meters.commentCharsMax,
    beyond: () => 40,
    isHeldBack: ({ meters }, _, plenty) => meters.commentCharsMax < plenty.meters.commentCharsMax,
    tells: "effect",
  },
];

/** The first questions get no answer. */
function unanswered(timesMax: number): Stress {
  return { seams: ["model"], ratePpm: always, faults: [{ kind: "refused" }], timesMax };
}

type Behaviour = (FaultSpec & { readonly kind: "program-misbehaves" })["behaviour"];

function badly(names: readonly string[], behaviour: Behaviour, timesMax: number): Stress {
  return { seams: ["spawn"], ratePpm: always, names, faults: [{ kind: "program-misbehaves", behaviour }], timesMax };
}

function mostTraceBytes({ traceBytesByRun }: Meters): number {
  return largestOf(traceBytesByRun)?.value ?? 0;
}

/** A plan with two stories, the first of which has this number. */
function smallEpicFrom(first: number): Workload["epics"][number]["prd"] {
  const { prd } = smallEpic(1, first + 1);
  return { stories: (prd as { readonly stories: readonly never[] }).stories.slice(first - 1) };
}

function dearModels(): Pick<OrchestratorConfig, "models"> {
  const { models } = orchestratorConfig({ journey: "planning" } as Workload);
  const { planner, coder } = models.roles;
  const dear = { ...planner, usdPerMillionTokens: { input: 20_000, output: 20_000 } };
  return { models: { ...models, roles: { planner: dear, coder } } };
}

function kebab(limit: string): string {
  return limit.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
