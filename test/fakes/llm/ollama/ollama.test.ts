import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelRequest } from "../../../../fakes/llm/completion.ts";
import { ollama } from "../../../../fakes/llm/ollama/ollama.ts";
import { Body } from "../../../../src/base/body.ts";
import type { JsonObject, JsonValue } from "../../../../src/base/json.ts";
import type { IncomingRequest, OutgoingResponse } from "../../../../src/ports/http.ts";
import { completionOf, completions, plainRequest } from "../completions.ts";
import { itObeysTheLawsOfDialects, refusals } from "../dialect-laws.ts";
import { linesOf, readStream, readWhole } from "./line-client.ts";

const chatRequest: ModelRequest = { ...plainRequest, echo: { endpoint: "chat", showsThinking: true } };
const generateRequest: ModelRequest = { ...plainRequest, echo: { endpoint: "generate", showsThinking: true } };
const read = { name: "read", arguments: { path: "a" } };

describe("a chat with Ollama", () => {
  itObeysTheLawsOfDialects(ollama, { ofStream: readStream, ofWhole: readWhole, showsReasoning: false });

  it("says the same in lines as in one body when the thinking is shown", () => {
    fc.assert(
      fc.property(completions, (completion) => {
        const lines = ollama.streamEvents(completion, chatRequest).map(({ text }) => text);
        const whole = ollama.answer(completion, chatRequest).body!.json() as JsonObject;
        expect(readStream(lines)).toEqual(readWhole(whole));
      }),
    );
  });

  it("is one object with counts, and durations in nanoseconds", () => {
    const completion = completionOf({
      content: "I read it.",
      reasoning: "Hm.",
      toolCalls: [read],
      usage: { promptTokens: 12, completionTokens: 8 },
      timeToFirstTokenMs: 250,
      tokensPerSecond: 16,
    });
    const { status, headers, body } = ollama.answer(completion, chatRequest);
    expect({ status, headers }).toEqual({
      status: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
    });
    expect(body!.json()).toEqual({
      model: "gpt",
      created_at: "2023-11-14T22:13:21.250Z",
      message: {
        role: "assistant",
        content: "I read it.",
        thinking: "Hm.",
        tool_calls: [{ id: "call_c00", function: { index: 0, name: "read", arguments: { path: "a" } } }],
      },
      done: true,
      done_reason: "stop",
      total_duration: 750_000_000,
      load_duration: 0,
      prompt_eval_count: 12,
      prompt_eval_duration: 250_000_000,
      eval_count: 8,
      eval_duration: 500_000_000,
    });
  });

  it("streams a line for each piece, tool calls whole, and a last line", () => {
    const completion = completionOf({ content: "Hello", toolCalls: [read], deltaChars: 3, tokensPerSecond: 10 });
    const events = ollama.streamEvents(completion, chatRequest);
    const line = (atMs: number, message: JsonObject): JsonObject => ({
      model: "gpt",
      created_at: new Date(1_700_000_000_500 + atMs).toISOString(),
      message: { role: "assistant", content: "", ...message },
      done: false,
    });
    const call = { id: "call_c00", function: { index: 0, name: "read", arguments: { path: "a" } } };
    expect(linesOf(events.map(({ text }) => text))).toEqual([
      line(400 + Math.floor((500 * 3) / 17), { content: "Hel" }),
      line(400 + Math.floor((500 * 5) / 17), { content: "lo" }),
      line(900, { tool_calls: [call] }),
      {
        ...line(900, {}),
        done: true,
        done_reason: "stop",
        total_duration: 900_000_000,
        load_duration: 0,
        prompt_eval_count: 2,
        prompt_eval_duration: 400_000_000,
        eval_count: 5,
        eval_duration: 500_000_000,
      },
    ]);
    expect(events.map(({ kind }) => kind)).toEqual(["delta", "delta", "delta", "terminal"]);
    expect(ollama.streamHeaders(completion)).toEqual({ "content-type": "application/x-ndjson" });
  });

  it("fails when a tool call cannot be read, and drops one that the limit cut off", () => {
    const cut = { ...read, argumentsCharsMax: 5 };
    const failed = completionOf({ toolCalls: [cut] });
    const error = `error parsing tool call: raw='{"pat', err=unexpected end of JSON input`;
    const { status, body } = ollama.answer(failed, chatRequest);
    expect([status, body!.json()]).toEqual([500, { error }]);
    expect(linesOf(ollama.streamEvents(failed, chatRequest).map(({ text }) => text)).at(-1)).toEqual({ error });
    const limited = ollama.answer(completionOf({ toolCalls: [read, cut], finish: "length" }), chatRequest);
    expect(limited.body!.json()).toMatchObject({
      done_reason: "length",
      message: { tool_calls: [{ id: "call_c00" }] },
    });
  });

  it.each([
    [{ content: "x" }, "stop"],
    [{ content: "x", finish: "length" }, "length"],
    [{ content: "x", finish: "context_window" }, "length"],
    [{ toolCalls: [read] }, "stop"],
    [{ refusal: "No." }, "stop"],
  ] as const)("ends %j with %s", (answer, reason) => {
    expect(ollama.answer(completionOf(answer), chatRequest).body!.json()).toMatchObject({ done_reason: reason });
  });

  it("says a refusal as its text", () => {
    const { body } = ollama.answer(completionOf({ refusal: "No." }), chatRequest);
    expect(body!.json()).toMatchObject({ message: { content: "No." } });
  });
});

