import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anthropic } from "../../../../fakes/llm/anthropic/anthropic.ts";
import type { ModelRequest } from "../../../../fakes/llm/completion.ts";
import { Body } from "../../../../src/base/body.ts";
import type { JsonObject, JsonValue } from "../../../../src/base/json.ts";
import type { IncomingRequest, OutgoingResponse } from "../../../../src/ports/http.ts";
import { completionOf, completions, plainRequest } from "../completions.ts";
import { itObeysTheLawsOfDialects, refusals } from "../dialect-laws.ts";
import { dataOf } from "../openai/sse-client.ts";
import { readStream, readWhole } from "./message-client.ts";

const thinkingRequest: ModelRequest = { ...plainRequest, echo: { thinking: "shown" } };
const usage = {
  input_tokens: 2,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  server_tool_use: null,
  service_tier: "standard",
  inference_geo: null,
  speed: "standard",
};

describe("the messages API", () => {
  itObeysTheLawsOfDialects(anthropic, { ofStream: readStream, ofWhole: readWhole, showsReasoning: false });

  it("says the same in a stream as in one body when the thinking is shown", () => {
    fc.assert(
      fc.property(completions, fc.constantFrom("shown", "omitted"), (completion, thinking) => {
        const request = { ...plainRequest, echo: { thinking } };
        const events = anthropic.streamEvents(completion, request).map(({ text }) => text);
        const whole = anthropic.answer(completion, request).body!.json() as JsonObject;
        expect(readStream(events)).toEqual(readWhole(whole));
      }),
    );
  });

  it("answers with a message that has every member", () => {
    const completion = completionOf(
      {
        content: "I read it.",
        reasoning: "Hm, hm.",
        toolCalls: [{ name: "read", arguments: { path: "a" } }],
        usage: { promptTokens: 12, completionTokens: 9, cachedTokens: 10, reasoningTokens: 3 },
      },
      thinkingRequest,
    );
    const { status, headers, body } = anthropic.answer(completion, thinkingRequest);
    expect({ status, headers }).toEqual({
      status: 200,
      headers: { "content-type": "application/json", "request-id": "req_c0" },
    });
    expect(body!.json()).toEqual({
      id: "msg_c0",
      type: "message",
      role: "assistant",
      model: "gpt",
      content: [
        { type: "thinking", thinking: "Hm, hm.", signature: expect.stringMatching(/^sig[0-9a-f]{16}$/) as string },
        { type: "text", text: "I read it." },
        { type: "tool_use", id: "toolu_c00", name: "read", input: { path: "a" }, caller: { type: "direct" } },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: {
        ...usage,
        input_tokens: 2,
        cache_read_input_tokens: 10,
        output_tokens: 9,
        output_tokens_details: { thinking_tokens: 3 },
      },
    });
  });

  it("streams thinking, text and calls block by block, why it ends, and the end", () => {
    const completion = completionOf(
      {
        content: "Hi you",
        reasoning: "Hm",
        toolCalls: [{ name: "read", arguments: { path: "a" } }],
        deltaChars: 4,
      },
      thinkingRequest,
    );
    const events = anthropic.streamEvents(completion, thinkingRequest);
    const signature = (anthropic.answer(completion, thinkingRequest).body!.json() as { content: JsonObject[] })
      .content[0]!["signature"]!;
    const start = (index: number, block: JsonObject): JsonObject => ({
      type: "content_block_start",
      index,
      content_block: block,
    });
    const delta = (index: number, piece: JsonObject): JsonObject => ({
      type: "content_block_delta",
      index,
      delta: piece,
    });
    const stop = (index: number): JsonObject => ({ type: "content_block_stop", index });
    expect(dataOf(events.map(({ text }) => text))).toEqual([
      {
        type: "message_start",
        message: {
          id: "msg_c0",
          type: "message",
          role: "assistant",
          model: "gpt",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          stop_details: null,
          container: null,
          diagnostics: null,
          usage: { ...usage, output_tokens: 1, output_tokens_details: null },
        },
      },
      start(0, { type: "thinking", thinking: "", signature: "" }),
      { type: "ping" },
      delta(0, { type: "thinking_delta", thinking: "Hm" }),
      delta(0, { type: "signature_delta", signature }),
      stop(0),
      start(1, { type: "text", text: "" }),
      delta(1, { type: "text_delta", text: "Hi y" }),
      delta(1, { type: "text_delta", text: "ou" }),
      stop(1),
      start(2, { type: "tool_use", id: "toolu_c00", name: "read", input: {}, caller: { type: "direct" } }),
      delta(2, { type: "input_json_delta", partial_json: "" }),
      delta(2, { type: "input_json_delta", partial_json: '{"pa' }),
      delta(2, { type: "input_json_delta", partial_json: 'th":' }),
      delta(2, { type: "input_json_delta", partial_json: '"a"}' }),
      stop(2),
      {
        type: "message_delta",
        delta: { stop_reason: "tool_use", stop_sequence: null, stop_details: null, container: null },
        usage: {
          input_tokens: 2,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
          output_tokens: 5,
          output_tokens_details: { thinking_tokens: 1 },
          server_tool_use: null,
        },
      },
      { type: "message_stop" },
    ]);
    for (const { text } of events) {
      const [first, second, ...rest] = text.split("\n");
      expect(first).toBe(`event: ${(JSON.parse(second!.slice("data: ".length)) as { type: string }).type}`);
      expect(rest).toEqual(["", ""]);
    }
    expect(events.map(({ kind }) => kind).lastIndexOf("terminal")).toBe(events.length - 2);
    expect(anthropic.streamHeaders(completion)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "request-id": "req_c0",
    });
  });

  it.each([
    [{ content: "x" }, "end_turn"],
    [{ content: "x", finish: "length" }, "max_tokens"],
    [{ content: "x", finish: "context_window" }, "model_context_window_exceeded"],
    [{ content: "", toolCalls: [{ name: "read", arguments: {} }] }, "tool_use"],
    [{ content: "", refusal: "No." }, "refusal"],
    [{ content: "", finish: "content_filter" }, "refusal"],
  ] as const)("ends %j with %s", (answer, reason) => {
    const body = anthropic.answer(completionOf(answer), plainRequest).body!.json() as JsonObject;
    expect(body["stop_reason"]).toBe(reason);
    expect(body["stop_details"]).toEqual(
      reason === "refusal" ? { type: "refusal", category: null, explanation: null } : null,
    );
  });

  it("has no blocks for an answer that says nothing, and an empty input for one that was cut off", () => {
    const contentOf = (answer: Parameters<typeof completionOf>[0]): JsonValue | undefined =>
      (anthropic.answer(completionOf(answer), plainRequest).body!.json() as JsonObject)["content"];
    expect(contentOf({ content: "" })).toEqual([]);
    const cut = { name: "read", arguments: { path: "a" }, argumentsCharsMax: 4 };
    expect(contentOf({ toolCalls: [cut] })).toMatchObject([{ type: "tool_use", input: {} }]);
  });

  it("tells of edits of the context where they were asked for", () => {
    const request = { ...plainRequest, echo: { contextManagement: true } };
    const completion = completionOf({ content: "x" }, request);
    const edits = { context_management: { applied_edits: [] } };
    expect(anthropic.answer(completion, request).body!.json()).toMatchObject(edits);
    expect(dataOf(anthropic.streamEvents(completion, request).map(({ text }) => text)).at(-2)).toMatchObject(edits);
  });
});

