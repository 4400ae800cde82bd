/** What a part of the core learns from the world, in the words that a run acts on. */
export type Answer<Value> = { readonly kind: "ok"; readonly value: Value } | Trouble;

export type Trouble =
  /** The effect did not happen. Trying again later may help. */
  | { readonly kind: "fail"; readonly reason: string }
  /** The effect may have happened, now or later. */
  | { readonly kind: "unknown"; readonly reason: string }
  /** Trying again will not help: a person has to act. */
  | { readonly kind: "refused"; readonly reason: string };
