import { describe, expect, it, test } from "vitest";
import { openAiChat } from "../../../../fakes/llm/openai/chat.ts";
import { Body } from "../../../../src/base/body.ts";
import type { JsonObject, JsonValue } from "../../../../src/base/json.ts";
import type { IncomingRequest } from "../../../../src/ports/http.ts";
import { completionOf, plainRequest } from "../completions.ts";
import { itObeysTheLawsOfDialects, refusals } from "../dialect-laws.ts";
import { readStream, readWhole } from "./chat-client.ts";
import { dataOf } from "./sse-client.ts";

describe("the chat completions API", () => {
  itObeysTheLawsOfDialects(openAiChat, { ofStream: readStream, ofWhole: readWhole, showsReasoning: false });

  it("streams who speaks, what is said, why it ends, the usage, and the end", () => {
    const completion = completionOf({ content: "Hello, world", deltaChars: 5 });
    const events = openAiChat.streamEvents(completion, plainRequest);
    expect(events.map(({ kind }) => kind)).toEqual(["frame", "delta", "delta", "delta", "terminal", "frame", "frame"]);
    const common = {
      id: "chatcmpl-c0",
      object: "chat.completion.chunk",
      created: 1_700_000_000,
      model: "gpt",
      service_tier: "default",
      system_fingerprint: null,
      usage: null,
    };
    const chunk = (delta: JsonObject, finish: string | null = null): JsonObject => ({
      ...common,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    });
    expect(dataOf(events.map(({ text }) => text))).toEqual([
      chunk({ role: "assistant", content: "", refusal: null }),
      chunk({ content: "Hello" }),
      chunk({ content: ", wor" }),
      chunk({ content: "ld" }),
      chunk({}, "stop"),
      {
        ...common,
        choices: [],
        usage: {
          prompt_tokens: 2,
          completion_tokens: 3,
          total_tokens: 5,
          prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
          completion_tokens_details: {
            reasoning_tokens: 0,
            audio_tokens: 0,
            accepted_prediction_tokens: 0,
            rejected_prediction_tokens: 0,
          },
        },
      },
    ]);
    expect(events.at(-1)!.text).toBe("data: [DONE]\n\n");
  });

  it("streams each tool call by its place: opened with its name, then the arguments", () => {
    const completion = completionOf({
      toolCalls: [
        { name: "read", arguments: { path: "a" } },
        { name: "write", arguments: {} },
      ],
      deltaChars: 8,
    });
    const deltas = dataOf(openAiChat.streamEvents(completion, plainRequest).map(({ text }) => text))
      .flatMap((chunk) => chunk["choices"] as readonly JsonObject[])
      .map((choice) => [choice["delta"], choice["finish_reason"]]);
    expect(deltas).toEqual([
      [{ role: "assistant", content: null, refusal: null }, null],
      [
        { tool_calls: [{ index: 0, id: "call_c00", type: "function", function: { name: "read", arguments: "" } }] },
        null,
      ],
      [{ tool_calls: [{ index: 0, function: { arguments: '{"path":' } }] }, null],
      [{ tool_calls: [{ index: 0, function: { arguments: '"a"}' } }] }, null],
      [
        { tool_calls: [{ index: 1, id: "call_c01", type: "function", function: { name: "write", arguments: "" } }] },
        null,
      ],
      [{ tool_calls: [{ index: 1, function: { arguments: "{}" } }] }, null],
      [{}, "tool_calls"],
    ]);
  });

  it("reports usage in a stream only if it was asked for", () => {
    const events = openAiChat.streamEvents(completionOf({ content: "x" }), { ...plainRequest, streamUsage: false });
    expect(events.map(({ text }) => text).join("")).not.toContain("usage");
  });

  it("says that a model declined in the message, and stops as usual", () => {
    const { body } = openAiChat.answer(completionOf({ content: "ignored", refusal: "No." }), plainRequest);
    expect(body!.json()).toMatchObject({
      choices: [{ message: { content: null, refusal: "No." }, finish_reason: "stop" }],
    });
  });

  it("has the statuses and codes of OpenAI", () => {
    const answered = refusals.map((error) => {
      const { status, body } = openAiChat.refuse(error, { id: "e0" });
      const { type, code } = (body!.json() as JsonObject)["error"] as JsonObject;
      return [error.kind, status, type, code];
    });
    expect(answered).toEqual([
      ["badRequest", 400, "invalid_request_error", null],
      ["invalidKey", 401, "invalid_request_error", "invalid_api_key"],
      ["permissionDenied", 403, "invalid_request_error", "permission_denied"],
      ["modelNotFound", 404, "invalid_request_error", "model_not_found"],
      ["notFound", 404, "invalid_request_error", null],
      ["contextLengthExceeded", 400, "invalid_request_error", "context_length_exceeded"],
      ["requestTooLarge", 413, "invalid_request_error", "request_too_large"],
      ["promptFiltered", 400, "invalid_request_error", "content_policy_violation"],
      ["rateLimited", 429, "requests", "rate_limit_exceeded"],
      ["quotaExceeded", 429, "insufficient_quota", "insufficient_quota"],
      ["serverError", 500, "server_error", null],
      ["unavailable", 503, "server_error", null],
      ["timeout", 504, "server_error", null],
      ["overloaded", 503, "server_error", null],
    ]);
  });

  it("says how many requests are left, and when all are there again", () => {
    const headers = openAiChat.rateLimitHeaders!({ requestsMax: 60, requestsRemaining: 58, resetMs: 61_500, nowMs: 0 });
    expect(headers).toEqual({
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "58",
      "x-ratelimit-reset-requests": "1m1.5s",
    });
  });
});

