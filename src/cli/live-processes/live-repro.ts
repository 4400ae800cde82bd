import { z } from "zod";
import type { LiveCase } from "../../live/explore-live.ts";
import { faultSpecSchema } from "../../serving/fault-spec.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { readJsonFile } from "../input-file.ts";
import { UsageError } from "../usage-error.ts";

/** An order of effects of real processes and what befell them, and the failure that it came to. */
export interface LiveRepro {
  /** The version that wrote it. */
  readonly stormlane: string;
  readonly format: 1 | typeof reproFormat;
  readonly kind: "live";
  readonly case: LiveCase;
  readonly expected: { readonly signature: string; readonly invariant: string; readonly message: string };
  readonly foundBy: { readonly seed: number; readonly strategy: string };
}

export const reproFormat = 2;

export function writeLiveRepro(path: string, repro: LiveRepro): void {
  writeFileAtomically(path, `${JSON.stringify(repro, undefined, 2)}\n`);
}

/** @throws UsageError for a file that is none of this version */
export function readLiveRepro(path: string, what: string): LiveRepro {
  const value = readJsonFile({ what, path, sizeBytesMax: 16 * 1024 * 1024 });
  const parsed = liveReproSchema.safeParse(value);
  if (parsed.success) return parsed.data as LiveRepro;
  const [issue] = parsed.error.issues;
  throw new UsageError({
    what,
    why: `is no repro file of real processes: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unreadable"}`,
    fix: "name one that `stormlane live` wrote; what `stormlane run` wrote is for `stormlane replay`",
  });
}

export const liveReproSchema = z.strictObject({
  stormlane: z.string(),
  // What was written before answers could stop in their middle says less, and nothing else.
  format: z.union([z.literal(1), z.literal(reproFormat)]),
  kind: z.literal("live"),
  case: z.strictObject({
    order: z.array(z.string().min(1)),
    faults: z.array(
      z.strictObject({
        site: z.string().min(1),
        fault: z.union([
          faultSpecSchema,
          z.strictObject({ kind: z.literal("kill"), effect: z.enum(["none", "done"]) }),
          z.strictObject({ kind: z.literal("disk-full"), durationMs: z.int().min(1).max(3_600_000) }),
        ]),
      }),
    ),
  }),
  expected: z.strictObject({ signature: z.string(), invariant: z.string(), message: z.string() }),
  foundBy: z.strictObject({ seed: z.int(), strategy: z.string() }),
});
