import { z } from "zod";
import type { JsonValue } from "../base/json.ts";
import type { Fault } from "../faults/fault.ts";
import type { Budgets } from "../limits/budgets/budgets.ts";
import type { Case } from "../sim/case.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { readJsonFile } from "./input-file.ts";
import { budgetsSchema } from "./project/budgets-schema.ts";
import { UsageError } from "./usage-error.ts";

/** A case and the failure expected of it, as a small file that replays anywhere. */
export interface Repro {
  /** The version of this package that wrote it. Another one reads it all the same while `format` is known. */
  readonly stormlane: string;
  readonly format: 1;
  readonly case: Case;
  /** `signature` is `held` for a case that is kept because it failed once. */
  readonly expected: { readonly signature: string; readonly invariant: string; readonly message: string };
  readonly foundBy: { readonly seed: number; readonly strategy: string };
  readonly mutant?: string | undefined;
  readonly epic?: JsonValue | undefined;
  /** What its run had to stay within. */
  readonly budgets?: Budgets | undefined;
}

export function writeRepro(path: string, repro: Repro): void {
  writeFileAtomically(path, `${JSON.stringify(repro, undefined, 2)}\n`);
}

/** @throws UsageError for a file that is no repro of this version */
export function readRepro(path: string, what = path): Repro {
  return parseRepro(readJsonFile({ what, path, sizeBytesMax: 64 * 1024 * 1024 }), what);
}

export function parseRepro(value: JsonValue, what: string): Repro {
  const head = headSchema.safeParse(value);
  if (!head.success) {
    throw new UsageError({ what, why: "is not a repro file of stormlane", fix: "name one that `stormlane run` wrote" });
  }
  if (head.data.format !== 1) {
    throw new UsageError({
      what,
      why: `has format ${head.data.format}, written by stormlane ${head.data.stormlane}; this version reads format 1`,
      fix: "replay it with that version",
    });
  }
  const repro = reproSchema.safeParse(value);
  if (repro.success) return repro.data as Repro;
  const [issue] = repro.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "it" : issue.path.join(".");
  throw new UsageError({
    what,
    why: `is damaged: ${place}: ${issue?.message ?? "unreadable"}`,
    fix: "restore the file, or find the failure again from its seed",
  });
}

const headSchema = z.looseObject({ stormlane: z.string(), format: z.number() });

const site = z.string().min(1);
const whole = z.number().int();
const milliseconds = z.number().nonnegative();
const moment = z.enum(["before", "during", "after"]);

const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ site, kind: z.enum(["request-lost", "refused", "answer-lost", "answer-reset"]) }),
  z.strictObject({ site, kind: z.literal("request-delayed"), delayMs: milliseconds }),
  z.strictObject({ site, kind: z.literal("answer-delayed"), delayMs: milliseconds }),
  z.strictObject({ site, kind: z.literal("request-duplicated"), afterMs: milliseconds }),
  z.strictObject({ site, kind: z.literal("answer-truncated"), keepPermille: whole }),
  z.strictObject({
    site,
    kind: z.literal("answered-with"),
    status: whole,
    effect: z.enum(["none", "done"]),
    retryAfterS: z.number().optional(),
  }),
  z.strictObject({
    site,
    kind: z.literal("partition"),
    durationMs: milliseconds,
    direction: z.enum(["both", "requests", "answers"]),
  }),
  z.strictObject({ site, kind: z.literal("service-fault"), name: z.string() }),
  z.strictObject({ site, kind: z.literal("disk-fails"), code: z.enum(["EIO", "ENOSPC"]) }),
  z.strictObject({ site, kind: z.literal("write-torn"), keepPermille: whole }),
  z.strictObject({ site, kind: z.literal("file-truncated"), keepPermille: whole }),
  z.strictObject({ site, kind: z.literal("disk-full"), durationMs: milliseconds }),
  z.strictObject({ site, kind: z.literal("disk-slow"), delayMs: milliseconds }),
  z.strictObject({ site, kind: z.literal("spawn-fails"), code: z.enum(["ENOENT", "EACCES", "EAGAIN", "EMFILE"]) }),
  z.strictObject({ site, kind: z.literal("program-misbehaves"), behaviour: z.record(z.string(), z.json()) }),
  z.strictObject({ site, kind: z.literal("kill"), when: moment, restartAfterMs: milliseconds }),
  z.strictObject({ site, kind: z.literal("host-crash"), when: moment, restartAfterMs: milliseconds }),
  z.strictObject({ site, kind: z.literal("pause"), durationMs: milliseconds }),
  z.strictObject({ site, kind: z.literal("clock-jump"), byMs: z.number() }),
]) satisfies z.ZodType<{ readonly site: string; readonly kind: Fault["kind"] }>;

const stepName = { site, step: whole.nonnegative() };
const seed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** All inputs of a run. */
export const caseSchema = z.strictObject({
  scenario: z.string().min(1),
  drawSeed: seed,
  workload: z.json(),
  faults: z.array(faultSchema),
  preemptions: z.array(z.strictObject({ ...stepName, until: z.strictObject(stepName) })),
  delays: z.array(z.strictObject({ ...stepName, extraUs: whole.nonnegative() })),
});

export const reproSchema = z.strictObject({
  stormlane: z.string(),
  format: z.literal(1),
  case: caseSchema,
  expected: z.strictObject({ signature: z.string().min(1), invariant: z.string(), message: z.string() }),
  foundBy: z.strictObject({ seed, strategy: z.string() }),
  mutant: z.string().optional(),
  epic: z.json().optional(),
  budgets: budgetsSchema.optional(),
});
