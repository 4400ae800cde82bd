import { z } from "zod";
import type { FaultSpec } from "../faults/fault.ts";

const durationMs = z.int().min(0).max(86_400_000);
const permille = z.int().min(0).max(1000);
const pieces = z.int().min(0).max(1_000_000);

/** The faults that can strike a request to a served fake. */
export const faultSpecSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("request-lost") }),
  z.strictObject({ kind: z.literal("refused") }),
  z.strictObject({ kind: z.literal("answer-lost") }),
  z.strictObject({ kind: z.literal("answer-reset") }),
  z.strictObject({ kind: z.literal("request-delayed"), delayMs: durationMs }),
  z.strictObject({ kind: z.literal("answer-delayed"), delayMs: durationMs }),
  z.strictObject({ kind: z.literal("request-duplicated"), afterMs: durationMs }),
  z.strictObject({ kind: z.literal("answer-truncated"), keepPermille: permille }),
  z.strictObject({
    kind: z.literal("answered-with"),
    status: z.int().min(200).max(599),
    effect: z.enum(["none", "done"]),
    retryAfterS: z.int().min(0).optional(),
  }),
  z.strictObject({
    kind: z.literal("partition"),
    durationMs,
    direction: z.enum(["both", "requests", "answers"]),
  }),
  z.strictObject({ kind: z.literal("service-fault"), name: z.string().min(1) }),
  z.strictObject({ kind: z.literal("body-stalled"), afterPieces: pieces }),
  z.strictObject({ kind: z.literal("body-cut"), afterPieces: pieces }),
  z.strictObject({
    kind: z.literal("body-dripped"),
    pieceChars: z.int().min(1).max(1_000_000),
    everyMs: z.int().min(1).max(86_400_000),
  }),
]);

/** Those of `src/faults/fault.ts` that can strike a request to a served fake, and what only a socket can do to an answer. */
export type DeliveryFault = BodyFault | RequestFault;

/**
 * What happens to the body of an answer, streamed or whole, when its head has come. The effect is done. A whole answer is
 * one piece, and each event of a stream is one.
 */
export type BodyFault =
  /** So many pieces pass and half of the next. Then nothing more comes, and the connection stays open. */
  | { readonly kind: "body-stalled"; readonly afterPieces: number }
  /** So many pieces pass and half of the next. Then the connection breaks. */
  | { readonly kind: "body-cut"; readonly afterPieces: number }
  /** All of it comes, so many characters at a time: no single read waits long. */
  | { readonly kind: "body-dripped"; readonly pieceChars: number; readonly everyMs: number };

type RequestFault = Extract<
  FaultSpec,
  {
    kind:
      | "request-lost"
      | "refused"
      | "answer-lost"
      | "answer-reset"
      | "request-delayed"
      | "answer-delayed"
      | "request-duplicated"
      | "answer-truncated"
      | "answered-with"
      | "partition"
      | "service-fault";
  }
>;
