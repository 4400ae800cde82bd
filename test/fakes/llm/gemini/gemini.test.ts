import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelRequest } from "../../../../fakes/llm/completion.ts";
import { gemini } from "../../../../fakes/llm/gemini/gemini.ts";
import { ModelProvider } from "../../../../fakes/llm/model-provider.ts";
import { Body } from "../../../../src/base/body.ts";
import type { JsonObject, JsonValue } from "../../../../src/base/json.ts";
import type { IncomingRequest, OutgoingResponse } from "../../../../src/ports/http.ts";
import { completionOf, completions, plainRequest } from "../completions.ts";
import { itObeysTheLawsOfDialects, refusals } from "../dialect-laws.ts";
import { serve } from "../serve.ts";
import { readStream, readWhole, responsesOf } from "./content-client.ts";

const readTool = { name: "read", parameters: {} };
const thoughtfulRequest: ModelRequest = { ...plainRequest, tools: [readTool], echo: { showsThoughts: true } };
const read = { name: "read", arguments: { path: "a" } };
const promptUsage = { promptTokenCount: 2, promptTokensDetails: [{ modality: "TEXT", tokenCount: 2 }] };

describe("content of Gemini", () => {
  itObeysTheLawsOfDialects(gemini, { ofStream: readStream, ofWhole: readWhole, showsReasoning: false });

  it("is the same in a stream as in one body with thoughts and functions", () => {
    fc.assert(
      fc.property(completions, (completion) => {
        const events = gemini.streamEvents(completion, thoughtfulRequest).map(({ text }) => text);
        const whole = gemini.answer(completion, thoughtfulRequest).body!.json() as JsonObject;
        expect(readStream(events)).toEqual(readWhole(whole));
      }),
    );
  });

  it("is one response with every member", () => {
    const completion = completionOf({
      content: "I read it.",
      reasoning: "Hm.",
      toolCalls: [read],
      usage: { promptTokens: 12, completionTokens: 9, cachedTokens: 10, reasoningTokens: 3 },
    });
    const { status, headers, body } = gemini.answer(completion, thoughtfulRequest);
    expect({ status, headers }).toEqual({
      status: 200,
      headers: { "content-type": "application/json; charset=UTF-8" },
    });
    expect(body!.json()).toEqual({
      candidates: [
        {
          content: {
            parts: [
              { text: "Hm.", thought: true },
              { text: "I read it." },
              { functionCall: { id: "c00", name: "read", args: { path: "a" } } },
            ],
            role: "model",
          },
          finishReason: "STOP",
          index: 0,
        },
      ],
      modelVersion: "gpt",
      responseId: "c0",
      usageMetadata: {
        promptTokenCount: 12,
        candidatesTokenCount: 6,
        totalTokenCount: 21,
        cachedContentTokenCount: 10,
        promptTokensDetails: [{ modality: "TEXT", tokenCount: 12 }],
        thoughtsTokenCount: 3,
      },
    });
  });

  it("streams responses with a piece each, calls whole, and one that says why it ends", () => {
    const completion = completionOf({ content: "Hello", reasoning: "Hm", toolCalls: [read], deltaChars: 3 });
    const events = gemini.streamEvents(completion, thoughtfulRequest);
    const identity = { modelVersion: "gpt", responseId: "c0" };
    const chunk = (part: JsonObject): JsonObject => ({
      candidates: [{ content: { parts: [part], role: "model" }, index: 0 }],
      ...identity,
      usageMetadata: { ...promptUsage, totalTokenCount: 2 },
    });
    expect(responsesOf(events.map(({ text }) => text))).toEqual([
      chunk({ text: "Hm", thought: true }),
      chunk({ text: "Hel" }),
      chunk({ text: "lo" }),
      chunk({ functionCall: { id: "c00", name: "read", args: { path: "a" } } }),
      {
        candidates: [{ content: { parts: [{ text: "" }], role: "model" }, finishReason: "STOP", index: 0 }],
        ...identity,
        usageMetadata: { ...promptUsage, candidatesTokenCount: 4, totalTokenCount: 7, thoughtsTokenCount: 1 },
      },
    ]);
    expect(events.map(({ kind }) => kind)).toEqual(["delta", "delta", "delta", "delta", "terminal"]);
    expect(gemini.streamHeaders(completion)).toEqual({ "content-type": "text/event-stream" });
  });

  it.each([
    [{ content: "x" }, "STOP", [{ text: "x" }]],
    [{ content: "" }, "STOP", undefined],
    [{ content: "x", finish: "length" }, "MAX_TOKENS", [{ text: "x" }]],
    [{ content: "x", finish: "context_window" }, "MAX_TOKENS", [{ text: "x" }]],
    [{ content: "", finish: "content_filter" }, "SAFETY", undefined],
    [{ refusal: "No." }, "STOP", [{ text: "No." }]],
    [{ toolCalls: [{ ...read, argumentsCharsMax: 4 }] }, "MALFORMED_FUNCTION_CALL", undefined],
    [{ toolCalls: [{ ...read, argumentsCharsMax: 4 }], finish: "length" }, "MAX_TOKENS", undefined],
  ] as const)("ends %j with %s and the parts %j", (answer, finishReason, parts) => {
    const candidate = candidateOf(gemini.answer(completionOf(answer), thoughtfulRequest));
    expect(candidate["finishReason"]).toBe(finishReason);
    expect((candidate["content"] as JsonObject)["parts"]).toEqual(parts);
    expect(candidate["safetyRatings"] !== undefined).toBe(finishReason === "SAFETY");
  });

  it("ends with an unexpected call where no functions are declared, and names it", () => {
    const candidate = candidateOf(gemini.answer(completionOf({ toolCalls: [read] }), plainRequest));
    expect(candidate).toMatchObject({
      content: { role: "model" },
      finishReason: "UNEXPECTED_TOOL_CALL",
      finishMessage: 'Unexpected tool call: read({"path":"a"})',
    });
  });
});

