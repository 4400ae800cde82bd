import { describe, expect, it, test } from "vitest";
import { openAiResponses } from "../../../../fakes/llm/openai/responses.ts";
import { Body } from "../../../../src/base/body.ts";
import type { JsonObject, JsonValue } from "../../../../src/base/json.ts";
import { completionOf, plainRequest } from "../completions.ts";
import { itObeysTheLawsOfDialects } from "../dialect-laws.ts";
import { dataOf } from "./sse-client.ts";

/** Items as their events build them, without a look at the event that ends the stream. */
function readStream(events: readonly string[]): JsonValue {
  const items: Record<string, JsonValue>[] = [];
  let last: JsonObject = {};
  for (const event of dataOf(events)) {
    last = event;
    const item = items[event["output_index"] as number];
    switch (event["type"]) {
      case "response.output_item.added":
        items.push(structuredClone(event["item"]) as Record<string, JsonValue>);
        break;
      case "response.content_part.added":
        item!["content"] = [structuredClone(event["part"])] as JsonValue[];
        break;
      case "response.reasoning_summary_part.added":
        item!["summary"] = [structuredClone(event["part"])] as JsonValue[];
        break;
      case "response.output_text.delta":
        grow(item!["content"], "text", event);
        break;
      case "response.refusal.delta":
        grow(item!["content"], "refusal", event);
        break;
      case "response.reasoning_summary_text.delta":
        grow(item!["summary"], "text", event);
        break;
      case "response.function_call_arguments.delta":
        item!["arguments"] = `${item!["arguments"] as string}${event["delta"] as string}`;
        break;
      case "response.output_item.done":
        if ("status" in item!) item["status"] = (event["item"] as JsonObject)["status"]!;
        expect(event["item"]).toEqual(item);
        break;
      default:
    }
  }
  return { ...(last["response"] as JsonObject), output: items };
}

function grow(parts: JsonValue | undefined, member: string, event: JsonObject): void {
  const [part] = parts as Record<string, string>[];
  part![member] += event["delta"] as string;
}

describe("the responses API", () => {
  itObeysTheLawsOfDialects(openAiResponses, { ofStream: readStream, ofWhole: (body) => body, showsReasoning: true });

  const typesOf = (answer: Parameters<typeof completionOf>[0]): readonly string[] =>
    openAiResponses
      .streamEvents(completionOf(answer), plainRequest)
      .map(({ text }) => /^event: response\.(\S+)\n/.exec(text)![1]!);

  it("streams each item before the next one: opened, in pieces, closed", () => {
    expect(typesOf({ reasoning: "So.", content: "Hello", toolCalls: [{ name: "read", arguments: {} }] })).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "reasoning_summary_part.added",
      "reasoning_summary_text.delta",
      "reasoning_summary_text.done",
      "reasoning_summary_part.done",
      "output_item.done",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "output_item.added",
      "function_call_arguments.delta",
      "function_call_arguments.done",
      "output_item.done",
      "completed",
    ]);
  });

  it("streams a refusal as a part of its own", () => {
    expect(typesOf({ refusal: "No." }).slice(3, -2)).toEqual([
      "content_part.added",
      "refusal.delta",
      "refusal.done",
      "content_part.done",
    ]);
  });

  it("numbers the events, and names each by its type", () => {
    const events = openAiResponses.streamEvents(completionOf({ content: "Hello" }), plainRequest);
    const data = dataOf(events.map(({ text }) => text));
    expect(data.map((event) => event["sequence_number"])).toEqual(data.map((_, index) => index));
    expect(events.map(({ text }) => /^event: (\S+)\n/.exec(text)![1])).toEqual(data.map((event) => event["type"]));
  });

  it("streams a text in these words", () => {
    const events = openAiResponses.streamEvents(completionOf({ content: "Hello" }), plainRequest);
    const place = { item_id: "msg_c0", output_index: 0, content_index: 0 };
    const part = { type: "output_text", annotations: [], logprobs: [], text: "Hello" };
    const item = { id: "msg_c0", type: "message", status: "completed", content: [part], role: "assistant" };
    expect(dataOf(events.map(({ text }) => text)).slice(2, -1)).toEqual([
      {
        type: "response.output_item.added",
        sequence_number: 2,
        output_index: 0,
        item: { ...item, status: "in_progress", content: [] },
      },
      { type: "response.content_part.added", sequence_number: 3, ...place, part: { ...part, text: "" } },
      { type: "response.output_text.delta", sequence_number: 4, ...place, delta: "Hello", logprobs: [] },
      { type: "response.output_text.done", sequence_number: 5, ...place, text: "Hello", logprobs: [] },
      { type: "response.content_part.done", sequence_number: 6, ...place, part },
      { type: "response.output_item.done", sequence_number: 7, output_index: 0, item },
    ]);
  });

  it.each([
    ["stop", "completed", null],
    ["length", "incomplete", { reason: "max_output_tokens" }],
    ["content_filter", "incomplete", { reason: "content_filter" }],
  ] as const)("that finishes with %s is %s", (finish, status, details) => {
    const completion = completionOf({ content: "Hello", finish });
    const body = openAiResponses.answer(completion, plainRequest).body!.json() as JsonObject;
    expect(body).toMatchObject({ status, incomplete_details: details, output: [{ status: status }] });
    expect(typesOf({ content: "Hello", finish }).at(-1)).toBe(status);
  });

  it("fails as a whole when the provider does, and beside itself for other reasons", () => {
    const begun = { completion: completionOf({ content: "x" }), request: plainRequest, eventsBefore: 5 };
    const [failed] = dataOf([openAiResponses.refuseInStream({ kind: "serverError" }, { id: "e0" }, begun)]);
    expect(failed).toMatchObject({
      type: "response.failed",
      sequence_number: 5,
      response: { id: "resp_c0", status: "failed", error: { code: "server_error" }, output: [] },
    });
    const [error] = dataOf([openAiResponses.refuseInStream({ kind: "rateLimited" }, { id: "e0" }, begun)]);
    expect(error).toEqual({
      type: "error",
      sequence_number: 5,
      code: "rate_limit_exceeded",
      message: "Rate limit reached for requests.",
      param: null,
    });
  });

  it("repeats the request in its answer", () => {
    const echoed = { instructions: "Be brief.", tools: [{ type: "web_search" }], metadata: { a: "b" }, top_p: 0.5 };
    const parsed = parse(echoed);
    if (parsed.kind !== "ok") throw new Error(parsed.kind);
    const { body } = openAiResponses.answer(completionOf({ content: "x" }), parsed.request);
    expect(body!.json()).toMatchObject({ ...echoed, tool_choice: "auto", truncation: "disabled" });
  });

  it("refuses a web socket with 426, so that clients go on without one, and other methods with 405", () => {
    const request = { method: "GET", path: "/v1/responses", body: Body.empty };
    const inform = (headers: Record<string, string>): number | undefined =>
      openAiResponses.inform({ ...request, headers }, { models: [], has: () => true })?.status;
    expect(inform({ upgrade: "websocket", connection: "Upgrade" })).toBe(426);
    expect(inform({})).toBe(405);
  });
});