describe("a request for a message", () => {
  it("is read from blocks: system, text, attachments, calls and their results", () => {
    const parsed = ask({
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: [{ type: "text", text: "Read a." }, image, document("text", "A file.")] },
        {
          role: "assistant",
          content: [
            { type: "text", text: "I will." },
            { type: "tool_use", id: "t1", name: "read", input: { path: "a" } },
            { type: "tool_use", id: "t2", name: "read", input: { path: "b" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t2", content: [{ type: "text", text: "two" }, image] },
            { type: "tool_result", tool_use_id: "t1", content: "one", is_error: true },
          ],
        },
      ],
      tools: [
        { name: "read", input_schema: { type: "object" } },
        { type: "bash_20250124", name: "bash" },
        { type: "web_search_20250305", name: "web_search" },
      ],
      tool_choice: { type: "auto" },
      output_config: { effort: "high", format: { type: "json_schema", schema: { type: "object" } } },
      metadata: { user_id: "u" },
      stream: true,
    });
    expect(parsed).toEqual({
      kind: "ok",
      request: {
        model: "claude",
        prompt: "Be brief.\nRead a.\nA file.\nI will.\ntwo\none",
        attachments: 2,
        maxTokens: 100,
        format: { name: "output", schema: { type: "object" } },
        tools: [
          { name: "read", parameters: { type: "object" } },
          { name: "bash", parameters: {} },
        ],
        toolResults: [
          { callId: "t2", content: "two" },
          { callId: "t1", content: "one" },
        ],
        stream: true,
        streamUsage: true,
        echo: { thinking: "none", contextManagement: false },
      },
    });
  });

  it.each([
    [undefined, "none"],
    [{ type: "disabled" }, "none"],
    [{ type: "adaptive" }, "shown"],
    [{ type: "adaptive", display: "omitted" }, "omitted"],
    [{ type: "enabled", budget_tokens: 1024 }, "shown"],
  ])("with thinking %j shows it as %s", (thinking, display) => {
    const parsed = ask({ max_tokens: 2000, ...(thinking === undefined ? {} : { thinking }) });
    expect(parsed).toMatchObject({ kind: "ok", request: { echo: { thinking: display } } });
  });

  it("takes thinking back only as it was", () => {
    const completion = completionOf({ content: "Hi.", reasoning: "Hm." }, thinkingRequest);
    const { content } = anthropic.answer(completion, thinkingRequest).body!.json() as { content: JsonObject[] };
    const again = (blocks: readonly JsonObject[]): unknown =>
      ask({
        messages: [
          { role: "user", content: "Hello?" },
          { role: "assistant", content: blocks },
          { role: "user", content: "And?" },
        ],
      });
    expect(again(content)).toMatchObject({ kind: "ok", request: { prompt: "Hello?\nHi.\nAnd?" } });
    expect(again([{ type: "redacted_thinking", data: "AA==" }, content[1]!])).toMatchObject({ kind: "ok" });
    expect(again([{ ...content[0], thinking: "Other." }, content[1]!])).toMatchObject({
      kind: "bad",
      error: { message: "messages.1.content.0: Invalid `signature` in `thinking` block" },
    });
  });

  it.each<[string, JsonObject]>([
    ["max_tokens: Field required", { max_tokens: undefined }],
    ["max_tokens: Input should be a valid integer", { max_tokens: "many" }],
    ["max_tokens: Input should be greater than or equal to 0", { max_tokens: -1 }],
    ["model: Field required", { model: undefined }],
    ["messages: Field required", { messages: undefined }],
    ["messages: at least one message is required", { messages: [] }],
    ["messages: text content blocks must be non-empty", { messages: [user([{ type: "text", text: "" }])] }],
    ["system.0.type: Input should be 'text'", { system: [image] }],
    ["foo: Extra inputs are not permitted", { foo: 1 }],
    ["`max_tokens` must be greater than `thinking.budget_tokens`.", { thinking: enabled(1024) }],
    ["greater than or equal to 1024", { max_tokens: 5000, thinking: enabled(10) }],
    ["tools.0.custom.input_schema: Field required", { tools: [{ name: "read" }] }],
    ["tools: Tool names must be unique.", { tools: [tool("a"), tool("a")] }],
    ["tool_choice may only be specified while providing tools", { tool_choice: { type: "any" } }],
    ["Tool 'b' not found in provided tools", { tools: [tool("a")], tool_choice: { type: "tool", name: "b" } }],
    ["output_config.format.type: Input should be 'json_schema'", { output_config: { format: { type: "xml" } } }],
    ['first message must use the "user" role', { messages: [{ role: "assistant", content: "x" }] }],
    ["messages.0.role: Input should be", { messages: [{ role: "tool", content: "x" }] }],
    ["all messages must have non-empty content", { messages: [user("")] }],
    ["`tool_use` ids were found without `tool_result` blocks immediately after: t1", { messages: [user("x"), call] }],
    ["messages.1: `tool_use` ids were found", { messages: [user("x"), call, user("y"), assistant("z"), user("a")] }],
    ["messages.1.content.0: unexpected `tool_use_id`", { messages: [user("x"), user([result("t1")])] }],
    ["`tool_use` ids must be unique", { messages: [user("x"), call, user([result("t1")]), call] }],
    ["unexpected `tool_use_id`", { messages: [user("x"), call, user([result("t1")]), user([result("t1")])] }],
  ])("is refused: %s", (message, members) => {
    const parsed = ask(members);
    expect(parsed).toMatchObject({ kind: "bad", error: { kind: "badRequest" } });
    expect((parsed as { error: { message: string } }).error.message).toContain(message);
  });

  it("takes results of one turn from several messages of the user, and ends with the assistant's own words", () => {
    const messages = [user("x"), call, user("wait"), user([result("t1")]), assistant("So")];
    expect(ask({ messages })).toMatchObject({ kind: "ok", request: { toolResults: [{ callId: "t1" }] } });
  });

  it.each<JsonObject>([
    { container: "c1" },
    { mcp_servers: [{ type: "url", url: "https://x", name: "x" }] },
    { thread: { type: "create" } },
    { max_tokens: 0 },
    { tools: [{ type: "mcp_toolset", mcp_server_name: "x" }] },
    {
      messages: [user("x"), { role: "assistant", content: [{ type: "server_tool_use", id: "s", name: "web_search" }] }],
    },
  ])("is not modelled with %j", (members) => {
    expect(ask(members)).toMatchObject({ kind: "unmodelled" });
  });

  it("is told from other APIs by its path, its version or its key", () => {
    const owned = (path: string, headers = {}): boolean => anthropic.owns({ ...post(path, {}), headers });
    expect(owned("/v1/messages?beta=true")).toBe(true);
    expect(owned("/v1/models")).toBe(false);
    expect(owned("/v1/models", { "anthropic-version": "2023-06-01" })).toBe(true);
    expect(owned("/v1/models", { "x-api-key": "k" })).toBe(true);
    expect(owned("/api/chat", { "x-api-key": "k" })).toBe(false);
    expect(anthropic.credential({ ...post("/v1/messages", {}), headers: { "x-api-key": "k" } })).toBe("k");
    expect(anthropic.credential({ ...post("/v1/messages", {}), headers: { authorization: "Bearer b" } })).toBe("b");
  });
});

