import { assert } from "../../../src/base/assert.ts";
import { Body } from "../../../src/base/body.ts";
import type { IncomingRequest, OutgoingResponse } from "../../../src/ports/http.ts";
import type { Dialect, ModelCatalogue, ParsedRequest } from "../dialect.ts";
import { bearer } from "../openai/bearer.ts";
import { unmodelled } from "../openai/parsed.ts";
import { loadedAnswer, wholeAnswer } from "./answer-object.ts";
import { answerLines } from "./answer-lines.ts";
import { informOfModels } from "./models.ts";
import { parseChatRequest, parseGenerateRequest } from "./model-request.ts";
import type { Asked } from "./model-request.ts";
import { refusalOf, refusalResponse } from "./refusal.ts";

/**
 * The API of Ollama: `POST /api/chat`, `POST /api/generate`, `POST /api/show`, `GET /api/tags`, `/api/ps`,
 * `/api/version`, and the words at `/`. Every model is loaded all the time.
 *
 * Modelled: messages, images by their number, tools and their results, `format`, `think`, `options.num_predict`, lines
 * unless `stream` is false, counts and durations, requests that only load a model. A tool call that cannot be read
 * fails the answer, unless the limit cut it off: then nobody sees it. Taken without effect: the other options,
 * `template`, `raw`, `keep_alive`. Not modelled, and refused as such: embeddings, managing models, `suffix`, `context`,
 * log probabilities, images out, the search of the cloud. Prompts that are too long are refused, not cut.
 */
export const ollama: Dialect = {
  name: "ollama",
  owns: ({ path, method }) =>
    path === "/" ? method === "GET" || method === "HEAD" : path.startsWith("/api/") && !path.startsWith("/api/v1/"),
  credential: bearer,
  parse,
  inform,
  answer: wholeAnswer,
  streamHeaders: () => ({ "content-type": "application/x-ndjson" }),
  streamEvents: answerLines,
  refuse: refusalResponse,
  refuseInStream: (error) => `${JSON.stringify({ error: refusalOf(error).message })}\n`,
};

/** Needs neither a model nor a body to be known. */
const OTHER_PATHS =
  /^\/api\/(?:embed|embeddings|pull|push|create|copy|delete|blobs\/.*|me|signout|web_search|web_fetch)$/;

function parse(request: IncomingRequest): ParsedRequest | undefined {
  const asked = read(request);
  if (asked !== undefined) return asked.kind === "load" ? undefined : asked;
  const path = barePath(request);
  return OTHER_PATHS.test(path) ? unmodelled(path) : undefined;
}

function inform(request: IncomingRequest, catalogue: ModelCatalogue): OutgoingResponse | undefined {
  const asked = read(request);
  if (asked === undefined) return informOfModels(request.method, barePath(request), request.body, catalogue);
  assert(asked.kind === "load", "ollama: only requests without a prompt come here");
  const { model } = asked;
  if (!catalogue.has(model)) return refusalResponse({ kind: "modelNotFound", model });
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: Body.ofJson(loadedAnswer(asked)),
  };
}

/** @returns undefined when the request is for no answer of a model */
function read(request: IncomingRequest): Asked | undefined {
  if (request.method !== "POST") return undefined;
  switch (barePath(request)) {
    case "/api/chat":
      return parseChatRequest(request.body);
    case "/api/generate":
      return parseGenerateRequest(request.body);
    default:
      return undefined;
  }
}

function barePath({ path }: IncomingRequest): string {
  return path.split("?", 1)[0]!;
}
