import { describe, expect, it } from "vitest";
import { openRouter } from "../../../../fakes/llm/openrouter/openrouter.ts";
import { Body } from "../../../../src/base/body.ts";
import type { JsonArray, JsonObject, JsonValue } from "../../../../src/base/json.ts";
import { completionOf, plainRequest } from "../completions.ts";
import { itObeysTheLawsOfDialects, refusals } from "../dialect-laws.ts";
import { readStream, readWhole } from "../openai/chat-client.ts";
import { dataOf } from "../openai/sse-client.ts";

describe("OpenRouter", () => {
  itObeysTheLawsOfDialects(openRouter, {
    ofStream: (events) => withoutDetails(readStream(events)),
    ofWhole: (body) => withoutDetails(readWhole(body)),
    showsReasoning: true,
  });

  it("streams a comment, the reasoning, the answer, both reasons to finish, and the usage with its cost", () => {
    const completion = completionOf({ reasoning: "So.", content: "Hello" });
    const events = openRouter.streamEvents(completion, { ...plainRequest, streamUsage: false });
    expect(events[0]!.text).toBe(": OPENROUTER PROCESSING\n\n");
    expect(events.at(-1)!.text).toBe("data: [DONE]\n\n");
    const chunks = dataOf(events.map(({ text }) => text));
    const details = [{ type: "reasoning.text", text: "So.", format: "unknown", index: 0 }];
    expect(chunks.map((chunk) => (chunk["choices"] as JsonArray)[0])).toMatchObject([
      { delta: { reasoning: "So.", reasoning_details: details }, finish_reason: null },
      { delta: { role: "assistant", content: "" }, finish_reason: null },
      { delta: { content: "Hello" }, finish_reason: null },
      { delta: {}, finish_reason: "stop", native_finish_reason: "stop" },
      undefined as unknown as JsonObject,
    ]);
    expect(chunks.at(-1)!["usage"]).toMatchObject({ prompt_tokens: 2, completion_tokens: 2, cost: 0.000004 });
  });

  it("names the provider that answered", () => {
    const { body } = openRouter.answer(completionOf({ content: "x" }), plainRequest);
    expect(body!.json()).toMatchObject({ id: "gen-1700000000-c0", provider: "Stormlane" });
  });

  it("refuses with a number as code, statuses of its own, and what kind of error it is", () => {
    const answered = refusals.map((error) => {
      const { status, body } = openRouter.refuse(error, { id: "e0" });
      const { code, metadata } = (body!.json() as JsonObject)["error"] as JsonObject;
      expect(code).toBe(status);
      return [error.kind, status, (metadata as JsonObject)["error_type"]];
    });
    expect(answered).toEqual([
      ["badRequest", 400, "invalid_request"],
      ["invalidKey", 401, "authentication"],
      ["permissionDenied", 403, "permission_denied"],
      ["modelNotFound", 400, "not_found"],
      ["notFound", 404, "not_found"],
      ["contextLengthExceeded", 400, "context_length_exceeded"],
      ["requestTooLarge", 413, "payload_too_large"],
      ["promptFiltered", 403, "content_policy_violation"],
      ["rateLimited", 429, "rate_limit_exceeded"],
      ["quotaExceeded", 402, "payment_required"],
      ["serverError", 500, "server"],
      ["unavailable", 503, "provider_unavailable"],
      ["timeout", 504, "timeout"],
      ["overloaded", 529, "provider_overloaded"],
    ]);
  });

  it("ends a stream that fails with an error beside a finish reason", () => {
    const begun = { completion: completionOf({ content: "x" }), request: plainRequest, eventsBefore: 2 };
    const [chunk] = dataOf([openRouter.refuseInStream({ kind: "overloaded" }, { id: "e0" }, begun)]);
    expect(chunk).toMatchObject({
      id: "gen-1700000000-c0",
      error: { code: 529, message: "Provider returned error", metadata: { provider_name: "Stormlane" } },
      choices: [{ finish_reason: "error" }],
    });
  });

  it("lists its models at a path of its own", () => {
    const request = { method: "GET", path: "/api/v1/models", headers: {}, body: Body.empty };
    const { body } = openRouter.inform(request, { models: ["a/b"], has: () => true })!;
    expect(body!.json()).toMatchObject({ data: [{ id: "a/b", pricing: {} }], total_count: 1 });
    expect(openRouter.inform({ ...request, path: "/api/v1/key" }, { models: [], has: () => true })).toBeUndefined();
  });
});

/** Pieces of reasoning stay apart in the details, and nothing is `null` in one body, absent or empty in a stream. */
function withoutDetails(read: JsonValue): JsonValue {
  const { message, ...rest } = read as { message: JsonObject } & JsonObject;
  const { reasoning_details: _, reasoning, content, ...said } = message;
  return { ...rest, message: { ...said, reasoning: reasoning ?? null, content: content ?? "" } };
}
