import type { CardMode } from "./work-package/follow-card.ts";

/** All settings of one orchestrator. Nothing here changes while it runs. */
export interface OrchestratorConfig {
  readonly board: BoardConfig;
  readonly models: ModelsConfig;
  /** Absolute. Holds one workspace for each epic. */
  readonly projectsFolder: string;
  /** Absolute. Claims and run records; shared by all orchestrators of the host. */
  readonly stateFolder: string;
  /** Whether each question to a model leaves a file in its workspace. */
  readonly traces: boolean;
  /** How cards are worked; `board` unless given. */
  readonly mode?: CardMode;
  readonly pollIntervalMs: number;
  readonly leaseTtlMs: number;
  readonly webhook: WebhookConfig;
  /** Who commits, as `name` and `email` of git. */
  readonly committer: { readonly name: string; readonly email: string };
}

export interface BoardConfig {
  /** The JSON-RPC endpoint, as `http://127.0.0.1:8080/jsonrpc.php`. */
  readonly url: string;
  readonly token: string;
  /** The author of comments. */
  readonly userId: number;
  readonly project: string;
  /** MetaMagik requires a field, so that cards cannot be created, only duplicated. */
  readonly mandatoryFields: boolean;
  readonly timeoutMs: number;
}

/** Who answers, by role. */
export interface ModelsConfig {
  readonly roles: Readonly<Record<ModelRole, RoleConfig>>;
  /** Sends role, key and attempt as `x-stormlane-*` headers. */
  readonly traceHeaders: boolean;
}

/** `planner` writes designs, plans and tests; `coder` writes sources. */
export type ModelRole = (typeof modelRoles)[number];
export const modelRoles = ["planner", "coder"] as const;

export interface RoleConfig {
  readonly provider: ProviderConfig;
  readonly model: string;
  /** As the provider has it, unless given. */
  readonly temperature?: number;
  /** Of one answer. */
  readonly tokensMax: number;
  /** Of one request, whatever the kind of provider. */
  readonly timeoutMs: number;
  /** For providers that do not tell what an answer cost. */
  readonly usdPerMillionTokens?: { readonly input: number; readonly output: number };
}

export type ProviderConfig =
  | {
      readonly type: "openai" | "anthropic" | "ollama";
      /** Without the path, as `http://127.0.0.1:9000`. */
      readonly url: string;
      readonly apiKey: string;
      /** Of `openai`: what the limit of an answer is called, `max_tokens` unless given. Newer models know the other alone. */
      readonly tokensField?: TokensField;
    }
  | {
      readonly type: "claude" | "codex" | "gemini" | "opencode";
      /** A name on PATH, or an absolute path. */
      readonly command: string;
      /** What this tool alone gets beside the little that every program gets. */
      readonly env: Readonly<Record<string, string>>;
    };

export type TokensField = (typeof tokensFields)[number];
export const tokensFields = ["max_tokens", "max_completion_tokens"] as const;

export interface WebhookConfig {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  /** Between two looks over the whole board, for events that were lost. Default: `defaultTimes`. */
  readonly resyncIntervalMs?: number;
}

export const defaultTimes = { pollIntervalMs: 5_000, leaseTtlMs: 60_000, resyncIntervalMs: 60_000 } as const;
