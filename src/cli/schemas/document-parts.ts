import { z } from "zod";

/** Parts that several documents have. Objects are open: a later version may add members, and takes none away. */

export const count = z.int().nonnegative();
export const seed = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
export const milliseconds = z.number().nonnegative();
export const exitCode = z
  .union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(130)])
  .describe("0 held, 1 failed, 2 bad input, 3 our own code or the infrastructure failed, 130 interrupted");

export const share = z.number().min(0).max(1);

/** A share with its 95 % interval. */
export const shareInterval = z.object({ estimate: share, low: share, high: share });

/** Package and command that wrote a document. */
export function head<Command extends string>(command: Command) {
  return {
    version: z.literal(1).describe("of this schema: members are added while it is the same, never renamed or removed"),
    stormlane: z.string().describe("version of the package that wrote it"),
    command: z.literal(command),
  };
}

export const failureKind = z.enum(["violated", "nondeterminism", "broken", "livelock", "died"]);

export const runStats = z.object({
  ops: count.describe("operations that left a process"),
  steps: count,
  events: count,
  virtualMs: milliseconds,
});
