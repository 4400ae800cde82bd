/** Where a variable of the environment goes in the config file's shape, and how its text is read. */
export interface Variable {
  readonly name: string;
  readonly path: readonly string[];
  readonly kind: "text" | "number" | "flag";
}

const variable = (name: string, path: string, kind: Variable["kind"] = "text"): Variable => ({
  name: `STORMLANE_${name}`,
  path: path.split("."),
  kind,
});

/** A variable that is set wins over the file. docs/serve.md has the same table. */
export const variables: readonly Variable[] = [
  variable("BOARD_URL", "board.url"),
  variable("BOARD_TOKEN", "board.token"),
  variable("BOARD_USER_ID", "board.userId", "number"),
  variable("BOARD_PROJECT", "board.project"),
  variable("BOARD_MANDATORY_FIELDS", "board.mandatoryFields", "flag"),
  variable("BOARD_TIMEOUT_MS", "board.timeoutMs", "number"),
  variable("MODEL_TYPE", "model.type"),
  variable("MODEL_URL", "model.url"),
  variable("MODEL_COMMAND", "model.command"),
  variable("MODEL_API_KEY", "model.apiKey"),
  variable("MODEL_PLANNER", "model.models.planner"),
  variable("MODEL_TIMEOUT_MS", "model.timeoutMs", "number"),
  variable("CODER_TYPE", "coder.type"),
  variable("CODER_COMMAND", "coder.command"),
  variable("CODER_URL", "coder.url"),
  variable("CODER_API_KEY", "coder.apiKey"),
  variable("CODER_TIMEOUT_MS", "coder.timeoutMs", "number"),
  variable("CODER_MODEL", "coder.model"),
  variable("TRACES", "traces", "flag"),
  variable("PROJECTS_FOLDER", "projectsFolder"),
  variable("STATE_FOLDER", "stateFolder"),
  variable("MODE", "mode"),
  variable("POLL_INTERVAL_MS", "pollIntervalMs", "number"),
  variable("LEASE_TTL_MS", "leaseTtlMs", "number"),
  variable("COMMITTER_NAME", "committer.name"),
  variable("COMMITTER_EMAIL", "committer.email"),
  variable("POLLERS", "pollers", "number"),
  variable("WEBHOOK_HOST", "webhook.host"),
  variable("WEBHOOK_PORT", "webhook.port", "number"),
  variable("WEBHOOK_TOKEN", "webhook.token"),
  variable("WEBHOOK_RESYNC_INTERVAL_MS", "webhook.resyncIntervalMs", "number"),
  variable("HEALTH_HOST", "health.host"),
  variable("HEALTH_PORT", "health.port", "number"),
  variable("STOP_GRACE_MS", "stopGraceMs", "number"),
  variable("LOG_FORMAT", "log.format"),
  variable("LOG_FILE", "log.file"),
  variable("SPANS_FILE", "spans.file"),
  variable("SPANS_SIZE_BYTES_MAX", "spans.sizeBytesMax", "number"),
];

export type Environment = Readonly<Record<string, string | undefined>>;

/** The value that the text stands for; a text that is no number stays one, for the schema to refuse. */
export function readVariable({ kind }: Variable, text: string): string | number | boolean {
  switch (kind) {
    case "text":
      return text;
    case "number":
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case "flag":
      return text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : text;
  }
}
