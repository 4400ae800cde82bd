import type { Trouble } from "./incident-event.ts";

/**
 * What an orchestrator's words for a failure tell of it: with which service, and how it looked from there. The words are
 * those of common HTTP clients, Kanboard, SQLite and Linux.
 */
export function troubleOf(text: string): Trouble | undefined {
  const what = whatOf(text);
  if (what === undefined) return undefined;
  const side = what.what === "full" ? "disk" : sides.find(({ form }) => form.test(text))?.side;
  return side === undefined ? undefined : { with: side, ...what };
}

const sides: readonly { readonly side: Trouble["with"]; readonly form: RegExp }[] = [
  { side: "board", form: /\bboard\b|kanboard|json-?rpc|database is locked|\b(?:create|update|move|get|set|save)Task/i },
  { side: "model", form: /\bmodel\b|provider|openai|anthropic|\bllm\b|completion/i },
  { side: "disk", form: /\bdisk\b|\bfile\b|\bEIO\b/i },
  { side: "program", form: /\bprogram\b|\bgit\b|pytest|codex|claude|spawn|exit code/i },
];

function whatOf(text: string): Omit<Trouble, "with"> | undefined {
  if (/ENOSPC|no space left/i.test(text)) return { what: "full" };
  if (/database is locked|SQLITE_BUSY/i.test(text)) return { what: "locked" };
  const status = /(?:answered|status(?: code)?|HTTP(?:\/\d\.\d)?)[ :=]{1,3}([45]\d\d)\b/i.exec(text)?.[1];
  if (status !== undefined) return { what: "status", status: Number(status) };
  if (/ECONNRESET|EPIPE|socket hang up|terminated|cut off/i.test(text)) return { what: "broken-off" };
  if (/ECONNREFUSED|EHOSTUNREACH|ENOTFOUND|connection refused/i.test(text)) return { what: "refused" };
  if (/ETIMEDOUT|time[ds]?[ -]?out|did not answer|deadline exceeded/i.test(text)) return { what: "no-answer" };
  if (/\bEIO\b|\bfailed\b.*\bexit\b|exit code [1-9]/i.test(text)) return { what: "failed" };
  return undefined;
}
