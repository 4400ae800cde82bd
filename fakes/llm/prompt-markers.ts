/** What a prompt says of itself, on lines of their own: `role: coder`, `key: EPIC-1/story-2`, `attempt: 2`. */
export interface PromptMarkers {
  readonly role: string;
  /** The resource in the words of the workload, as a card's reference. */
  readonly key: string;
  /** From 1. */
  readonly attempt: number;
}

/**
 * The first line of each name counts: text that is quoted further down cannot change what the script is asked for.
 * An absent role or key is empty, an absent attempt 1.
 */
export function readMarkers(prompt: string): PromptMarkers {
  return {
    role: readMarker(prompt, "role: "),
    key: readMarker(prompt, "key: "),
    attempt: attemptOf(readMarker(prompt, "attempt: ")),
  };
}

/** The line `token: …`, see `scenario-token.ts`. */
export function readToken(prompt: string): string {
  return readMarker(prompt, "token: ");
}

/** @returns 1 for anything that is not a whole number from 1 */
export function attemptOf(text: string): number {
  const attempt = Number(text);
  return Number.isInteger(attempt) && attempt >= 1 ? attempt : 1;
}

/** By searching for the text itself: a regular expression over a long prompt costs more than the rest of the call. */
function readMarker(prompt: string, name: string): string {
  let start = 0;
  if (!prompt.startsWith(name)) {
    const newline = prompt.indexOf(`\n${name}`);
    if (newline === -1) return "";
    start = newline + 1;
  }
  const end = prompt.indexOf("\n", start);
  return prompt.slice(start + name.length, end === -1 ? prompt.length : end).trim();
}
