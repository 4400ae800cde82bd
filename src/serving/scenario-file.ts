import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { AgentScript } from "../../fakes/cli/agent-script.ts";
import { checkAgentRules } from "../../fakes/cli/check-agent-rules.ts";
import type { ProgramFault } from "../../fakes/cli/program-fault.ts";
import { InvalidRules } from "../../fakes/llm/invalid-rules.ts";
import type { ModelScript } from "../../fakes/llm/model-script.ts";
import type { JsonValue } from "../base/json.ts";
import { faultSpecSchema, type DeliveryFault } from "./fault-spec.ts";

/**
 * What the served fakes start with: a JSON file, or a module (`.ts`, `.js`, `.mjs`) with this as its default export.
 * All of it is optional; functions in place of rules can only stand in a module.
 */
export interface ScenarioFile {
  readonly board?: BoardSettings;
  readonly model?: ModelSettings;
  /** What each coding agent does. */
  readonly agents?: Readonly<Partial<Record<AgentName, Rules | AgentScript>>>;
  readonly faults?: readonly ArmedFault[];
}

export const agentNames = ["claude", "codex", "gemini", "opencode"] as const;
export type AgentName = (typeof agentNames)[number];

/** Rules of a script as plain JSON; `fakes/llm/script-rules.ts` and `fakes/cli/agent-rules.ts` read them. */
export type Rules = readonly JsonValue[];

export interface BoardSettings {
  /** Of the user `jsonrpc`. Default `stormlane`. */
  readonly apiToken?: string;
  readonly webhook?: WebhookSettings | null;
  /** Whether webhooks may go to loopback and private addresses. Default true; Kanboard's own default refuses them silently. */
  readonly privateNetworks?: boolean;
  /** Fields of the plugin MetaMagik. */
  readonly customFields?: readonly CustomField[];
  readonly users?: readonly UserSettings[];
  readonly projects?: readonly ProjectSettings[];
}

export interface WebhookSettings {
  readonly url: string;
  /** Default empty. */
  readonly token?: string;
  /** How long a call waits for the receiver, per event. Default 10,000. */
  readonly timeLimitMs?: number;
}

export interface CustomField {
  readonly name: string;
  readonly required?: boolean;
  /** The name of the project it belongs to; of all projects unless given. */
  readonly project?: string;
}

export interface UserSettings {
  readonly username: string;
  readonly password: string;
  readonly name?: string;
  readonly email?: string;
  /** Default `app-user`. */
  readonly role?: "app-user" | "app-manager" | "app-admin";
}

export interface ProjectSettings {
  readonly name: string;
  readonly identifier?: string;
  readonly description?: string;
  /** In order; Kanboard's own four unless given. */
  readonly columns?: readonly string[];
  /** Beside the default swimlane. */
  readonly swimlanes?: readonly string[];
  readonly categories?: readonly string[];
  /** User name to role in the project. */
  readonly members?: Readonly<Record<string, "project-viewer" | "project-member" | "project-manager">>;
  readonly cards?: readonly CardSettings[];
}

export interface CardSettings {
  readonly title: string;
  readonly reference?: string;
  readonly description?: string;
  /** Titles and names; the first column, the first swimlane, no category and nobody unless given. */
  readonly column?: string;
  readonly swimlane?: string;
  readonly category?: string;
  readonly owner?: string;
  readonly color?: string;
  readonly priority?: number;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Written by the user `admin`. */
  readonly comments?: readonly string[];
  readonly subtasks?: readonly string[];
  readonly closed?: boolean;
}

export interface ModelSettings {
  readonly rules?: Rules;
  /** In place of rules; only in a module. */
  readonly script?: ModelScript;
  /** What lists show; requests may then name no other. Default: every model exists, none is listed. */
  readonly models?: readonly string[];
  /** The key that requests must bear. Default: any, or none. */
  readonly apiKey?: string;
  readonly contextTokensMax?: number;
  readonly requestsPerMinuteMax?: number;
  /** Requests for one logical step; a client that asks more often is reported. */
  readonly requestsPerStepMax?: number;
  /** Requests served at once. Default 1,000. */
  readonly workersMax?: number;
}