describe("a request for content", () => {
  const contents = [
    { role: "user", parts: [{ text: "Read a." }, { inlineData: { mimeType: "image/png", data: "AA==" } }] },
    {
      role: "model",
      parts: [{ text: "Hm.", thought: true }, { text: "I will." }, { functionCall: { name: "read", args: {} } }],
    },
    { role: "user", parts: [{ functionResponse: { id: "c1", name: "read", response: { output: "one" } } }] },
  ];
  const schema = { type: "OBJECT" };

  it("is read from contents, instruction, functions and configuration, in either case", () => {
    const expected = {
      kind: "ok",
      request: {
        model: "m",
        prompt: "Be brief.\nRead a.\nI will.\none",
        attachments: 1,
        maxTokens: 9,
        format: { name: "response", schema },
        tools: [{ name: "read", parameters: schema }],
        toolResults: [{ callId: "c1", content: "one" }],
        stream: false,
        streamUsage: true,
        echo: { showsThoughts: true },
      },
    };
    const camel = {
      contents,
      systemInstruction: { parts: [{ text: "Be brief." }] },
      tools: [{ functionDeclarations: [{ name: "read", parametersJsonSchema: schema }] }, { googleSearch: {} }],
      toolConfig: { functionCallingConfig: { mode: "AUTO" } },
      safetySettings: [],
      generationConfig: {
        maxOutputTokens: 9,
        temperature: 0,
        responseMimeType: "application/json",
        responseJsonSchema: schema,
        thinkingConfig: { includeThoughts: true },
      },
    };
    const snake = {
      contents: JSON.parse(
        JSON.stringify(contents).replaceAll("inlineData", "inline_data").replaceAll("functionR", "function_r"),
      ) as JsonValue,
      system_instruction: { parts: [{ text: "Be brief." }] },
      tools: [{ function_declarations: [{ name: "read", parameters: schema }] }],
      generation_config: {
        max_output_tokens: 9,
        response_mime_type: "application/json",
        response_schema: schema,
        thinking_config: { include_thoughts: true },
      },
    };
    expect(generate(camel)).toEqual(expected);
    expect(generate(snake)).toEqual(expected);
  });

  it("streams by its action, as events only", () => {
    const body = { contents };
    expect(gemini.parse(post("/v1beta/models/m:streamGenerateContent?alt=sse", body))).toMatchObject({
      kind: "ok",
      request: { model: "m", stream: true },
    });
    expect(gemini.parse(post("/v1beta/models/m:streamGenerateContent", body))).toMatchObject({ kind: "unmodelled" });
  });

  it("goes on after the responses of functions", () => {
    const more = { role: "user", parts: [{ text: "And?" }] };
    expect(generate({ contents: [...contents, more] })).toMatchObject({ kind: "ok" });
  });

  it.each([
    [{ output: { a: 1 } }, '{"a":1}'],
    [{ error: "no file" }, "no file"],
    [{ lines: 3 }, '{"lines":3}'],
    [undefined, "{}"],
  ])("takes the response %j of a function for %s", (response, content) => {
    const last = { role: "user", parts: [{ functionResponse: { name: "read", response } }] };
    expect(generate({ contents: [...contents.slice(0, 2), last] })).toMatchObject({
      request: { toolResults: [{ callId: "", content }] },
    });
  });

  it.each<[string, JsonObject]>([
    ["contents is not specified", { contents: undefined }],
    ["contents is not specified", { contents: [] }],
    ["Please use a valid role: user, model.", { contents: [{ role: "assistant", parts: [{ text: "x" }] }] }],
    ["contents[0].parts[0].data: required oneof field", { contents: [{ parts: [{}] }] }],
    ['Unknown name "foo": Cannot find field.', { foo: 1 }],
    [`Unknown name "foo" at 'generation_config'`, { generationConfig: { foo: 1 } }],
    ["max_output_tokens", { generationConfig: { maxOutputTokens: -1 } }],
    ["response_schema", { generationConfig: { responseSchema: schema } }],
    ["allowed mimetypes are", { generationConfig: { responseMimeType: "text/html" } }],
    ["number of function response parts", { contents: [...contents.slice(0, 2), contents[0]!] }],
    ["number of function response parts", { contents: contents.slice(2) }],
    ["Name cannot be empty", { contents: [{ parts: [{ functionResponse: { response: {} } }] }] }],
  ])("is refused: %s", (message, members) => {
    const parsed = generate(members);
    expect(parsed).toMatchObject({ kind: "bad", error: { kind: "badRequest" } });
    expect((parsed as { error: { message: string } }).error.message).toContain(message);
  });

  it.each<JsonObject>([
    { cachedContent: "cachedContents/x" },
    { generationConfig: { candidateCount: 2 } },
    { generationConfig: { responseLogprobs: true } },
    { generationConfig: { responseModalities: ["AUDIO"] } },
    { generationConfig: { speechConfig: {} } },
    { toolConfig: { functionCallingConfig: { streamFunctionCallArguments: true } } },
    { contents: [{ parts: [{ executableCode: { code: "1" } }] }] },
  ])("is not modelled with %j", (members) => {
    expect(generate(members)).toMatchObject({ kind: "unmodelled" });
  });

  it.each(["/v1beta/models/m:embedContent", "/v1beta/cachedContents", "/v1beta/files?key=k"])(
    "to %s is not modelled",
    (path) => {
      expect(gemini.parse(post(path, {}))).toMatchObject({ kind: "unmodelled" });
    },
  );

  it("is told from other APIs by its path, or by its key where paths collide", () => {
    const owned = (method: string, path: string, headers = {}): boolean =>
      gemini.owns({ ...post(path, {}), method, headers });
    expect(owned("POST", "/v1/models/m:generateContent")).toBe(true);
    expect(owned("GET", "/v1beta/models")).toBe(true);
    expect(owned("GET", "/v1/models")).toBe(false);
    expect(owned("GET", "/v1/models?key=k")).toBe(true);
    expect(owned("GET", "/v1/models", { "x-goog-api-key": "k" })).toBe(true);
    expect(owned("POST", "/v1/messages")).toBe(false);
    expect(gemini.credential(post("/v1beta/models?pageSize=2&key=k", {}))).toBe("k");
  });

  it("may name its scenario in its model, or list models with its key in the query", () => {
    const provider = new ModelProvider({ script: ({ token, model }) => ({ content: `${model} ${token}` }) });
    const served = serve(provider, { path: "/v1beta/models/m@t1:generateContent", body: { contents } });
    expect(candidateOf({ status: 200, body: Body.ofText(served.text) })).toMatchObject({
      content: { parts: [{ text: "m t1" }] },
    });
    const listed = serve(new ModelProvider({ script: () => undefined, models: ["m"] }), {
      method: "GET",
      path: "/v1/models?key=k",
    });
    expect(listed.body).toMatchObject({ models: [{ name: "models/m" }] });
  });
});

