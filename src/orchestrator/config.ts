/** All settings of one orchestrator. Nothing here changes while it runs. */
export interface OrchestratorConfig {
  readonly board: BoardConfig;
  readonly model: ModelConfig;
  readonly coder: CoderConfig;
  /** Absolute. Holds one workspace for each epic. */
  readonly projectsFolder: string;
  /** Absolute. Claims and run records; shared by all orchestrators of the host. */
  readonly stateFolder: string;
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

export interface ModelConfig {
  /** Without the path, as `http://127.0.0.1:9000`. */
  readonly url: string;
  readonly apiKey: string;
  /** The model for each role. */
  readonly models: { readonly planner: string };
  readonly timeoutMs: number;
  /** Sends role, key and attempt as `x-stormlane-*` headers. */
  readonly traceHeaders: boolean;
}

export interface CoderConfig {
  /** A name on PATH, or an absolute path. */
  readonly command: string;
  readonly model: string;
}

export interface WebhookConfig {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  /** Between two looks over the whole board, for events that were lost. Default: `defaultTimes`. */
  readonly resyncIntervalMs?: number;
}

export const defaultTimes = { pollIntervalMs: 5_000, leaseTtlMs: 60_000, resyncIntervalMs: 60_000 } as const;