describe("what is asked of no model", () => {
  const catalogue = { models: ["a", "b", "c"], has: (model: string) => ["a", "b", "c"].includes(model) };
  const get = (path: string): OutgoingResponse | undefined =>
    anthropic.inform({ ...post(path, {}), method: "GET" }, catalogue);

  it("counts the tokens of a prompt without an answer's members", () => {
    const body = { model: "a", system: "1234", messages: [user("12345678")] };
    const count = (members: JsonObject): OutgoingResponse | undefined =>
      anthropic.inform(post("/v1/messages/count_tokens", { ...body, ...members }), catalogue);
    expect(anthropic.parse(post("/v1/messages/count_tokens", body))).toBeUndefined();
    expect(count({})!.body!.json()).toEqual({ input_tokens: 4 });
    expect(count({ model: "none" })).toMatchObject({ status: 404 });
    expect(anthropic.parse(post("/v1/messages/count_tokens", { ...body, max_tokens: 1 }))).toMatchObject({
      kind: "bad",
      error: { message: "max_tokens: Extra inputs are not permitted" },
    });
  });

  it("lists models in pages, forwards and backwards", () => {
    const idsOf = (query: string): unknown => {
      const { data, ...page } = get(`/v1/models${query}`)!.body!.json() as { data: readonly JsonObject[] };
      return { ids: data.map(({ id }) => id), ...page };
    };
    expect(idsOf("")).toEqual({ ids: ["a", "b", "c"], has_more: false, first_id: "a", last_id: "c" });
    expect(idsOf("?limit=2")).toEqual({ ids: ["a", "b"], has_more: true, first_id: "a", last_id: "b" });
    expect(idsOf("?limit=2&after_id=b")).toEqual({ ids: ["c"], has_more: false, first_id: "c", last_id: "c" });
    expect(idsOf("?limit=1&before_id=c")).toEqual({ ids: ["b"], has_more: true, first_id: "b", last_id: "b" });
    expect(get("/v1/models?limit=0")).toMatchObject({ status: 400 });
  });

  it("describes one model, and no other path", () => {
    expect(get("/v1/models/b")!.body!.json()).toMatchObject({ type: "model", id: "b", display_name: "b" });
    expect(get("/v1/models/none")).toMatchObject({ status: 404 });
    expect(get("/v1/other")).toBeUndefined();
    expect(anthropic.parse(post("/v1/messages/batches", {}))).toMatchObject({ kind: "unmodelled" });
  });
});