describe("the models of Gemini", () => {
  const catalogue = { models: ["a", "b", "c"], has: (model: string) => ["a", "b", "c"].includes(model) };
  const get = (path: string): OutgoingResponse | undefined =>
    gemini.inform({ ...post(path, {}), method: "GET" }, catalogue);

  it("are listed in pages and described", () => {
    const namesOf = (query: string): unknown => {
      const { models, ...page } = get(`/v1beta/models${query}`)!.body!.json() as { models: readonly JsonObject[] };
      return { names: models.map(({ name }) => name), ...page };
    };
    expect(namesOf("")).toEqual({ names: ["models/a", "models/b", "models/c"] });
    expect(namesOf("?pageSize=2")).toEqual({ names: ["models/a", "models/b"], nextPageToken: "2" });
    expect(namesOf("?pageSize=2&pageToken=2")).toEqual({ names: ["models/c"] });
    expect(get("/v1beta/models?pageToken=x")).toMatchObject({ status: 400 });
    expect(get("/v1/models/b")!.body!.json()).toMatchObject({
      name: "models/b",
      supportedGenerationMethods: ["generateContent", "countTokens"],
    });
    expect(get("/v1beta/models/none")).toMatchObject({ status: 404 });
    expect(get("/v1beta/nothing")).toBeUndefined();
  });

  it("count the tokens of contents, or of a whole request", () => {
    const contents = [{ parts: [{ text: "12345678" }] }];
    const count = (model: string, body: JsonObject): OutgoingResponse | undefined =>
      gemini.inform(post(`/v1beta/models/${model}:countTokens`, body), catalogue);
    expect(gemini.parse(post("/v1beta/models/a:countTokens", { contents }))).toBeUndefined();
    expect(count("a", { contents })!.body!.json()).toEqual({ totalTokens: 2, ...detailsOf(2) });
    const whole = { generateContentRequest: { contents, systemInstruction: { parts: [{ text: "abc" }] } } };
    expect(count("a", whole)!.body!.json()).toEqual({ totalTokens: 3, ...detailsOf(3) });
    expect(count("none", { contents })).toMatchObject({ status: 404 });
    expect(gemini.parse(post("/v1beta/models/a:countTokens", {}))).toMatchObject({ kind: "bad" });
  });
});