/** A fault that waits for what it strikes: a request to a service, or a start of a program. */
export type ArmedFault = ServiceRequestFault | ProgramStartFault;

export interface ServiceRequestFault {
  /** `webhook`: what the board itself sends. */
  readonly service: "board" | "model" | "webhook";
  readonly match?: RequestMatch;
  /** A delivery fault, or a failure of the service itself. */
  readonly fault: DeliveryFault;
  /** How many matching requests it strikes. Default 1. */
  readonly times?: number | "always";
}

/** All members that are given must hold. */
export interface RequestMatch {
  /** A JSON-RPC method, in any case; of a webhook its event. */
  readonly procedure?: string;
  /** The path without its query. */
  readonly path?: string;
  /** From the n-th request on, counted from 1 among those that match the rest. */
  readonly nth?: number;
  /** The token that the client carries. */
  readonly token?: string;
  /** As in the header `x-stormlane-process`. */
  readonly process?: string;
}

export interface ProgramStartFault {
  /** Its name on PATH. */
  readonly program: string;
  readonly match?: {
    /** From the n-th start on, counted from 1 among those that match the rest. */
    readonly nth?: number;
    readonly token?: string;
  };
  readonly fault: ProgramFault;
  /** How many matching starts it strikes. Default 1. */
  readonly times?: number | "always";
}

/** What is wrong with a scenario file or a body of the control endpoint. */
export class ScenarioMistake extends Error {
  override readonly name = "ScenarioMistake";
  readonly what: string;
  readonly why: string;
  readonly fix: string;

  constructor({ what, why, fix }: { readonly what: string; readonly why: string; readonly fix: string }) {
    super(`${what}: ${why}; ${fix}`);
    this.what = what;
    this.why = why;
    this.fix = fix;
  }
}

/**
 * Reads and checks a scenario file. A module runs with all rights of this process.
 *
 * @throws ScenarioMistake
 */
export async function readScenarioFile(path: string): Promise<ScenarioFile> {
  const value = modules.has(extname(path)) ? await readModule(path) : readJson(path);
  return checkScenario(value, path);
}

/**
 * @param what what the user calls it, for messages
 * @throws ScenarioMistake
 */
function checkScenario(value: unknown, what: string): ScenarioFile {
  const scenario = check(scenarioSchema, value, what) as ScenarioFile;
  for (const [agent, script] of Object.entries(scenario.agents ?? {})) {
    if (typeof script !== "function") checkRules(`${what}: agents.${agent}`, agent, script);
  }
  return scenario;
}

function checkRules(what: string, agent: string, rules: Rules): void {
  try {
    checkAgentRules(agent, rules);
  } catch (error) {
    if (!(error instanceof InvalidRules)) throw error;
    throw new ScenarioMistake({ what, why: reasonsOf(error), fix: "docs/fakes.md says what a rule holds" });
  }
}

/** It names each bad member on a line of its own. */
export function reasonsOf(error: InvalidRules): string {
  return error.message
    .split("\n")
    .slice(1)
    .map((line) => line.trim())
    .join("; ");
}

/**
 * @returns the value; its type is for the caller to state, who knows it more exactly than a schema's
 * @throws ScenarioMistake that names the first member at fault
 */
export function check(schema: z.ZodType, value: unknown, what: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = innermost(result.error.issues[0]!);
  const place = issue.path.length === 0 ? what : `${what}: ${issue.path.map(String).join(".")}`;
  throw new ScenarioMistake({ what: place, why: issue.message, fix: "docs/serving.md lists the members" });
}

/** Of a union, the alternative that came furthest says most. */
function innermost(issue: z.core.$ZodIssue): { readonly path: readonly PropertyKey[]; readonly message: string } {
  if (issue.code !== "invalid_union") return issue;
  const alternatives = issue.errors.flatMap((issues) => (issues[0] === undefined ? [] : [innermost(issues[0])]));
  const furthest = alternatives.reduce<{ path: readonly PropertyKey[]; message: string } | undefined>(
    (best, each) => (best === undefined || each.path.length > best.path.length ? each : best),
    undefined,
  );
  return furthest === undefined ? issue : { path: [...issue.path, ...furthest.path], message: furthest.message };
}

const modules: ReadonlySet<string> = new Set([".ts", ".mts", ".js", ".mjs"]);

