/** How long to wait before the next try. All in milliseconds. */
export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Doubles with each attempt up to the cap; half of it is chance, so that many who failed together do not return
 * together.
 *
 * @param attempt the one that failed, >= 1
 * @param draw an integer from 0 to `bound - 1`
 */
export function backoffMs(backoff: Backoff, attempt: number, draw: (bound: number) => number): number {
  const fullMs = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(attempt - 1, 30));
  const halfMs = Math.max(1, Math.floor(fullMs / 2));
  return halfMs + draw(halfMs);
}
