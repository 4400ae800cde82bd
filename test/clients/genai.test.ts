import { afterAll, beforeAll, expect, test } from "vitest";
import { describeClient } from "./requires-package.ts";
import { forecast, forecastSchema, greeting, startScriptedModel, weatherParameters } from "./scripted-model.ts";
import type { ScriptedModel } from "./scripted-model.ts";

await describeClient(
  "@google/genai",
  () => import("@google/genai"),
  ({ GoogleGenAI, ApiError, FunctionCallingConfigMode }) => {
    let model: ScriptedModel;
    beforeAll(async () => {
      model = await startScriptedModel();
    });
    afterAll(() => model.close());

    const client = (token: string, http: object = {}): InstanceType<typeof GoogleGenAI> =>
      new GoogleGenAI({ apiKey: `stormlane-${token}`, httpOptions: { baseUrl: model.origin, ...http } });
    const ask = { model: "storm-1", contents: "Hello?" };
    const retryOptions = { attempts: 3, initialDelay: 0.001, maxDelay: 0.002 };
    const tools = [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: weatherParameters }] }];

    test("lists the models, counts tokens, and reads an answer with its usage", async () => {
      const genai = client("plain-whole");
      const names: (string | undefined)[] = [];
      for await (const { name } of await genai.models.list()) names.push(name);
      expect(names).toEqual(["models/storm-1"]);
      expect((await genai.models.countTokens(ask)).totalTokens).toBeGreaterThan(0);
      const answer = await genai.models.generateContent(ask);
      expect(answer.text).toBe(greeting);
      expect(answer.candidates?.[0]?.finishReason).toBe("STOP");
      expect(answer.usageMetadata?.totalTokenCount).toBeGreaterThan(0);
    });

    test("streams the same text", async () => {
      let text = "";
      let chunks = 0;
      let finish: string | undefined;
      for await (const chunk of await client("plain-stream").models.generateContentStream(ask)) {
        text += chunk.text ?? "";
        finish = chunk.candidates?.[0]?.finishReason;
        chunks++;
      }
      expect({ text, finish }).toEqual({ text: greeting, finish: "STOP" });
      expect(chunks).toBeGreaterThan(2);
    });

    test("calls a function, streaming or not, and goes on with its result", async () => {
      const config = { tools, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.AUTO } } };
      for (const streaming of [false, true]) {
        const genai = client(`tool-${streaming}`);
        const calls: unknown[] = [];
        if (streaming) {
          for await (const chunk of await genai.models.generateContentStream({ ...ask, config })) {
            calls.push(...(chunk.functionCalls ?? []));
          }
        } else calls.push(...((await genai.models.generateContent({ ...ask, config })).functionCalls ?? []));
        expect(calls).toMatchObject([{ name: "weather", args: { city: "Lisbon" } }]);
        const contents = [
          { role: "user", parts: [{ text: "Hello?" }] },
          { role: "model", parts: [{ functionCall: calls[0] as object }] },
          { role: "user", parts: [{ functionResponse: { name: "weather", response: { output: "sunny" } } }] },
        ];
        expect((await genai.models.generateContent({ ...ask, contents, config })).text).toContain("in Lisbon.");
      }
    });

    test("takes a schema for its answer, and says why an answer ended", async () => {
      const config = { responseMimeType: "application/json", responseJsonSchema: forecastSchema };
      const answer = await client("structured-whole").models.generateContent({ ...ask, config });
      expect(JSON.parse(answer.text!)).toEqual(forecast);
      const short = await client("short-whole").models.generateContent(ask);
      expect(short.candidates?.[0]?.finishReason).toBe("MAX_TOKENS");
    });

    test("comes back only when it is told how often", async () => {
      await expect(client("limited-never").models.generateContent(ask)).rejects.toMatchObject({ status: 429 });
      expect(model.requests("limited-never")).toBe(1);
      expect((await client("flaky-thrice", { retryOptions }).models.generateContent(ask)).text).toBe(greeting);
      expect(model.requests("flaky-thrice")).toBe(3);
      await expect(client("down-thrice", { retryOptions }).models.generateContent(ask)).rejects.toBeInstanceOf(
        ApiError,
      );
      expect(model.requests("down-thrice")).toBe(3);
    });

    test("tells a broken stream from one that only ends early, as it does with the real API", async () => {
      const read = async (token: string): Promise<string> => {
        let text = "";
        for await (const chunk of await client(token).models.generateContentStream(ask)) text += chunk.text ?? "";
        return text;
      };
      const cut = await read("cut-stream");
      expect(greeting.startsWith(cut) && cut !== greeting).toBe(true);
      await expect(read("broken-stream")).rejects.toThrow(/terminated/);
      await expect(read("failed-stream")).rejects.toBeInstanceOf(ApiError);
      await expect(read("torn-stream")).rejects.toThrow();
    });

    test("gives up after its own time limit, and when its user aborts", async () => {
      await expect(client("silent-limit", { timeout: 100 }).models.generateContent(ask)).rejects.toThrow();
      const abort = new AbortController();
      const asked = client("silent-abort").models.generateContent({ ...ask, config: { abortSignal: abort.signal } });
      abort.abort();
      await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    });
  },
);