describe("a chat completion request", () => {
  const tools = [{ type: "function", function: { name: "read", parameters: { type: "object" } } }];
  const call = { id: "call_1", type: "function", function: { name: "read", arguments: "{}" } };
  const conversation = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Look:" },
        { type: "image_url", image_url: { url: "data:" } },
      ],
    },
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: "call_1", content: "It is there." },
  ];

  it("is read with its texts, attachments, tools and their results", () => {
    expect(parse({ messages: conversation, tools, stream: true, max_completion_tokens: 9 })).toEqual({
      kind: "ok",
      request: {
        model: "gpt",
        prompt: "Be brief.\nLook:\n\nIt is there.",
        attachments: 1,
        maxTokens: 9,
        format: "text",
        tools: [{ name: "read", parameters: { type: "object" } }],
        toolResults: [{ callId: "call_1", content: "It is there." }],
        stream: true,
        streamUsage: false,
      },
    });
  });

  it("takes what clients send beside it, without effect", () => {
    const more = { store: true, metadata: { a: "b" }, seed: 1, stop: ["x"], temperature: 0, user: "u", n: 1 };
    expect(parse({ ...more, logprobs: false, service_tier: "auto" }).kind).toBe("ok");
  });

  test.each<[JsonObject, JsonValue]>([
    [{ response_format: { type: "text" } }, "text"],
    [{ response_format: { type: "json_object" }, messages: [{ role: "user", content: "as Json" }] }, "json"],
    [
      { response_format: { type: "json_schema", json_schema: { name: "plan", schema: { type: "object" } } } },
      { name: "plan", schema: { type: "object" } },
    ],
  ])("may ask for a format: %j", (members, format) => {
    expect(parse(members)).toMatchObject({ kind: "ok", request: { format } });
  });

  test.each<[JsonObject, string | undefined]>([
    [{ model: "" }, "model"],
    [{ messages: [] }, "messages"],
    [{ messages: ["x"] }, "messages[0]"],
    [{ max_tokens: 0 }, "max_tokens"],
    [{ max_completion_tokens: 1.5 }, "max_completion_tokens"],
    [{ max_tokens: 1, max_completion_tokens: 1 }, "max_tokens"],
    [{ tool_choice: "auto" }, "tool_choice"],
    [{ parallel_tool_calls: true }, "parallel_tool_calls"],
    [{ stream_options: { include_usage: true } }, "stream_options"],
    [{ response_format: { type: "xml" } }, "response_format"],
    [{ response_format: { type: "json_schema", json_schema: {} } }, "response_format"],
    // The word must stand in the messages, or the real model would write blanks for ever.
    [{ response_format: { type: "json_object" } }, "messages"],
    [{ messages: conversation.slice(0, 3) }, "messages"],
    [{ messages: [...conversation.slice(0, 3), { role: "user", content: "Well?" }] }, "messages[3]"],
    [{ messages: conversation.slice(3) }, "messages[0].role"],
    [{ messages: [...conversation, conversation[3]!] }, "messages[4].role"],
  ])("is refused: %j", (members, param) => {
    expect(parse(members)).toMatchObject({ kind: "bad", error: { kind: "badRequest", param } });
  });

  test.each<[JsonObject]>([
    [{ n: 2 }],
    [{ logprobs: true }],
    [{ functions: [] }],
    [{ function_call: "auto" }],
    [{ modalities: ["text", "audio"] }],
    [{ prediction: { type: "content", content: "x" } }],
    [{ web_search_options: {} }],
    [{ tools: [{ type: "custom", custom: { name: "x" } }] }],
    [{ messages: [{ role: "function", name: "f", content: "x" }] }],
    [{ messages: [{ role: "user", content: [{ type: "hologram" }] }] }],
  ])("is not modelled: %j", (members) => {
    expect(parse(members).kind).toBe("unmodelled");
  });

  it("is any body that is no JSON object: refused", () => {
    const requestOf = (text: string): IncomingRequest => ({ ...post, body: Body.ofText(text) });
    for (const text of ["", "{", "[]", "7"]) expect(openAiChat.parse(requestOf(text))!.kind).toBe("bad");
  });
});

const post: IncomingRequest = { method: "POST", path: "/v1/chat/completions", headers: {}, body: Body.empty };

function parse(members: JsonObject): NonNullable<ReturnType<typeof openAiChat.parse>> {
  const body = { model: "gpt", messages: [{ role: "user", content: "Hi." }], ...members };
  return openAiChat.parse({ ...post, path: `${post.path}?x=1`, body: Body.ofJson(body) })!;
}
