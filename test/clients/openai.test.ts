import { afterAll, beforeAll, expect, test } from "vitest";
import { describeClient } from "./requires-package.ts";
import { forecast, forecastSchema, greeting, startScriptedModel, weatherParameters } from "./scripted-model.ts";
import type { ScriptedModel } from "./scripted-model.ts";

await describeClient(
  "openai",
  () => import("openai"),
  ({ default: OpenAI, APIError, APIConnectionTimeoutError, APIUserAbortError, RateLimitError }) => {
    let model: ScriptedModel;
    beforeAll(async () => {
      model = await startScriptedModel();
    });
    afterAll(() => model.close());

    const client = (token: string, options: object = {}): InstanceType<typeof OpenAI> =>
      new OpenAI({ baseURL: `${model.origin}/v1`, apiKey: `stormlane-${token}`, ...options });
    const messages = [{ role: "user" as const, content: "Hello?" }];
    const chat = { model: "storm-1", messages };

    test("lists the models and reads an answer with its usage and request id", async () => {
      const openai = client("plain-chat");
      expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["storm-1"]);
      const { data, request_id } = await openai.chat.completions.create(chat).withResponse();
      expect(data.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: greeting, refusal: null } });
      expect(data.usage!.total_tokens).toBe(data.usage!.prompt_tokens + data.usage!.completion_tokens);
      expect(request_id).toMatch(/^req_/);
    });

    test("streams the same text in pieces, with usage when it is asked for", async () => {
      const stream = client("plain-stream").chat.completions.stream({
        ...chat,
        stream_options: { include_usage: true },
      });
      const deltas: string[] = [];
      stream.on("content", (delta) => deltas.push(delta));
      expect(await stream.finalContent()).toBe(greeting);
      expect(deltas.length).toBeGreaterThan(2);
      expect((await stream.totalUsage()).completion_tokens).toBeGreaterThan(0);
    });

    test("runs a tool and goes on with its result, streaming or not", async () => {
      const heard: unknown[] = [];
      const tools = [
        {
          type: "function" as const,
          function: {
            name: "weather",
            description: "The weather in a city.",
            parameters: weatherParameters,
            parse: (text: string) => JSON.parse(text) as object,
            function: (given: object) => {
              heard.push(given);
              return "sunny";
            },
          },
        },
      ];
      const whole = client("tool-chat").chat.completions.runTools({ ...chat, tools });
      expect(await whole.finalContent()).toBe("It is sunny in Lisbon.");
      const streamed = client("tool-stream").chat.completions.runTools({ ...chat, tools, stream: true });
      expect(await streamed.finalContent()).toBe("It is sunny in Lisbon.");
      expect(heard).toEqual([{ city: "Lisbon" }, { city: "Lisbon" }]);
    });

    test("parses structured output, and says so when the answer was cut or declined", async () => {
      const format = {
        type: "json_schema" as const,
        json_schema: { name: "forecast", schema: forecastSchema, strict: true },
      };
      const parsed = await client("structured-chat").chat.completions.create({ ...chat, response_format: format });
      expect(JSON.parse(parsed.choices[0]!.message.content!)).toEqual(forecast);
      const declined = await client("refused-chat").chat.completions.create(chat);
      expect(declined.choices[0]!.message).toMatchObject({ content: null, refusal: "I cannot help with that." });
      await expect(client("short-chat").chat.completions.parse({ ...chat, response_format: format })).rejects.toThrow(
        /length limit/,
      );
    });

    test("speaks the responses API: text, tools, streams with growing sequence numbers", async () => {
      const openai = client("plain-responses");
      const whole = await openai.responses.create({ model: "storm-1", input: "Hello?" });
      expect(whole.output_text).toBe(greeting);
      const numbers: number[] = [];
      const stream = openai.responses.stream({ model: "storm-1", input: "Hello again?" });
      for await (const event of stream) numbers.push(event.sequence_number);
      expect((await stream.finalResponse()).output_text).toBe(greeting);
      expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
      const called = await client("tool-responses").responses.create({
        model: "storm-1",
        input: "Weather?",
        tools: [{ type: "function", name: "weather", parameters: weatherParameters, strict: true }],
      });
      expect(called.output.find((item) => item.type === "function_call")).toMatchObject({
        name: "weather",
        arguments: '{"city":"Lisbon"}',
      });
    });

    test("comes back after 429 and 5xx, as often as it may, and not where it is told not to", async () => {
      const ask = (token: string, options?: object): Promise<unknown> =>
        client(token, options).chat.completions.create(chat);
      await ask("limited-chat");
      expect(model.requests("limited-chat")).toBe(2);
      await ask("flaky-chat");
      expect(model.requests("flaky-chat")).toBe(3);
      await expect(ask("down-chat")).rejects.toMatchObject({ status: 503 });
      expect(model.requests("down-chat")).toBe(3);
      await expect(ask("final-chat")).rejects.toMatchObject({ status: 500 });
      expect(model.requests("final-chat")).toBe(1);
      await expect(ask("limited-once", { maxRetries: 0 })).rejects.toBeInstanceOf(RateLimitError);
      await expect(ask("overflow-chat")).rejects.toMatchObject({ status: 400, code: "context_length_exceeded" });
      await expect(ask("html-chat", { maxRetries: 0 })).rejects.toMatchObject({ status: 502 });
    });

    test("tells a broken stream from one that only ends early, as it does with the real API", async () => {
      const read = async (token: string): Promise<string> => {
        let text = "";
        const stream = await client(token).chat.completions.create({ ...chat, stream: true });
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
        return text;
      };
      const cut = await read("cut-stream");
      expect(greeting.startsWith(cut) && cut !== greeting).toBe(true);
      await expect(read("broken-stream")).rejects.toThrow(/terminated/);
      await expect(read("failed-stream")).rejects.toBeInstanceOf(APIError);
      await expect(read("torn-stream")).rejects.toBeInstanceOf(SyntaxError);
    });

    test("gives up after its own time limit, and when its user aborts", async () => {
      await expect(
        client("silent-chat", { timeout: 100, maxRetries: 0 }).chat.completions.create(chat),
      ).rejects.toBeInstanceOf(APIConnectionTimeoutError);
      const abort = new AbortController();
      const asked = client("silent-abort").chat.completions.create(chat, { signal: abort.signal });
      abort.abort();
      await expect(asked).rejects.toBeInstanceOf(APIUserAbortError);
      const stream = await client("stalled-abort").chat.completions.create({ ...chat, stream: true });
      let pieces = 0;
      for await (const _ of stream) if (++pieces === 2) stream.controller.abort();
      expect(pieces).toBe(2);
    });
  },
);
