import { appendFileSync } from "node:fs";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import type { Paint } from "../../report/paint.ts";

/** One event of one role. As a JSON line: `{"at", "level", "role", "task", "event", "fields"}`. */
export interface LogEntry {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly level: "info" | "warning" | "error";
  /** `poller-1`, `webhook`, `serve`. */
  readonly role: string;
  /** The causal chain, as `card E1 lane 2 attempt 1`. */
  readonly task: string;
  readonly event: string;
  readonly fields: JsonObject;
}

export interface LogbookOptions {
  readonly format: "json" | "human";
  /** Of the human format. */
  readonly paint: Paint;
  readonly write: (text: string) => void;
  /** JSON lines go there too. */
  readonly file: string | undefined;
  readonly secrets: readonly string[];
  readonly onEntry: (entry: LogEntry) => void;
}

/** Everything that `serve` says, without secrets. */
export class Logbook {
  private readonly options: LogbookOptions;
  private fileFailed = false;

  constructor(options: LogbookOptions) {
    this.options = options;
  }

  /** Takes the lines of one role's log port. */
  sinkOf(role: string): (line: string) => void {
    return (line) => {
      const { at, task, event, fields } = JSON.parse(line) as Omit<LogEntry, "role" | "level">;
      this.take({ at, level: levelOf(event, fields), role, task, event, fields });
    };
  }

  /** What `serve` itself says. */
  say(event: string, fields: JsonObject, level: LogEntry["level"] = "info"): void {
    this.take({ at: new Date().toISOString(), level, role: "serve", task: "main", event, fields });
  }

  private take(entry: LogEntry): void {
    const { format, paint, write, file, onEntry } = this.options;
    const clean = this.redacted(entry as unknown as JsonObject) as unknown as LogEntry;
    onEntry(clean);
    const line = `${JSON.stringify(clean)}\n`;
    write(format === "json" ? line : humanLine(clean, paint));
    if (file !== undefined) this.append(file, line);
  }

  /** A log that cannot be written ends nothing: it is said once, where people look as well. */
  private append(file: string, line: string): void {
    try {
      appendFileSync(file, line);
      this.fileFailed = false;
    } catch (error) {
      if (this.fileFailed) return;
      this.fileFailed = true;
      const code = (error as NodeJS.ErrnoException).code ?? "unknown";
      this.options.write(`stormlane: ${file}: cannot be written (${code}); events go on here\n`);
    }
  }

  private redacted(value: JsonValue): JsonValue {
    if (typeof value === "string") return this.withoutSecrets(value);
    if (isJsonArray(value)) return value.map((each) => this.redacted(each));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [this.withoutSecrets(name), this.redacted(each ?? null)]),
    );
  }

  /** Also as it stands in a URL. */
  private withoutSecrets(text: string): string {
    let clean = text;
    for (const secret of this.options.secrets) {
      for (const spelling of new Set([secret, encodeURIComponent(secret)]))
        clean = clean.replaceAll(spelling, "[secret]");
    }
    return clean;
  }
}

function levelOf(event: string, fields: JsonObject): LogEntry["level"] {
  if (event === "run.finished") return fields["outcome"] === "done" ? "info" : "warning";
  return /(failed|refused|reached|lost|corrupt|crashed)$/i.test(event) ? "warning" : "info";
}

/** As `07:04:11 poller-1 run.started card=E1 lane=2`. */
function humanLine({ at, level, role, event, fields }: LogEntry, paint: Paint): string {
  const words = Object.entries(fields).map(([name, value]) => `${name}=${humanValue(value ?? null)}`);
  const shown = { info: event, warning: paint.strong(event), error: paint.bad(event) }[level];
  return `${paint.faint(at.slice(11, 19))} ${role} ${shown} ${words.join(" ")}`.trimEnd().concat("\n");
}

function humanValue(value: JsonValue): string {
  return typeof value === "string" && /^[\w./@:-]+$/.test(value) ? value : JSON.stringify(value);
}
