import { z } from "zod";
import {
  defaultTimes,
  tokensFields,
  type ProviderConfig,
  type RoleConfig,
  type TokensField,
} from "../../orchestrator/config.ts";
import { defaultLimits, type Limits, type OrchestratorConfig } from "../../orchestrator/orchestrator.ts";
import { projectConfigSchema } from "../project/project-config.ts";

/**
 * What `stormlane serve` is told. The same shape stands in `stormlane.config.json`, or is the default export of
 * `stormlane.config.ts`; each text of it may come from the environment instead.
 */
export type ServeConfig = z.output<typeof serveConfigSchema>;

/** As people write it: what has a default may be left out. `satisfies StormlaneConfig` checks a config module. */
export type StormlaneConfig = z.input<typeof serveConfigSchema>;

const text = z.string().min(1);
const port = z.int().min(0).max(65_535);
const milliseconds = (min: number, max: number) => z.int().min(min).max(max);
const httpUrl = z.url({ protocol: /^https?$/, error: "not an http or https URL" });

/** Long enough that its text, taken out of every log line, is nobody else's word. */
const secret = z.string().min(8, "shorter than 8 characters");

const webhookPortDefault = 8_765;
const healthPortDefault = 8_766;

const httpTypes = ["openai", "anthropic", "ollama"] as const;
const toolTypes = ["claude", "codex", "gemini", "opencode"] as const;
const providerTypes = [...httpTypes, ...toolTypes] as const;
const price = z.number().min(0).max(1_000_000);

/** Of a role: who answers it. Which members count depends on the type. */
const providerShape = {
  url: httpUrl.optional().describe("Of an API: without /v1 or any other path."),
  apiKey: z
    .union([secret, z.literal("")])
    .default("")
    .describe("Of an API."),
  tokensField: z
    .enum(tokensFields)
    .optional()
    .describe(
      "Of openai: what the limit of an answer is called. Newer models of OpenAI know max_completion_tokens alone.",
    ),
  command: text.optional().describe("Of a tool: a name on PATH, or an absolute path; its own name unless given."),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe("What this tool gets beside the little that every program gets, as its key."),
  temperature: z.number().min(0).max(2).optional(),
  tokensMax: z.int().min(100).max(1_000_000).default(8_000).describe("Of one answer."),
  usdPerMillionTokens: z
    .strictObject({ input: price, output: price })
    .optional()
    .describe("For providers that do not tell what an answer cost."),
};

