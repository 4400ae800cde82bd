import { unreachable } from "../../../src/base/assert.ts";
import { Body } from "../../../src/base/body.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { OutgoingResponse } from "../../../src/ports/http.ts";
import { promptTokensOf } from "../complete-answer.ts";
import type { ModelRequest } from "../completion.ts";
import type { ErrorIdentity } from "../dialect.ts";
import type { ProviderError, RetryHints } from "../provider-error.ts";
import { chunkEvent } from "./content-events.ts";
import { identity as identityOf, promptUsage } from "./content-response.ts";

/** A prompt that is not allowed is answered, without a candidate. */
export function refusalResponse(
  error: ProviderError,
  identity?: ErrorIdentity,
  request?: ModelRequest,
): OutgoingResponse {
  if (error.kind === "promptFiltered" && identity !== undefined && request !== undefined) {
    return blockedPrompt(identity, request);
  }
  const body = refusalBody(error);
  return {
    status: body.code,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: Body.ofJson({ error: body }),
  };
}

function blockedPrompt({ id }: ErrorIdentity, request: ModelRequest): OutgoingResponse {
  const response: JsonObject = {
    promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
    ...identityOf({ id, model: request.model }),
    usageMetadata: promptUsage(promptTokensOf(request)),
  };
  return request.stream
    ? { status: 200, headers: { "content-type": "text/event-stream" }, body: Body.ofText(chunkEvent(response)) }
    : { status: 200, headers: { "content-type": "application/json; charset=UTF-8" }, body: Body.ofJson(response) };
}

export type RefusalBody = JsonObject & {
  /** The status of the response too. */
  readonly code: number;
  readonly message: string;
  readonly status: string;
};

/** What stands under `error`, in the words of Gemini. */
export function refusalBody(error: ProviderError): RefusalBody {
  switch (error.kind) {
    case "badRequest":
      return refusal(400, "INVALID_ARGUMENT", error.message);
    case "invalidKey":
      return refusal(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "API_KEY_INVALID",
        domain: "googleapis.com",
        metadata: { service: "generativelanguage.googleapis.com" },
      });
    case "permissionDenied":
      return refusal(403, "PERMISSION_DENIED", "The caller does not have permission");
    case "modelNotFound":
      return refusal(
        404,
        "NOT_FOUND",
        `models/${error.model} is not found for API version v1beta, or is not supported for generateContent. ` +
          "Call ListModels to see the list of available models and their supported methods.",
      );
    case "notFound":
      return refusal(404, "NOT_FOUND", "Requested entity was not found.");
    case "contextLengthExceeded":
      return refusal(
        400,
        "INVALID_ARGUMENT",
        `The input token count (${error.tokens}) exceeds the maximum number of tokens allowed (${error.tokensMax}).`,
      );
    case "requestTooLarge":
      return refusal(400, "INVALID_ARGUMENT", `Request payload size exceeds the limit: ${error.sizeBytesMax} bytes.`);
    case "promptFiltered":
      return refusal(400, "INVALID_ARGUMENT", "The prompt is not allowed.");
    case "rateLimited":
      return refusal(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).", ...retryInfo(error));
    case "quotaExceeded":
      return refusal(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
        ...retryInfo(error),
      );
    case "serverError":
      return refusal(500, "INTERNAL", "An internal error has occurred.");
    case "unavailable":
      return refusal(503, "UNAVAILABLE", "The service is currently unavailable.");
    case "overloaded":
      return refusal(503, "UNAVAILABLE", "The model is overloaded. Please try again later.");
    case "timeout":
      return refusal(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.");
    default:
      return unreachable(error);
  }
}

function refusal(code: number, status: string, message: string, ...details: readonly JsonObject[]): RefusalBody {
  return { code, message, status, ...(details.length === 0 ? {} : { details }) };
}

/** When to come back, as clients of Google read it: not in headers. */
function retryInfo({ retryAfterMs, retryAfterSeconds }: RetryHints): readonly JsonObject[] {
  const seconds = retryAfterMs === undefined ? retryAfterSeconds : retryAfterMs / 1000;
  if (seconds === undefined) return [];
  return [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${seconds}s` }];
}
