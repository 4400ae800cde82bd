import { afterAll, beforeAll, expect, test } from "vitest";
import { describeClient } from "./requires-package.ts";
import { forecast, forecastSchema, greeting, startScriptedModel, weatherParameters } from "./scripted-model.ts";
import type { ScriptedModel } from "./scripted-model.ts";

await describeClient(
  "@anthropic-ai/sdk",
  () => import("@anthropic-ai/sdk"),
  ({ default: Anthropic, APIError, APIConnectionTimeoutError, APIUserAbortError, RateLimitError }) => {
    let model: ScriptedModel;
    beforeAll(async () => {
      model = await startScriptedModel();
    });
    afterAll(() => model.close());

    const client = (token: string, options: object = {}): InstanceType<typeof Anthropic> =>
      new Anthropic({ baseURL: model.origin, apiKey: `stormlane-${token}`, ...options });
    const ask = { model: "storm-1", max_tokens: 500, messages: [{ role: "user" as const, content: "Hello?" }] };
    const tools = [{ name: "weather", input_schema: weatherParameters as never }];

    test("lists the models, counts tokens, and reads an answer with its usage and request id", async () => {
      const anthropic = client("plain-messages");
      expect((await anthropic.models.list()).data.map(({ id }) => id)).toEqual(["storm-1"]);
      expect(
        (await anthropic.messages.countTokens({ model: ask.model, messages: ask.messages })).input_tokens,
      ).toBeGreaterThan(0);
      const { data, request_id } = await anthropic.messages.create(ask).withResponse();
      expect(data).toMatchObject({ stop_reason: "end_turn", content: [{ type: "text", text: greeting }] });
      expect(data.usage.output_tokens).toBeGreaterThan(0);
      expect(request_id).toMatch(/^req_/);
    });

    test("streams the same text, and reasoning before it", async () => {
      const deltas: string[] = [];
      const stream = client("plain-stream").messages.stream(ask);
      stream.on("text", (delta) => deltas.push(delta));
      expect(await stream.finalText()).toBe(greeting);
      expect(deltas.length).toBeGreaterThan(2);
      const thinking = { type: "enabled" as const, budget_tokens: 1_024 };
      const reasoned = await client("reasoned-stream")
        .messages.stream({ ...ask, max_tokens: 2_000, thinking })
        .finalMessage();
      expect(reasoned.content).toMatchObject([
        { type: "thinking", thinking: "The user greets me.", signature: expect.any(String) as string },
        { type: "text", text: greeting },
      ]);
    });

    test("calls a tool, streaming or not, and goes on with its result", async () => {
      for (const streaming of [false, true]) {
        const anthropic = client(`tool-${streaming}`);
        const first = streaming
          ? await anthropic.messages.stream({ ...ask, tools }).finalMessage()
          : await anthropic.messages.create({ ...ask, tools });
        expect(first.stop_reason).toBe("tool_use");
        const call = first.content.find((block) => block.type === "tool_use")!;
        expect(call).toMatchObject({ name: "weather", input: { city: "Lisbon" } });
        const second = await anthropic.messages.create({
          ...ask,
          tools,
          messages: [
            ...ask.messages,
            { role: "assistant", content: first.content },
            { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: "sunny" }] },
          ],
        });
        expect(second.content).toMatchObject([{ type: "text", text: "It is sunny in Lisbon." }]);
      }
    });

    test("takes a schema for its answer, and says why an answer ended", async () => {
      const parsed = await client("structured-messages").messages.create({
        ...ask,
        output_config: { format: { type: "json_schema", schema: forecastSchema } },
      } as never);
      expect(JSON.parse((parsed as { content: { text: string }[] }).content[0]!.text)).toEqual(forecast);
      expect((await client("refused-messages").messages.create(ask)).stop_reason).toBe("refusal");
      expect((await client("short-messages").messages.create(ask)).stop_reason).toBe("max_tokens");
    });

    test("comes back after 429 and 5xx, as often as it may, and not where it is told not to", async () => {
      const send = (token: string, options?: object): Promise<unknown> => client(token, options).messages.create(ask);
      await send("limited-messages");
      expect(model.requests("limited-messages")).toBe(2);
      await send("flaky-messages");
      expect(model.requests("flaky-messages")).toBe(3);
      await expect(send("down-messages")).rejects.toMatchObject({ status: 503 });
      expect(model.requests("down-messages")).toBe(3);
      await expect(send("final-messages")).rejects.toMatchObject({ status: 500 });
      expect(model.requests("final-messages")).toBe(1);
      await expect(send("limited-once", { maxRetries: 0 })).rejects.toBeInstanceOf(RateLimitError);
      await expect(send("overflow-messages")).rejects.toThrow(/prompt is too long: 9000 tokens > 8000 maximum/);
      await expect(send("html-messages", { maxRetries: 0 })).rejects.toMatchObject({ status: 502 });
    });

    test("tells a broken stream from one that only ends early, as it does with the real API", async () => {
      const read = async (token: string): Promise<string> => {
        let text = "";
        for await (const event of await client(token).messages.create({ ...ask, stream: true })) {
          if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text;
        }
        return text;
      };
      const cut = await read("cut-stream");
      expect(greeting.startsWith(cut) && cut !== greeting).toBe(true);
      await expect(read("broken-stream")).rejects.toThrow(/terminated/);
      await expect(read("failed-stream")).rejects.toBeInstanceOf(APIError);
      await expect(read("torn-stream")).rejects.toThrow();
    });

    test("gives up after its own time limit, and when its user aborts", async () => {
      await expect(
        client("silent-messages", { timeout: 100, maxRetries: 0 }).messages.create(ask),
      ).rejects.toBeInstanceOf(APIConnectionTimeoutError);
      const abort = new AbortController();
      const asked = client("silent-abort").messages.create(ask, { signal: abort.signal });
      abort.abort();
      await expect(asked).rejects.toBeInstanceOf(APIUserAbortError);
      const stream = await client("stalled-abort").messages.create({ ...ask, stream: true });
      let deltas = 0;
      for await (const event of stream) {
        if (event.type === "content_block_delta" && ++deltas === 2) stream.controller.abort();
      }
      expect(deltas).toBe(2);
    });
  },
);
