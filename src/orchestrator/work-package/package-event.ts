import { canonicalJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import { isPlainPath } from "../workspace/path-rules.ts";
import { isArtifactKind, laneOfStage, type ArtifactKind, type Stage } from "./stages.ts";

/** One thing that happened to a work package: written once, never changed. All that a package is follows from these. */
export type PackageEvent = PackageDeed & EventHead;

export type PackageDeed =
  | { readonly type: "opened"; readonly reference: string; readonly title: string; readonly workspace: string }
  /** A file of the workspace belongs to the package from now on. */
  | { readonly type: "artifact"; readonly kind: ArtifactKind; readonly path: string }
  | {
      readonly type: "approval";
      readonly kind: ArtifactKind;
      /** What was approved, in code-unit order of the paths. */
      readonly contents: readonly ArtifactContent[];
      /** Digest of what upstream was approved at the time; empty when there is nothing upstream. */
      readonly basis: string;
    }
  | { readonly type: "advance"; readonly from: Stage; readonly to: Stage }
  /** Withdraws the approvals that were asked for from `to` on. */
  | { readonly type: "rollback"; readonly from: Stage; readonly to: Stage }
  /** A transition that was asked for and did not take place. */
  | { readonly type: "refusal"; readonly from: Stage; readonly to: Stage; readonly causes: readonly string[] };

export interface EventHead {
  /** From 1. A number whose write was not answered with success is not used again, so that there may be gaps. */
  readonly sequence: number;
  /** Since the Unix epoch; never before that of the event before, whatever the clock says. */
  readonly atMs: number;
  readonly who: string;
  readonly reason: string;
  /** What brought it about, where that is told more than once: a move on the board. Empty for none. */
  readonly cause: string;
}

export interface ArtifactContent {
  /** Inside the workspace, plain. */
  readonly path: string;
  /** SHA-256. */
  readonly hash: string;
}

/** `<time>-<type>-<sequence>.json`: the order of the names is that of the events. */
export function eventFileName({ atMs, type, sequence }: Pick<PackageEvent, "atMs" | "type" | "sequence">): string {
  return `${String(Math.floor(atMs)).padStart(15, "0")}-${type}-${String(sequence).padStart(6, "0")}.json`;
}

/** @returns the sequence number that a file name claims; undefined when it is no name of an event */
export function sequenceOfFileName(name: string): number | undefined {
  const match = /^\d{15}-(?:opened|artifact|approval|advance|rollback|refusal)-(\d{6})\.json$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

const schemaVersion = 1;

export function serialiseEvent(event: PackageEvent): string {
  return `${canonicalJson({ version: schemaVersion, ...event } as unknown as JsonValue)}\n`;
}

/** undefined for anything but a whole event of this schema that stands under its own name. */
export function parseEvent(text: string, fileName: string): PackageEvent | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || value["version"] !== schemaVersion) return undefined;
  const head = headOf(value);
  const deed = deedOf(value);
  if (head === undefined || deed === undefined) return undefined;
  const event = { ...head, ...deed };
  return eventFileName(event) === fileName ? event : undefined;
}

function headOf(value: JsonObject): EventHead | undefined {
  const { sequence, atMs, who, reason, cause } = value;
  if (!isCount(sequence) || sequence < 1 || !isCount(atMs)) return undefined;
  if (typeof who !== "string" || typeof reason !== "string" || typeof cause !== "string") return undefined;
  return { sequence, atMs, who, reason, cause };
}

function deedOf(value: JsonObject): PackageDeed | undefined {
  const { type, kind, from, to } = value;
  switch (type) {
    case "opened": {
      const { reference, title, workspace } = value;
      if (typeof reference !== "string" || typeof title !== "string" || typeof workspace !== "string") return undefined;
      return { type, reference, title, workspace };
    }
    case "artifact": {
      const { path } = value;
      return isArtifactKind(kind) && typeof path === "string" && isPlainPath(path) ? { type, kind, path } : undefined;
    }
    case "approval": {
      const { basis } = value;
      const contents = contentsOf(value["contents"]);
      if (!isArtifactKind(kind) || contents === undefined || typeof basis !== "string") return undefined;
      return { type, kind, contents, basis };
    }
    case "advance":
    case "rollback":
      return isStage(from) && isStage(to) ? { type, from, to } : undefined;
    case "refusal": {
      const { causes } = value;
      if (!isStage(from) || !isStage(to) || !isJsonArray(causes)) return undefined;
      return causes.every((each) => typeof each === "string") ? { type, from, to, causes } : undefined;
    }
    default:
      return undefined;
  }
}

function contentsOf(value: JsonValue | undefined): readonly ArtifactContent[] | undefined {
  if (value === undefined || !isJsonArray(value) || value.length === 0) return undefined;
  const contents: ArtifactContent[] = [];
  for (const each of value) {
    if (!isJsonObject(each)) return undefined;
    const { path, hash } = each;
    if (typeof path !== "string" || !isPlainPath(path) || typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) {
      return undefined;
    }
    contents.push({ path, hash });
  }
  return contents;
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isStage(value: JsonValue | undefined): value is Stage {
  return typeof value === "string" && laneOfStage(value) > 0;
}
