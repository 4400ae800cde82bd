import type { ProviderError } from "./provider-error.ts";

/**
 * What happens to an answer on its way to the client.
 *
 * Where a request does not stream, the same happens to the one body: `afterDeltas` counts as many characters as that
 * many deltas carry, the terminal event is its last character, and an error event takes its place under status 200.
 */
export type StreamFault = { readonly at: StreamPlace } & StreamHarm;

export type StreamPlace =
  | "before-headers"
  /** Between two events, when this many pieces of the answer have left; between the last and the end if there are fewer. */
  | { readonly afterDeltas: number }
  /** When the first tool call is named and before its arguments; before the end where no tool is called. */
  | "tool-call-opened"
  | "instead-of-terminal"
  | "after-terminal";

export type StreamHarm =
  /** The connection breaks. */
  | { readonly how: "reset" }
  /** The stream ends as if it were complete. Before the headers that is a connection that breaks. */
  | { readonly how: "clean-end" }
  /** Nothing more comes, and the connection stays open. */
  | { readonly how: "stall" }
  /** The provider says that it failed, and the stream ends. Before the headers that is an error's status. */
  | { readonly how: "error-event"; readonly error?: ProviderError }
  /** The next event is cut in half, in a frame that ends, and the stream ends. Before the headers that is a connection that breaks. */
  | { readonly how: "cut-event" }
  /** It goes on later. */
  | { readonly how: "pause"; readonly durationMs: number };