describe("a request for a response", () => {
  const call = { type: "function_call", call_id: "call_1", name: "read", arguments: "{}" };
  const result = { type: "function_call_output", call_id: "call_1", output: "It is there." };

  it("is read with instructions, items, tools and their results", () => {
    const input = [
      {
        role: "user",
        content: [
          { type: "input_text", text: "Look:" },
          { type: "input_image", image_url: "data:" },
        ],
      },
      { type: "reasoning", summary: [] },
      call,
      result,
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Seen." }] },
    ];
    const tools = [
      { type: "function", name: "read", parameters: { type: "object" }, strict: false },
      { type: "web_search" },
    ];
    expect(parse({ input, tools, instructions: "Be brief.", max_output_tokens: 9, stream: true })).toMatchObject({
      kind: "ok",
      request: {
        model: "gpt",
        prompt: "Be brief.\nLook:\nIt is there.\nSeen.",
        attachments: 1,
        maxTokens: 9,
        tools: [
          { name: "read", parameters: { type: "object" } },
          { name: "web_search", parameters: {} },
        ],
        toolResults: [{ callId: "call_1", content: "It is there." }],
        stream: true,
      },
    });
  });

  test.each<[JsonObject, JsonValue]>([
    [{}, "text"],
    [{ text: { format: { type: "json_object" } } }, "json"],
    [{ text: { format: { type: "json_schema", name: "plan", schema: { a: 1 } } } }, { name: "plan", schema: { a: 1 } }],
  ])("may ask for a format: %j", (members, format) => {
    expect(parse(members)).toMatchObject({ kind: "ok", request: { format } });
  });

  test.each<[JsonObject, string]>([
    [{ model: "" }, "model"],
    [{ input: 7 }, "input"],
    [{ input: [7] }, "input[0]"],
    [{ max_output_tokens: 0 }, "max_output_tokens"],
    [{ text: { format: { type: "xml" } } }, "text.format"],
    [{ input: [call] }, "input"],
    [{ input: [result] }, "input"],
  ])("is refused: %j", (members, param) => {
    expect(parse(members)).toMatchObject({ kind: "bad", error: { kind: "badRequest", param } });
  });

  it("may answer a call of an earlier response", () => {
    expect(parse({ input: [result], previous_response_id: "resp_1" }).kind).toBe("ok");
  });

  test.each<[JsonObject]>([
    [{ background: true }],
    [{ conversation: "conv_1" }],
    [{ prompt: { id: "p" } }],
    [{ input: [{ type: "item_reference", id: "x" }] }],
    [{ input: [{ role: "user", content: [{ type: "hologram" }] }] }],
  ])("is not modelled: %j", (members) => {
    expect(parse(members).kind).toBe("unmodelled");
  });

  it("to a stored response is not modelled", () => {
    const request = { method: "GET", path: "/v1/responses/resp_1", headers: {}, body: Body.empty };
    expect(openAiResponses.owns(request)).toBe(true);
    expect(openAiResponses.parse(request)?.kind).toBe("unmodelled");
  });
});

function parse(members: JsonObject): NonNullable<ReturnType<typeof openAiResponses.parse>> {
  const body = Body.ofJson({ model: "gpt", input: "Hi.", ...members });
  return openAiResponses.parse({ method: "POST", path: "/v1/responses", headers: {}, body })!;
}