describe("a generated answer", () => {
  it("has its text as response, whole and in lines", () => {
    const completion = completionOf({ content: "Hello", reasoning: "Hm", deltaChars: 4 });
    const whole = ollama.answer(completion, generateRequest).body!.json() as JsonObject;
    expect(whole).toMatchObject({ response: "Hello", thinking: "Hm", done: true, done_reason: "stop" });
    expect(whole).not.toHaveProperty("message");
    const lines = linesOf(ollama.streamEvents(completion, generateRequest).map(({ text }) => text));
    expect(lines.map(({ response, thinking, done }) => [response, thinking, done])).toEqual([
      ["", "Hm", false],
      ["Hell", undefined, false],
      ["o", undefined, false],
      ["", undefined, true],
    ]);
  });
});

describe("a request to Ollama", () => {
  it("is read from messages, tools, format and options, and streams unless told not to", () => {
    const schema = { type: "object" };
    const parsed = chat({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Read a.", images: ["AA=="] },
        { role: "assistant", content: "", tool_calls: [{ function: { name: "read", arguments: {} } }] },
        { role: "tool", content: "one", tool_name: "read" },
        { role: "tool", content: "two", tool_call_id: "call_1" },
      ],
      tools: [{ type: "function", function: { name: "read", parameters: schema } }],
      format: schema,
      options: { num_predict: 9, temperature: 0 },
      keep_alive: "5m",
      think: false,
    });
    expect(parsed).toEqual({
      kind: "ok",
      request: {
        model: "m",
        prompt: "Be brief.\nRead a.\n\none\ntwo",
        attachments: 1,
        maxTokens: 9,
        format: { name: "format", schema },
        tools: [{ name: "read", parameters: schema }],
        toolResults: [
          { callId: "", content: "one" },
          { callId: "call_1", content: "two" },
        ],
        stream: true,
        streamUsage: true,
        echo: { endpoint: "chat", showsThinking: false },
      },
    });
    expect(chat({ stream: false })).toMatchObject({ request: { stream: false } });
    expect(chat({ format: "json", options: { num_predict: -1 } })).toMatchObject({
      request: { format: "json", maxTokens: undefined, echo: { showsThinking: true } },
    });
  });

  it("is read from a system text and a prompt", () => {
    expect(generate({ system: "Be brief.", prompt: "Hi", images: ["AA=="], stream: false })).toMatchObject({
      kind: "ok",
      request: { prompt: "Be brief.\nHi", attachments: 1, stream: false, echo: { endpoint: "generate" } },
    });
  });

  it.each<[string, JsonObject]>([
    ["model is required", { model: "" }],
    ["model is required", { model: undefined }],
    ["cannot unmarshal", { messages: "x" }],
    ["cannot unmarshal", { messages: [{ role: "user", content: [] }] }],
    ["cannot unmarshal", { stream: "no" }],
    ['invalid think value: "much"', { think: "much" }],
    ['expected "json" or a valid JSON Schema object', { format: "xml" }],
    ['option "num_predict" must be of type integer', { options: { num_predict: "9" } }],
  ])("is refused: %s", (message, members) => {
    const parsed = chat(members);
    expect(parsed).toMatchObject({ kind: "bad", error: { kind: "badRequest" } });
    expect((parsed as { error: { message: string } }).error.message).toContain(message);
  });

  it("is refused without a body that can be read", () => {
    const empty = { ...post("/api/chat", {}), body: Body.empty };
    expect(ollama.parse(empty)).toMatchObject({ kind: "bad", error: { message: "missing request body" } });
    for (const body of [Body.ofJson([]), Body.ofText("{")]) {
      const broken = { ...post("/api/chat", {}), body };
      expect(ollama.parse(broken)).toMatchObject({
        kind: "bad",
        error: { message: "the request body is not a JSON object" },
      });
    }
  });

  it.each([
    ["/api/chat", { logprobs: true }],
    ["/api/generate", { suffix: "}" }],
    ["/api/generate", { context: [1] }],
    ["/api/generate", { width: 64 }],
    ["/api/embed", { input: "x" }],
    ["/api/embeddings", { prompt: "x" }],
    ["/api/pull", {}],
  ])("to %s with %j is not modelled", (path, members) => {
    const usual = { model: "m", prompt: "Hi", messages: [{ role: "user", content: "Hi" }] };
    expect(ollama.parse(post(path, { ...usual, ...members }))).toMatchObject({ kind: "unmodelled" });
  });

  it("without a prompt loads the model or unloads it", () => {
    const asked = post("/api/chat", { model: "a" });
    expect(ollama.parse(asked)).toBeUndefined();
    expect(inform(asked)!.body!.json()).toEqual({
      model: "a",
      created_at: "1970-01-01T00:00:00.000Z",
      message: { role: "assistant", content: "" },
      done: true,
      done_reason: "load",
    });
    const left = inform(post("/api/generate", { model: "a", prompt: "", keep_alive: 0 }))!;
    expect(left.body!.json()).toMatchObject({ response: "", done_reason: "unload" });
    expect(inform(post("/api/chat", { model: "none" }))).toMatchObject({ status: 404 });
  });

  it("is told from OpenRouter by its path", () => {
    expect(ollama.owns(post("/api/chat", {}))).toBe(true);
    expect(ollama.owns(post("/api/v1/chat/completions", {}))).toBe(false);
    expect(ollama.owns(post("/", {}))).toBe(false);
    expect(ollama.owns({ ...post("/", {}), method: "HEAD" })).toBe(true);
  });
});