interface ProviderPart {
  readonly type: (typeof providerTypes)[number];
  readonly url?: string | undefined;
  readonly apiKey: string;
  readonly tokensField?: TokensField | undefined;
  readonly command?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

function isHttp(type: ProviderPart["type"]): type is (typeof httpTypes)[number] {
  return (httpTypes as readonly string[]).includes(type);
}

function checkProvider(part: ProviderPart, context: z.RefinementCtx): void {
  const complain = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
  if (isHttp(part.type)) {
    if (part.url === undefined) complain("url", `is missing: ${part.type} is an API`);
    if (part.command !== undefined) complain("command", `${part.type} is an API, not a tool`);
  } else if (part.url !== undefined) complain("url", `${part.type} is a tool, not an API`);
  if (part.tokensField !== undefined && part.type !== "openai") complain("tokensField", "is for openai alone");
}

const webhookSchema = z.strictObject({
  host: text.default("127.0.0.1").describe("The address to listen at; the board must reach it."),
  port: port.default(webhookPortDefault).describe("0 = any free port."),
  token: secret.describe("What the board sends as `token`; anybody who has it starts runs."),
  resyncIntervalMs: milliseconds(1_000, 3_600_000)
    .default(defaultTimes.resyncIntervalMs)
    .describe("Between two looks over the whole board, for events that were lost."),
});

const healthSchema = z.strictObject({
  host: text.default("127.0.0.1"),
  port: port.default(healthPortDefault).describe("0 = any free port."),
});

const limitNames = Object.keys(defaultLimits) as (keyof Limits)[];
const limitsSchema = z
  .strictObject(Object.fromEntries(limitNames.map((name) => [name, z.int().min(1).optional()])))
  .describe("Limits of the orchestrator core; what is left out keeps its default.");

const off = z.literal("off");

export const serveConfigSchema = z
  .strictObject({
    $schema: z.string().optional(),
    board: z.strictObject({
      url: httpUrl.describe("Kanboard's JSON-RPC endpoint, as https://board.example/jsonrpc.php."),
      token: secret.describe("Kanboard's API token."),
      userId: z.int().min(1).describe("The number of the Kanboard user who writes the comments."),
      project: text.describe("The name of the project."),
      mandatoryFields: z.boolean().default(false).describe("MetaMagik forbids new cards: duplicate them."),
      timeoutMs: milliseconds(100, 60_000).default(10_000),
    }),
    model: z
      .strictObject({
        ...providerShape,
        type: z.enum(providerTypes).default("openai").describe("Whose API the URL speaks, or which tool is run."),
        models: z.strictObject({ planner: text }),
        timeoutMs: milliseconds(1_000, 600_000).default(120_000),
        traceHeaders: z.boolean().default(false).describe("Send role, key and attempt as x-stormlane-* headers."),
      })
      .superRefine(checkProvider),
    coder: z
      .strictObject({
        ...providerShape,
        type: z.enum(providerTypes).default("codex").describe("Which tool is run, or whose API the URL speaks."),
        model: text,
        timeoutMs: milliseconds(1_000, 3_600_000).default(300_000),
      })
      .superRefine(checkProvider),
    traces: z.boolean().default(true).describe("Leave a file in the workspace for each question to a model."),
    projectsFolder: text.default("stormlane/projects").describe("Relative to this file."),
    stateFolder: text.default("stormlane/state").describe("Relative to this file; all instances of a host share it."),
    mode: z
      .enum(["board", "single-card"])
      .default("board")
      .describe(
        "board: an epic gets a card for each story. single-card: each card is worked alone, with a work package.",
      ),
    pollIntervalMs: milliseconds(100, 3_600_000).default(defaultTimes.pollIntervalMs),
    leaseTtlMs: milliseconds(1_000, 3_600_000).default(defaultTimes.leaseTtlMs),
    committer: z
      .strictObject({ name: text, email: text })
      .default({ name: "Stormlane", email: "stormlane@localhost.invalid" }),
    pollers: z.int().min(0).max(64).default(1),
    webhook: z.union([off, webhookSchema]).default("off"),
    health: z.union([off, healthSchema]).default({ host: "127.0.0.1", port: healthPortDefault }),
    stopGraceMs: milliseconds(0, 3_600_000)
      .default(60_000)
      .describe("How long runs may go on after SIGTERM before they are broken off."),
    log: z
      .strictObject({
        format: z.enum(["auto", "json", "human"]).default("auto").describe("auto: human on a terminal, else json."),
        file: text.optional().describe("JSON lines go there too. Relative to this file."),
      })
      .default({ format: "auto" }),
    spans: z
      .union([
        off,
        z.strictObject({
          file: text.describe("Relative to this file."),
          sizeBytesMax: z
            .int()
            .min(1_000)
            .default(100_000_000)
            .describe("Then it begins anew, and one old file is kept."),
        }),
      ])
      .default("off")
      .describe("One JSON line for each operation of a run."),
    limits: limitsSchema.default({}),
  })
  .superRefine((config, context) => {
    if (config.pollers === 0 && config.webhook === "off") {
      context.addIssue({ code: "custom", path: ["pollers"], message: "without pollers and webhook nothing is served" });
    }
    // Each effect asks for its own time limit of validity, and a lease is renewed every third of its term.
    const needMs = 2 * Math.max(config.board.timeoutMs, config.limits["diskMarginMs"] ?? defaultLimits.diskMarginMs);
    if (config.leaseTtlMs < needMs) {
      const message = `shorter than ${needMs}, twice the time limit of one effect (board.timeoutMs, limits.diskMarginMs)`;
      context.addIssue({ code: "custom", path: ["leaseTtlMs"], message });
    }
  });

/**
 * What an editor needs to check and complete `stormlane.config.json`: the members of all commands. None has to be there,
 * for a project may have its tests alone in it.
 */
export function editorSchema(): object {
  const ofAll = z.strictObject({ ...serveConfigSchema.shape, ...projectConfigSchema.shape }).partial();
  return z.toJSONSchema(ofAll, { io: "input" });
}

/** Texts that must not stand in a log. */
export function secretsOf(config: ServeConfig): readonly string[] {
  const { board, model, coder, webhook } = config;
  const basic = Buffer.from(`jsonrpc:${board.token}`).toString("base64");
  const keys = [model, coder].flatMap(({ apiKey, env }) => [apiKey, ...Object.values(env)]);
  return [board.token, basic, ...keys, webhook === "off" ? "" : webhook.token].filter((each) => each.length >= 8);
}

/** The core's own settings. Folders are absolute by now. */
export function coreConfig(config: ServeConfig): OrchestratorConfig {
  const { board, model, coder, traces, projectsFolder, stateFolder, mode, pollIntervalMs, leaseTtlMs } = config;
  const { committer, webhook } = config;
  return {
    board,
    models: {
      roles: { planner: roleOf(model, model.models.planner), coder: roleOf(coder, coder.model) },
      traceHeaders: model.traceHeaders,
    },
    traces,
    projectsFolder,
    stateFolder,
    mode,
    pollIntervalMs,
    leaseTtlMs,
    committer,
    // Only a role that listens reads it.
    webhook: webhook === "off" ? { host: "127.0.0.1", port: 0, token: "" } : webhook,
  };
}

function roleOf(part: ServeConfig["model"] | ServeConfig["coder"], model: string): RoleConfig {
  const { temperature, tokensMax, timeoutMs, usdPerMillionTokens } = part;
  return {
    provider: providerOf(part),
    model,
    tokensMax,
    timeoutMs,
    ...(temperature === undefined ? {} : { temperature }),
    ...(usdPerMillionTokens === undefined ? {} : { usdPerMillionTokens }),
  };
}

/** By now each has what its type asks for. */
export function providerOf({ type, url = "", apiKey, tokensField, command, env }: ProviderPart): ProviderConfig {
  if (!isHttp(type)) return { type, command: command ?? type, env };
  return { type, url, apiKey, ...(tokensField === undefined ? {} : { tokensField }) };
}

export function coreLimits(config: ServeConfig): Limits {
  return { ...defaultLimits, ...config.limits };
}
