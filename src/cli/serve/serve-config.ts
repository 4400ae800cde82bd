import { z } from "zod";
import { defaultTimes } from "../../orchestrator/config.ts";
import { defaultLimits, type Limits, type OrchestratorConfig } from "../../orchestrator/orchestrator.ts";

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

export const webhookPortDefault = 8_765;
export const healthPortDefault = 8_766;

const webhookSchema = z.strictObject({
  host: text.default("127.0.0.1").describe("The address to listen at; the board must reach it."),
  port: port.default(webhookPortDefault).describe("0 = any free port."),
  token: secret.describe("What the board sends as `token`; anybody who has it starts runs."),
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
    model: z.strictObject({
      url: httpUrl.describe("An endpoint that speaks OpenAI's chat completions, without /v1."),
      apiKey: z.union([secret, z.literal("")]).default(""),
      models: z.strictObject({ planner: text }),
      timeoutMs: milliseconds(1_000, 600_000).default(120_000),
      traceHeaders: z.boolean().default(false).describe("Send role, key and attempt as x-stormlane-* headers."),
    }),
    coder: z.strictObject({
      command: text.default("codex").describe("A name on PATH, or an absolute path."),
      model: text,
    }),
    projectsFolder: text.default("stormlane/projects").describe("Relative to this file."),
    stateFolder: text.default("stormlane/state").describe("Relative to this file; all instances of a host share it."),
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

/** What an editor needs to check and complete `stormlane.config.json`. */
export function editorSchema(): object {
  return z.toJSONSchema(serveConfigSchema, { io: "input" });
}

/** Texts that must not stand in a log. */
export function secretsOf(config: ServeConfig): readonly string[] {
  const { board, model, webhook } = config;
  const basic = Buffer.from(`jsonrpc:${board.token}`).toString("base64");
  return [board.token, basic, model.apiKey, webhook === "off" ? "" : webhook.token].filter((each) => each !== "");
}

/** The core's own settings. Folders are absolute by now. */
export function coreConfig(config: ServeConfig): OrchestratorConfig {
  const { board, model, coder, projectsFolder, stateFolder, pollIntervalMs, leaseTtlMs, committer, webhook } = config;
  return {
    board,
    model,
    coder,
    projectsFolder,
    stateFolder,
    pollIntervalMs,
    leaseTtlMs,
    committer,
    // Only a role that listens reads it.
    webhook: webhook === "off" ? { host: "127.0.0.1", port: 0, token: "" } : webhook,
  };
}

export function coreLimits(config: ServeConfig): Limits {
  return { ...defaultLimits, ...config.limits };
}