describe("the models of Ollama", () => {
  const get = (path: string): JsonValue | undefined => inform({ ...post(path, {}), method: "GET" })?.body!.json();

  it("are listed, loaded and described", () => {
    const details = expect.objectContaining({ format: "gguf", family: "stormlane" }) as JsonObject;
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(get("/api/tags")).toEqual({
      models: ["a", "b"].map((name) => ({
        name,
        model: name,
        modified_at: "1970-01-01T00:00:00Z",
        size: 1,
        digest,
        details,
      })),
    });
    expect(get("/api/ps")).toMatchObject({ models: [{ name: "a", size_vram: 1, context_length: 128_000 }, {}] });
    expect(inform(post("/api/show", { model: "b" }))!.body!.json()).toMatchObject({
      details,
      capabilities: ["completion", "tools", "thinking", "vision"],
    });
    expect(inform(post("/api/show", { name: "none" }))).toMatchObject({ status: 404 });
    expect(inform(post("/api/show", {}))).toMatchObject({ status: 400 });
  });

  it("stand behind a server that says its version and that it runs", () => {
    expect(get("/api/version")).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string });
    expect(inform({ ...post("/", {}), method: "GET" })!.body!.text()).toBe("Ollama is running");
  });

  it("are not there for the wrong method, and no other path is", () => {
    expect(inform(post("/api/tags", {}))).toMatchObject({ status: 405 });
    expect(inform({ ...post("/api/chat", {}), method: "GET" })).toMatchObject({ status: 405 });
    expect(get("/api/nothing")).toBeUndefined();
  });
});

describe("an error of Ollama", () => {
  it.each([
    ["badRequest", 400],
    ["invalidKey", 401],
    ["permissionDenied", 403],
    ["modelNotFound", 404],
    ["notFound", 404],
    ["contextLengthExceeded", 400],
    ["requestTooLarge", 413],
    ["promptFiltered", 400],
    ["rateLimited", 429],
    ["quotaExceeded", 429],
    ["serverError", 500],
    ["unavailable", 503],
    ["timeout", 504],
    ["overloaded", 503],
  ])("for %s is %i and a plain string, also as a line", (kind, status) => {
    const error = refusals.find((each) => each.kind === kind)!;
    const refused = ollama.refuse(error, { id: "e0" });
    expect(refused.status).toBe(status);
    const body = refused.body!.json() as JsonObject;
    expect(body).toEqual({ error: expect.any(String) as string });
    const begun = { completion: completionOf({}), request: plainRequest, eventsBefore: 3 };
    expect(ollama.refuseInStream(error, { id: "e0" }, begun)).toBe(`${JSON.stringify(body)}\n`);
  });
});

function post(path: string, body: JsonValue): IncomingRequest {
  return { method: "POST", path, headers: {}, body: Body.ofText(JSON.stringify(body)) };
}

function chat(members: JsonObject): ReturnType<typeof ollama.parse> {
  const usual = { model: "m", messages: [{ role: "user", content: "Hello?" }] };
  return ollama.parse(post("/api/chat", { ...usual, ...members }));
}

function generate(members: JsonObject): ReturnType<typeof ollama.parse> {
  return ollama.parse(post("/api/generate", { model: "m", ...members }));
}

function inform(request: IncomingRequest): OutgoingResponse | undefined {
  return ollama.inform(request, { models: ["a", "b"], has: (model) => model === "a" || model === "b" });
}
