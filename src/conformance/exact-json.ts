import type { JsonValue } from "../base/json.ts";

/**
 * Reads JSON so that what a strict client can tell apart stays apart: a whole number that is written as
 * a fraction, as `1.0`, becomes `{ $number: "1.0" }`.
 *
 * @returns undefined when the text is not JSON
 */
export function parseExactly(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text, keepNumber) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The third argument, with the text of the number, is part of the language since ES2026. */
function keepNumber(_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  const isWholeFraction = Number.isSafeInteger(value) && source !== undefined && source !== String(value);
  return isWholeFraction ? { $number: source } : value;
}
