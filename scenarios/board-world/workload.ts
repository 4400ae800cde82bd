import * as z from "zod";
import { isJsonObject, type JsonValue } from "../../src/index.ts";
import { deploymentSchema, type Deployment } from "./deployment.ts";
import { slipSchema, type Slip } from "./slips.ts";

/** What people ask of the system in one run, how it is set up, and where people slip. Plain JSON. */
export type Workload = {
  readonly epics: readonly Epic[];
  readonly journey: Journey;
  /** 0 to 3. Without any, only webhooks start runs. */
  readonly pollers: number;
  /** 0 to 2. With two, each delivery goes to both. */
  readonly webhookServers: number;
  readonly pollIntervalMs: number;
  /** The board refuses to create cards, so that the spawner must copy the epic. */
  readonly mandatoryFields: boolean;
  /** 1: the coder's first answer makes the tests pass. 2: its second. */
  readonly coderNeedsTries: number;
  /** How long the planner's model thinks before each answer; 400 unless given. */
  readonly plannerMs?: number;
  /** Whether the planner's model words its answer anew each time it is asked, as real ones do; `anew` unless given. */
  readonly wording?: Wording;
  /** What is wrong with the first plan that the model answers with; nothing unless given. */
  readonly firstPlan?: PlanDamage;
  /** What the coder's wrong answers do to the tests when they are run; `honest` unless given. */
  readonly code?: CodeTrick;
  /** What the coder writes over in the first epic's workspace on the way, as a path in it; nothing unless given. */
  readonly coderEdits?: string;
  readonly slips: readonly Slip[];
  /** None unless given. */
  readonly deployment?: Deployment;
};

/**
 * How far cards go. `whole`: from the inbox to done. `batch`: the same, but the stories are worked on the card of their
 * epic, and theirs stay where they were made. `single`: the same in single-card mode: the card is worked alone, and no
 * stories get cards. `planning`: from the inbox until the stories have cards.
 * `fan-out`: the plan is there and approved from the start, and the run ends when the stories have cards.
 */
export type Journey = (typeof journeys)[number];
const journeys = ["whole", "batch", "single", "planning", "fan-out"] as const;

/** `loose`: JSON as people type it, which can be repaired. `cut`: half of it, which cannot. */
export type PlanDamage = (typeof planDamages)[number];
export const planDamages = ["loose", "cut"] as const;

/**
 * Code that a model wrote runs with the tests, and can change them: the story's own, all of them, what steers the test
 * runner, other approved artifacts, and what says that they are approved.
 */
export type CodeTrick = (typeof codeTricks)[number];
export const codeTricks = [
  "honest",
  "empties-test",
  "removes-test",
  "removes-all-tests",
  "spells-test",
  "writes-design",
  "empties-ratchet",
  "forges-record",
  "removes-records",
  "writes-conftest",
  "writes-other-test",
] as const;

export type Wording = (typeof wordings)[number];
const wordings = ["anew", "same"] as const;

export type Epic = {
  /** The card's key: letters, digits, dashes. */
  readonly reference: string;
  /** The folder of its workspace, as people type it. */
  readonly dirname: string;
  readonly title: string;
  readonly description: string;
  /** The plan that the product manager's model answers with: `{"stories": [...]}`, well-formed or not. */
  readonly prd: JsonValue;
};

const text = (charsMax: number): z.ZodString => z.string().max(charsMax);
const count = (min: number, max: number): z.ZodNumber => z.int().min(min).max(max);
const key = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/);

const epicSchema = z.strictObject({
  reference: key,
  dirname: text(200),
  title: text(500).min(1),
  description: text(20_000),
  prd: z.json(),
});

const workloadSchema = z.strictObject({
  epics: z.array(epicSchema).min(1).max(10),
  journey: z.enum(journeys),
  pollers: count(0, 3),
  webhookServers: count(0, 2),
  pollIntervalMs: count(1_000, 600_000),
  mandatoryFields: z.boolean(),
  coderNeedsTries: count(1, 5),
  plannerMs: count(0, 60_000).optional(),
  wording: z.enum(wordings).optional(),
  firstPlan: z.enum(planDamages).optional(),
  code: z.enum(codeTricks).optional(),
  coderEdits: text(200).optional(),
  slips: z.array(slipSchema).max(10),
  deployment: deploymentSchema.optional(),
});

/** @returns what is wrong with a value that should be a workload, or undefined */
export function refuseWorkload(value: JsonValue): string | undefined {
  const result = workloadSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const place = issue.path.length === 0 ? "the workload" : issue.path.join(".");
    return `${place}: ${issue.message}`;
  }
  const { epics, pollers, webhookServers } = result.data;
  if (pollers + webhookServers === 0) return "pollers and webhookServers: at least one orchestrator must run";
  const references = new Set(epics.map((epic) => epic.reference));
  if (references.size < epics.length) return "epics: two have one reference";
  if (new Set(epics.map((epic) => epic.dirname)).size < epics.length) return "epics: two have one dirname";
  return undefined;
}

/** The ids of a plan's stories as text, in order; whatever else is wrong with it. */
export function storyIds(prd: JsonValue): readonly string[] {
  const stories = isJsonObject(prd) ? prd["stories"] : undefined;
  if (!Array.isArray(stories)) return [];
  return (stories as readonly JsonValue[]).flatMap((story) => {
    const id = isJsonObject(story) ? story["id"] : undefined;
    return typeof id === "string" || typeof id === "number" ? [String(id)] : [];
  });
}
