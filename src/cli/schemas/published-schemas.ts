import { z } from "zod";
import type { JsonObject } from "../../base/json.ts";
import { historyLineSchema } from "../../bench/run-history.ts";
import { spanLineSchema } from "../profile/read-spans.ts";
import { liveReproSchema } from "../live-processes/live-repro.ts";
import { reproSchema } from "../repro-file.ts";
import { benchSchema } from "./bench-schema.ts";
import { campaignDocumentSchema } from "./campaign-page.ts";
import { conformanceDiffSchema, conformanceSchema, doctorSchema, profileSchema } from "./check-schemas.ts";
import { ctrfSchema, evidenceSchema, shardSchema } from "./file-schemas.ts";
import { fidelitySchema } from "./fidelity-schema.ts";
import { importSchema } from "./import-schema.ts";
import { journalLineSchema } from "./journal-schema.ts";
import { liveReplaySchema, liveSchema } from "./live-schema.ts";
import { limitsLevelSchema, limitsListSchema, limitsSchema } from "./limits-schema.ts";
import { mutantsSchema } from "./mutants-schema.ts";
import { replaySchema, shrinkSchema } from "./replay-schema.ts";
import { reviewSchema } from "./review-schema.ts";
import { campaignSchema, exhaustiveSchema, mergeSchema, runSchema } from "./run-schema.ts";
import { suggestedBudgetsSchema } from "./suggested-budgets-schema.ts";
import { fakesServeSchema, workerSchema, workPackageSchema } from "./service-schemas.ts";

/** A document or file that programs of others may read. */
export interface PublishedSchema {
  readonly name: string;
  /** Of the document: raised when a member is renamed, removed, or means something else. */
  readonly version: number;
  readonly title: string;
  readonly schema: z.ZodType;
}

/** Sorted by name. */
export const publishedSchemas: readonly PublishedSchema[] = [
  { name: "bench", version: 1, title: "stormlane bench --json", schema: benchSchema },
  { name: "bench-history-line", version: 1, title: "a line of a file of bench --append", schema: historyLineSchema },
  { name: "campaign", version: 1, title: "stormlane campaign --json", schema: campaignSchema },
  { name: "campaign-page", version: 1, title: "stormlane ui --json", schema: campaignDocumentSchema },
  { name: "conformance", version: 1, title: "stormlane conformance kanboard --json", schema: conformanceSchema },
  { name: "conformance-diff", version: 1, title: "stormlane conformance diff --json", schema: conformanceDiffSchema },
  { name: "ctrf", version: 1, title: "stormlane run --reporter ctrf", schema: ctrfSchema },
  { name: "doctor", version: 1, title: "stormlane doctor --json", schema: doctorSchema },
  { name: "evidence", version: 1, title: "evidence of the project's own proofs", schema: evidenceSchema },
  { name: "exhaustive", version: 1, title: "stormlane run --strategy exhaustive --json", schema: exhaustiveSchema },
  { name: "fakes-serve", version: 1, title: "stormlane fakes serve --json", schema: fakesServeSchema },
  { name: "fidelity", version: 1, title: "stormlane fidelity --json", schema: fidelitySchema },
  { name: "import", version: 1, title: "stormlane import --json", schema: importSchema },
  { name: "journal-line", version: 1, title: "a line of a journal", schema: journalLineSchema },
  { name: "limits", version: 1, title: "stormlane limits --json", schema: limitsSchema },
  { name: "limits-level", version: 1, title: "stormlane limits --level N --json", schema: limitsLevelSchema },
  { name: "limits-list", version: 1, title: "stormlane limits --list --json", schema: limitsListSchema },
  { name: "live", version: 2, title: "stormlane live --json", schema: liveSchema },
  { name: "live-replay", version: 1, title: "stormlane live --replay --json", schema: liveReplaySchema },
  { name: "live-repro", version: 2, title: "a repro file of real processes", schema: liveReproSchema },
  { name: "merge", version: 1, title: "stormlane merge --json", schema: mergeSchema },
  { name: "mutants", version: 1, title: "stormlane mutants --json", schema: mutantsSchema },
  { name: "profile", version: 2, title: "stormlane profile --json", schema: profileSchema },
  { name: "replay", version: 1, title: "stormlane replay --json", schema: replaySchema },
  { name: "repro", version: 1, title: "a repro file", schema: reproSchema },
  { name: "review", version: 1, title: "stormlane review --json", schema: reviewSchema },
  { name: "run", version: 1, title: "stormlane run --json", schema: runSchema },
  { name: "shard", version: 1, title: "what stormlane campaign --blob writes", schema: shardSchema },
  { name: "shrink", version: 1, title: "stormlane shrink --json", schema: shrinkSchema },
  { name: "span-line", version: 1, title: "a line of a file of spans", schema: spanLineSchema },
  {
    name: "suggested-budgets",
    version: 1,
    title: "stormlane limits --suggest --json",
    schema: suggestedBudgetsSchema,
  },
  { name: "work-package", version: 1, title: "stormlane work-package … --json", schema: workPackageSchema },
  { name: "worker", version: 1, title: "stormlane worker --json", schema: workerSchema },
];

/** As `run-v1.schema.json`. */
export function schemaFileName({ name, version }: PublishedSchema): string {
  return `${name}-v${version}.schema.json`;
}

/**
 * As JSON Schema, draft 2020-12. Members that it does not name are allowed, so that who checks with it does not break
 * when one is added; only what Stormlane reads itself, as a repro file, is closed.
 *
 * @param isClosed refuse members that it does not name, everywhere
 */
export function jsonSchemaOf({ name, version, title, schema }: PublishedSchema, isClosed = false): JsonObject {
  const { $schema, ...rest } = plain(z.toJSONSchema(schema, { io: isClosed ? "output" : "input" }));
  return { $schema, $id: `urn:stormlane:schema:${name}:${version}`, title, ...rest };
}

/** As it is written. */
export function schemaText(published: PublishedSchema): string {
  return `${JSON.stringify(jsonSchemaOf(published), undefined, 2)}\n`;
}

function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
