import { assert } from "../../../src/base/assert.ts";
import { Body } from "../../../src/base/body.ts";
import type { IncomingRequest, OutgoingResponse } from "../../../src/ports/http.ts";
import { promptTokensOf } from "../complete-answer.ts";
import type { Dialect, ModelCatalogue, ParsedRequest } from "../dialect.ts";
import { bearer } from "../openai/bearer.ts";
import { unmodelled } from "../openai/parsed.ts";
import { parseContentRequest, parseCountRequest } from "./content-request.ts";
import { chunkEvent, contentEvents } from "./content-events.ts";
import { contentResponse } from "./content-response.ts";
import { informOfModels } from "./models.ts";
import { refusalBody, refusalResponse } from "./refusal.ts";
import { isOwnPath, isOtherCollection, keyOf, targetOf } from "./target.ts";

/**
 * The API of Gemini under `/v1beta`, `/v1alpha` and `/v1`: `POST models/{m}:generateContent`,
 * `:streamGenerateContent?alt=sse`, `:countTokens`, `GET models`, `GET models/{m}`. Names of members may be in camel or
 * in snake case.
 *
 * Modelled: contents and parts, images and files by their number, the system instruction, functions with their calls
 * and responses, `maxOutputTokens`, the formats of answers, thoughts, blocked prompts and answers, calls that cannot be
 * read (`MALFORMED_FUNCTION_CALL`) or that nobody asked for (`UNEXPECTED_TOOL_CALL`). Taken without effect: sampling,
 * `stopSequences`, safety settings, how functions are called, tools of the provider's own, labels, tiers: the script
 * says what the model does. Not modelled, and refused as such: caches, files, batches, tuned models, embeddings, media
 * out, several candidates, log probabilities, continuation, signatures of thoughts, streams that are a JSON array.
 */
export const gemini: Dialect = {
  name: "gemini",
  owns: isOwnPath,
  credential: (request) => keyOf(request) ?? bearer(request),
  parse,
  inform,
  answer: (completion, request) => ({
    status: 200,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: Body.ofJson(contentResponse(completion, request)),
  }),
  streamHeaders: () => ({ "content-type": "text/event-stream" }),
  streamEvents: contentEvents,
  refuse: refusalResponse,
  refuseInStream: (error) => chunkEvent({ error: refusalBody(error) }),
};

function parse(request: IncomingRequest): ParsedRequest | undefined {
  const target = targetOf(request);
  if (target === undefined) return isOtherCollection(request.path) ? unmodelled(request.path) : undefined;
  const body = request.body.json();
  switch (target.action) {
    case "generateContent":
      return parseContentRequest(target.model, body, false);
    case "streamGenerateContent":
      return target.isEventStream
        ? parseContentRequest(target.model, body, true)
        : unmodelled("streamGenerateContent without alt=sse");
    case "countTokens": {
      const counted = parseCountRequest(target.model, body);
      return counted.kind === "ok" ? undefined : counted;
    }
    default:
      return unmodelled(target.action);
  }
}

function inform(request: IncomingRequest, catalogue: ModelCatalogue): OutgoingResponse | undefined {
  const target = targetOf(request);
  if (target === undefined) return request.method === "GET" ? informOfModels(request.path, catalogue) : undefined;
  const counted = parseCountRequest(target.model, request.body.json());
  assert(counted.kind === "ok", "gemini: what cannot be counted was refused before");
  const { model } = target;
  if (!catalogue.has(model)) return refusalResponse({ kind: "modelNotFound", model });
  const totalTokens = promptTokensOf(counted.request);
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: Body.ofJson({ totalTokens, promptTokensDetails: [{ modality: "TEXT", tokenCount: totalTokens }] }),
  };
}
