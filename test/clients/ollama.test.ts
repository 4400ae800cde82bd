import { afterAll, beforeAll, expect, test } from "vitest";
import { describeClient } from "./requires-package.ts";
import { forecast, forecastSchema, greeting, startScriptedModel, weatherParameters } from "./scripted-model.ts";
import type { ScriptedModel } from "./scripted-model.ts";

await describeClient(
  "ollama",
  () => import("ollama"),
  ({ Ollama }) => {
    let model: ScriptedModel;
    beforeAll(async () => {
      model = await startScriptedModel();
    });
    afterAll(() => model.close());

    /** It has no key: the token goes into the base path. */
    const client = (token: string, options: object = {}): InstanceType<typeof Ollama> =>
      new Ollama({ host: `${model.origin}/stormlane/${token}`, ...options });
    const chat = { model: "storm-1", messages: [{ role: "user", content: "Hello?" }] };
    const tools = [
      { type: "function", function: { name: "weather", description: "", parameters: weatherParameters as never } },
    ];

    test("lists the models and reads an answer with its counts, by chat and by generate", async () => {
      const ollama = client("plain-whole");
      expect((await ollama.list()).models.map(({ name }) => name)).toEqual(["storm-1"]);
      const answer = await ollama.chat(chat);
      expect(answer).toMatchObject({
        done: true,
        done_reason: "stop",
        message: { role: "assistant", content: greeting },
      });
      expect(answer.eval_count).toBeGreaterThan(0);
      expect((await ollama.generate({ model: "storm-1", prompt: "Hello?" })).response).toBe(greeting);
      expect((await ollama.show({ model: "storm-1" })).details).toBeDefined();
    });

    test("streams the same text as lines of JSON, by chat and by generate", async () => {
      const ollama = client("plain-stream");
      let text = "";
      let last = false;
      for await (const part of await ollama.chat({ ...chat, stream: true })) {
        text += part.message.content;
        last = part.done;
      }
      expect({ text, last }).toEqual({ text: greeting, last: true });
      let generated = "";
      for await (const part of await ollama.generate({ model: "storm-1", prompt: "Hello?", stream: true })) {
        generated += part.response;
      }
      expect(generated).toBe(greeting);
    });

    test("calls a tool, streaming or not, and goes on with its result", async () => {
      for (const stream of [false, true]) {
        const ollama = client(`tool-${stream}`);
        const calls: unknown[] = [];
        if (stream) {
          for await (const part of await ollama.chat({ ...chat, tools, stream: true })) {
            calls.push(...(part.message.tool_calls ?? []));
          }
        } else calls.push(...((await ollama.chat({ ...chat, tools })).message.tool_calls ?? []));
        expect(calls).toMatchObject([{ function: { name: "weather", arguments: { city: "Lisbon" } } }]);
        const messages = [
          ...chat.messages,
          { role: "assistant", content: "", tool_calls: calls as never },
          { role: "tool", content: "sunny", tool_name: "weather" },
        ];
        expect((await ollama.chat({ ...chat, messages, tools })).message.content).toBe("It is sunny in Lisbon.");
      }
    });

    test("takes a schema for its answer, and says why an answer ended", async () => {
      const answer = await client("structured-chat").chat({ ...chat, format: forecastSchema });
      expect(JSON.parse(answer.message.content)).toEqual(forecast);
      expect((await client("short-chat").chat(chat)).done_reason).toBe("length");
    });

    test("never comes back by itself, and shows the provider's own words", async () => {
      await expect(client("limited-chat").chat(chat)).rejects.toMatchObject({ status_code: 429 });
      expect(model.requests("limited-chat")).toBe(1);
      const failure = await client("down-chat")
        .chat(chat)
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ status_code: 503 });
      expect((failure as Error).message).not.toContain("[object Object]");
    });

    test("notices every stream that does not come to its end", async () => {
      const read = async (token: string): Promise<void> => {
        for await (const _ of await client(token).chat({ ...chat, stream: true }));
      };
      await expect(read("cut-stream")).rejects.toThrow("Did not receive done or success response in stream.");
      await expect(read("broken-stream")).rejects.toThrow(/terminated/);
      await expect(read("failed-stream")).rejects.toThrow();
      await expect(read("torn-stream")).rejects.toThrow("Did not receive done or success response in stream.");
    });

    test("waits as long as its user does", async () => {
      const ollama = client("stalled-abort");
      const parts = await ollama.chat({ ...chat, stream: true });
      let count = 0;
      const reading = (async () => {
        for await (const _ of parts) if (++count === 2) parts.abort();
      })();
      await expect(reading).rejects.toMatchObject({ name: "AbortError" });
      expect(count).toBe(2);
      const limited = client("silent-limit", {
        fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(100) }),
      });
      await expect(limited.chat(chat)).rejects.toMatchObject({ name: "TimeoutError" });
    });
  },
);
