import type { HttpHeaders, OutgoingResponse } from "../ports/http.ts";

/**
 * Who waits for an answer: a socket, or a promise of a `Response`. It gets either `answer`, or `head`, any number of
 * `chunk` and `end`; or `reset` at any point. After `answer`, `end` and `reset` nothing more comes. Nothing at all may come, too.
 */
export interface Client {
  /** A whole answer. */
  answer(response: OutgoingResponse): void;
  /**
   * Status and headers; the body follows.
   *
   * @param bodyBytes how long it is going to be, where that is said; a client then misses what does not come
   */
  head(status: number, headers: HttpHeaders, bodyBytes?: number): void;
  chunk(text: string): void;
  end(): void;
  /** The connection breaks. */
  reset(): void;
}
