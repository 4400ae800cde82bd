import { z } from "zod";
import { sha256 } from "../base/digest.ts";
import { canonicalJson, type JsonObject, type JsonValue } from "../base/json.ts";
import type { Case } from "../sim/case.ts";
import type { ScenarioResult } from "./explore-scenario.ts";
import type { Failure } from "./failure.ts";
import type { RecordedShrinking } from "./ledger/ledger.ts";
import type { Shard } from "./seed-range.ts";
import type { Tally } from "./tally.ts";

/** What one shard of a campaign came to, for whoever puts the shards together. */
export interface ShardBlob {
  /** The version of this package that wrote it. */
  readonly stormlane: string;
  readonly campaign: BlobCampaign;
  readonly shard: Shard;
  readonly scenarios: readonly BlobScenario[];
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly interrupted: boolean;
}

/** What must be the same in all shards of a campaign. */
export interface BlobCampaign {
  readonly code: string;
  readonly strategy: string;
  readonly mutant: string | null;
  readonly epic: JsonValue;
  /** Absent where there were none. */
  readonly budgets?: JsonObject;
  /** By scenario: how many seeds all shards run together; null where time decides. */
  readonly seeds: Readonly<Record<string, number | null>>;
  readonly firstSeed: number;
  readonly doubleRunsPpm: number;
  readonly failuresMax: number;
}

export interface BlobScenario {
  readonly name: string;
  readonly tally: Tally;
  readonly end: ScenarioResult["end"];
  readonly wallMs: number;
  readonly failures: readonly BlobFailure[];
  /** By column, in order of seeds. */
  readonly timelines: {
    readonly seeds: readonly number[];
    readonly timelines: readonly string[];
    readonly strategies: readonly string[];
  };
}

export interface BlobFailure {
  readonly failure: Failure;
  readonly runs: number;
  readonly case: Case | null;
  readonly shrunk: RecordedShrinking | null;
}

export type BlobReading =
  | { readonly kind: "blob"; readonly blob: ShardBlob }
  | { readonly kind: "unreadable"; readonly why: string; readonly fix: string };

/** The text of a blob file: its checksum covers all of the body. */
export function blobText(blob: ShardBlob): string {
  const body = JSON.parse(JSON.stringify(blob)) as JsonObject;
  return `${JSON.stringify({ format, version, sha256: sha256(canonicalJson(body)), body })}\n`;
}

/** Everything about the value may be wrong: it was written elsewhere, and carried. */
export function readBlob(value: JsonValue): BlobReading {
  const head = headSchema.safeParse(value);
  if (!head.success) {
    return { kind: "unreadable", why: "is no shard of a campaign", fix: "name one that `campaign --blob` wrote" };
  }
  if (head.data.version !== version) {
    return {
      kind: "unreadable",
      why: `has version ${head.data.version}, this stormlane reads version ${version}`,
      fix: "merge with the stormlane that ran the shards",
    };
  }
  if (sha256(canonicalJson(head.data.body)) !== head.data.sha256) {
    return {
      kind: "unreadable",
      why: "is damaged: its checksum does not fit",
      fix: "fetch the file again, or run its shard again: its ledger has what was done",
    };
  }
  // The checksum says that it is what this version wrote.
  return { kind: "blob", blob: head.data.body as unknown as ShardBlob };
}

const format = "stormlane shard";
const version = 1;

const headSchema = z.strictObject({
  format: z.literal(format),
  version: z.number(),
  sha256: z.string(),
  body: z.record(z.string(), z.json()),
});
