import type { HttpHeaders } from "../../ports/http.ts";

/**
 * How long a provider asks to be left alone. Milliseconds win over seconds; a date counts from now. Nonsense is undefined:
 * the caller's own delay holds. Not bounded: that is for who waits.
 */
export function retryAfterMs(headers: HttpHeaders, nowMs: number): number | undefined {
  const told = headers["retry-after"];
  const ms = headers["retry-after-ms"];
  if (ms !== undefined && isNumber(ms)) return Number(ms);
  if (told === undefined) return undefined;
  if (isNumber(told)) return Number(told) * 1000;
  // In the one form that HTTP allows; engines read more.
  const dateMs = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(told)
    ? Date.parse(told)
    : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

function isNumber(text: string): boolean {
  return /^\d{1,9}(\.\d+)?$/.test(text);
}
