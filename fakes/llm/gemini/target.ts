import type { IncomingRequest } from "../../../src/ports/http.ts";
import { unescaped } from "../openai/path.ts";

/** What is asked of which model: `POST /v1beta/models/{model}:{action}`. */
export interface Target {
  readonly model: string;
  readonly action: string;
  /** Whether a stream is to consist of server-sent events. */
  readonly isEventStream: boolean;
}

export function targetOf({ method, path }: IncomingRequest): Target | undefined {
  if (method !== "POST") return undefined;
  const [bare, query = ""] = path.split("?", 2);
  const [, model, action] = ACTION.exec(unescaped(bare!)) ?? [];
  if (model === undefined || action === undefined) return undefined;
  return { model, action, isEventStream: new URLSearchParams(query).get("alt") === "sse" };
}

const ACTION = /^\/(?:v1|v1alpha|v1beta)\/models\/(.+):(\w+)$/;
const VERSION_OF_ITS_OWN = /^\/(?:v1alpha|v1beta)\//;

/** Other providers have `/v1` too, and lists of models there: the key tells them apart. */
export function isOwnPath(request: IncomingRequest): boolean {
  const { path } = request;
  if (VERSION_OF_ITS_OWN.test(path) || targetOf(request) !== undefined) return true;
  return path.startsWith("/v1/") && keyOf(request) !== undefined;
}

/** In a header, else in the query. */
export function keyOf({ headers, path }: IncomingRequest): string | undefined {
  const query = path.indexOf("?");
  const inQuery = query === -1 ? null : new URLSearchParams(path.slice(query)).get("key");
  return headers["x-goog-api-key"] ?? inQuery ?? undefined;
}

export function isOtherCollection(path: string): boolean {
  return OTHER_COLLECTION.test(path);
}

const OTHER_COLLECTION =
  /^\/(?:v1|v1alpha|v1beta)\/(?:batches|cachedContents|corpora|files|fileSearchStores|generatedFiles|interactions|operations|tunedModels|dynamic|auth_tokens)\b/;
