import { readLogs, type LogContents } from "../../src/incidents/read-logs.ts";
import type { LogMapping } from "../../src/incidents/log-mapping.ts";
import { Redactor } from "../../src/incidents/redactor.ts";
import { redact } from "../../src/orchestrator/llm/redact.ts";

/** Reads logs that are given as texts by name. */
export function read(
  files: Readonly<Record<string, string>>,
  { mapping, keepsText = false }: { readonly mapping?: LogMapping; readonly keepsText?: boolean } = {},
): LogContents {
  const redactor = new Redactor({ withoutSecrets: (text) => redact(text, []), keepsText });
  return readLogs(
    Object.entries(files).map(([name, text]) => ({ name, content: { kind: "text", text } })),
    mapping,
    { redactor },
  );
}

/** A line of `stormlane serve`. */
export function serveLine(at: string, role: string, event: string, fields: object = {}): string {
  return JSON.stringify({ at, level: "info", role, task: "tick 1", event, fields });
}
