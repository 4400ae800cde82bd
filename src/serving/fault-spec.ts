import { z } from "zod";
import type { FaultSpec } from "../faults/fault.ts";

const durationMs = z.int().min(0).max(86_400_000);
const permille = z.int().min(0).max(1000);

/** The faults of `src/faults/fault.ts` that can strike a request to a served fake. */
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
]);

/** Those of them that can strike a request to a served fake. */
export type DeliveryFault = Extract<
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