async function readModule(path: string): Promise<unknown> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  } catch (error) {
    const why = `cannot be loaded (${error instanceof Error ? error.message.split("\n", 1)[0] : String(error)})`;
    throw new ScenarioMistake({ what: path, why, fix: "name a module that loads by itself" });
  }
  if (module.default === undefined) {
    throw new ScenarioMistake({ what: path, why: "has no default export", fix: "export the scenario as default" });
  }
  return module.default;
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    const why = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new ScenarioMistake({ what: path, why, fix: "name a file that can be read" });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const why = text.trim() === "" ? "is empty" : "is not JSON, or only a part of it";
    throw new ScenarioMistake({ what: path, why, fix: "write JSON, or a module that ends in .ts, .js or .mjs" });
  }
}

const text = z.string();
const count = z.int().min(1);
const functionOf = z.custom<(request: never) => unknown>((value) => typeof value === "function", "not a function");
const rules = z.array(z.json());

const webhookSchema = z
  .strictObject({ url: z.url(), token: text.optional(), timeLimitMs: count.max(600_000).optional() })
  .nullable();

const cardSchema = z.strictObject({
  title: text.min(1),
  reference: text.optional(),
  description: text.optional(),
  column: text.optional(),
  swimlane: text.optional(),
  category: text.optional(),
  owner: text.optional(),
  color: text.optional(),
  priority: z.int().optional(),
  tags: z.array(text).optional(),
  metadata: z.record(text, text).optional(),
  comments: z.array(text).optional(),
  subtasks: z.array(text).optional(),
  closed: z.boolean().optional(),
});

const projectSchema = z.strictObject({
  name: text.min(1),
  identifier: text.optional(),
  description: text.optional(),
  columns: z.array(text).min(1).optional(),
  swimlanes: z.array(text).optional(),
  categories: z.array(text).optional(),
  members: z.record(text, z.enum(["project-viewer", "project-member", "project-manager"])).optional(),
  cards: z.array(cardSchema).optional(),
});

export const boardSchema = z.strictObject({
  apiToken: text.min(1).optional(),
  webhook: webhookSchema.optional(),
  privateNetworks: z.boolean().optional(),
  customFields: z
    .array(z.strictObject({ name: text.min(1), required: z.boolean().optional(), project: text.optional() }))
    .optional(),
  users: z
    .array(
      z.strictObject({
        username: text.min(1),
        password: text.min(6),
        name: text.optional(),
        email: text.optional(),
        role: z.enum(["app-user", "app-manager", "app-admin"]).optional(),
      }),
    )
    .optional(),
  projects: z.array(projectSchema).optional(),
});

/** Without functions: what can come as JSON. */
export const modelRulesSchema = z.strictObject({
  rules: rules.optional(),
  models: z.array(text.min(1)).optional(),
  apiKey: text.min(1).optional(),
  contextTokensMax: count.optional(),
  requestsPerMinuteMax: count.optional(),
  requestsPerStepMax: count.optional(),
  workersMax: count.optional(),
});

const modelSchema = modelRulesSchema
  .extend({ script: functionOf.optional() })
  .refine(({ rules: given, script }) => given === undefined || script === undefined, "has both rules and a script");

const times = z.union([count, z.literal("always")]).optional();

export const armedFaultSchema = z.union([
  z.strictObject({
    service: z.enum(["board", "model", "webhook"]),
    match: z
      .strictObject({
        procedure: text.optional(),
        path: text.optional(),
        nth: count.optional(),
        token: text.optional(),
        process: text.optional(),
      })
      .optional(),
    fault: faultSpecSchema,
    times,
  }),
  z.strictObject({
    program: text.min(1),
    match: z.strictObject({ nth: count.optional(), token: text.optional() }).optional(),
    // `programFaultOf` of the fakes knows the behaviours.
    fault: z.looseObject({ kind: text }),
    times,
  }),
]);

const scenarioSchema = z.strictObject({
  board: boardSchema.optional(),
  model: modelSchema.optional(),
  agents: z
    .strictObject(Object.fromEntries(agentNames.map((name) => [name, z.union([rules, functionOf]).optional()])))
    .optional(),
  faults: z.array(armedFaultSchema).optional(),
});