describe("an error of Gemini", () => {
  it.each([
    ["badRequest", 400, "INVALID_ARGUMENT"],
    ["invalidKey", 400, "INVALID_ARGUMENT"],
    ["permissionDenied", 403, "PERMISSION_DENIED"],
    ["modelNotFound", 404, "NOT_FOUND"],
    ["notFound", 404, "NOT_FOUND"],
    ["contextLengthExceeded", 400, "INVALID_ARGUMENT"],
    ["requestTooLarge", 400, "INVALID_ARGUMENT"],
    ["promptFiltered", 400, "INVALID_ARGUMENT"],
    ["rateLimited", 429, "RESOURCE_EXHAUSTED"],
    ["quotaExceeded", 429, "RESOURCE_EXHAUSTED"],
    ["serverError", 500, "INTERNAL"],
    ["unavailable", 503, "UNAVAILABLE"],
    ["timeout", 504, "DEADLINE_EXCEEDED"],
    ["overloaded", 503, "UNAVAILABLE"],
  ])("for %s is %i %s, before and inside a stream", (kind, code, status) => {
    const error = refusals.find((each) => each.kind === kind)!;
    const refused = gemini.refuse(error, { id: "e0" });
    expect(refused.status).toBe(code);
    const body = refused.body!.json() as JsonObject;
    expect(body).toMatchObject({ error: { code, status, message: expect.any(String) as string } });
    const begun = { completion: completionOf({}), request: plainRequest, eventsBefore: 3 };
    expect(responsesOf([gemini.refuseInStream(error, { id: "e0" }, begun)])).toEqual([body]);
  });

  it("says in its details when to come back", () => {
    const detailsFor = (hints: JsonObject): unknown =>
      (gemini.refuse({ kind: "rateLimited", ...hints }, { id: "e0" }).body!.json() as { error: JsonObject }).error[
        "details"
      ];
    const info = { "@type": "type.googleapis.com/google.rpc.RetryInfo" };
    expect(detailsFor({ retryAfterSeconds: 7 })).toEqual([{ ...info, retryDelay: "7s" }]);
    expect(detailsFor({ retryAfterMs: 1500 })).toEqual([{ ...info, retryDelay: "1.5s" }]);
    expect(detailsFor({})).toBeUndefined();
  });

  it("is none where the prompt is blocked: an answer without a candidate", () => {
    const blocked = {
      promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
      modelVersion: "gpt",
      responseId: "e0",
      usageMetadata: { ...promptUsage, totalTokenCount: 2 },
    };
    const refuse = (stream: boolean): OutgoingResponse =>
      gemini.refuse({ kind: "promptFiltered" }, { id: "e0" }, { ...plainRequest, stream });
    expect([refuse(false).status, refuse(false).body!.json()]).toEqual([200, blocked]);
    expect(refuse(true).headers).toEqual({ "content-type": "text/event-stream" });
    expect(responsesOf([refuse(true).body!.text()])).toEqual([blocked]);
  });
});

function detailsOf(tokenCount: number): JsonObject {
  return { promptTokensDetails: [{ modality: "TEXT", tokenCount }] };
}

function candidateOf({ body }: OutgoingResponse): JsonObject {
  return (body!.json() as { candidates: readonly JsonObject[] }).candidates[0]!;
}

function post(path: string, body: JsonValue): IncomingRequest {
  return { method: "POST", path, headers: {}, body: Body.ofText(JSON.stringify(body)) };
}

function generate(members: JsonObject): ReturnType<typeof gemini.parse> {
  const usual = { contents: [{ role: "user", parts: [{ text: "Hello?" }] }] };
  return gemini.parse(post("/v1beta/models/m:generateContent", { ...usual, ...members }));
}
