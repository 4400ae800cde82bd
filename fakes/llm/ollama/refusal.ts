import { unreachable } from "../../../src/base/assert.ts";
import { Body } from "../../../src/base/body.ts";
import type { OutgoingResponse } from "../../../src/ports/http.ts";
import type { ProviderError } from "../provider-error.ts";

/** An error is a plain string. */
export function refusalResponse(error: ProviderError): OutgoingResponse {
  const { status, message } = refusalOf(error);
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: Body.ofJson({ error: message }),
  };
}

/** In the words of Ollama, or of its cloud where the server itself has none. */
export function refusalOf(error: ProviderError): { readonly status: number; readonly message: string } {
  switch (error.kind) {
    case "badRequest":
      return { status: 400, message: error.message };
    case "invalidKey":
      return { status: 401, message: "unauthorized" };
    case "permissionDenied":
      return { status: 403, message: "forbidden" };
    case "modelNotFound":
      return { status: 404, message: `model '${error.model}' not found` };
    case "notFound":
      return { status: 404, message: `path "${error.path}" not found` };
    case "contextLengthExceeded":
      return { status: 400, message: "the input length exceeds the context length" };
    case "requestTooLarge":
      return { status: 413, message: "http: request body too large" };
    case "promptFiltered":
      return { status: 400, message: "the prompt is not allowed" };
    case "rateLimited":
      return { status: 429, message: "too many concurrent requests" };
    case "quotaExceeded":
      return { status: 429, message: "you have reached your usage limit, please upgrade to continue" };
    case "serverError":
      return {
        status: 500,
        message:
          "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, " +
          "check ollama server logs for details",
      };
    case "unavailable":
    case "overloaded":
      // The two spaces are its own.
      return { status: 503, message: "server busy, please try again.  maximum pending requests exceeded" };
    case "timeout":
      return { status: 504, message: "timed out waiting for the model to answer" };
    default:
      return unreachable(error);
  }
}