describe("a refusal", () => {
  it.each([
    ["badRequest", 400, "invalid_request_error"],
    ["invalidKey", 401, "authentication_error"],
    ["permissionDenied", 403, "permission_error"],
    ["modelNotFound", 404, "not_found_error"],
    ["notFound", 404, "not_found_error"],
    ["contextLengthExceeded", 400, "invalid_request_error"],
    ["requestTooLarge", 413, "request_too_large"],
    ["promptFiltered", 400, "invalid_request_error"],
    ["rateLimited", 429, "rate_limit_error"],
    ["quotaExceeded", 402, "billing_error"],
    ["serverError", 500, "api_error"],
    ["unavailable", 503, "api_error"],
    ["timeout", 504, "timeout_error"],
    ["overloaded", 529, "overloaded_error"],
  ])("for %s is %i %s, before and inside a stream", (kind, status, type) => {
    const error = refusals.find((each) => each.kind === kind)!;
    const refused = anthropic.refuse(error, { id: "e0" });
    expect(refused).toMatchObject({ status, headers: { "request-id": "req_e0" } });
    const body = refused.body!.json() as JsonObject;
    expect(body).toEqual({
      type: "error",
      error: { type, message: expect.any(String) as string },
      request_id: "req_e0",
    });
    const begun = { completion: completionOf({}), request: plainRequest, eventsBefore: 3 };
    const event = anthropic.refuseInStream(error, { id: "e0" }, begun);
    expect(event).toMatch(/^event: error\ndata: .*\n\n$/);
    expect(dataOf([event])).toEqual([body]);
  });

  it("says how much too long a prompt is, in the words that clients parse", () => {
    const messageOf = (tokens: number, request?: ModelRequest): unknown =>
      (
        anthropic
          .refuse({ kind: "contextLengthExceeded", tokens, tokensMax: 10 }, { id: "e" }, request)
          .body!.json() as {
          error: JsonObject;
        }
      ).error["message"];
    expect(messageOf(11)).toBe("prompt is too long: 11 tokens > 10 maximum");
    const asked = { ...plainRequest, prompt: "x".repeat(24), maxTokens: 5 };
    expect(messageOf(11, asked)).toBe(
      "input length and `max_tokens` exceed context limit: 6 + 5 > 10, decrease input length or `max_tokens` and try again",
    );
    expect(messageOf(12, asked)).toBe("prompt is too long: 12 tokens > 10 maximum");
  });

  it("comes with limits as numbers and a time", () => {
    const state = { requestsMax: 5, requestsRemaining: 0, resetMs: 1_500, nowMs: 1_700_000_000_000 };
    expect(anthropic.rateLimitHeaders!(state)).toEqual({
      "anthropic-ratelimit-requests-limit": "5",
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2023-11-14T22:13:22Z",
    });
  });
});

const image: JsonObject = { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } };
const call = assistant([{ type: "tool_use", id: "t1", name: "read", input: {} }]);

function document(type: string, data: string): JsonObject {
  return { type: "document", source: { type, media_type: "text/plain", data } };
}

function user(content: JsonValue): JsonObject {
  return { role: "user", content };
}

function assistant(content: JsonValue): JsonObject {
  return { role: "assistant", content };
}

function result(id: string): JsonObject {
  return { type: "tool_result", tool_use_id: id, content: "done" };
}

function tool(name: string): JsonObject {
  return { name, input_schema: { type: "object" } };
}

function enabled(tokens: number): JsonObject {
  return { type: "enabled", budget_tokens: tokens };
}

function post(path: string, body: JsonValue): IncomingRequest {
  return { method: "POST", path, headers: {}, body: Body.ofText(JSON.stringify(body)) };
}

function ask(members: JsonObject): ReturnType<typeof anthropic.parse> {
  const usual = { model: "claude", max_tokens: 100, messages: [user("Hello?")] };
  return anthropic.parse(post("/v1/messages", { ...usual, ...members }));
}
