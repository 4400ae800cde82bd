import { afterAll, beforeAll, expect, test } from "vitest";
import { describeClient } from "./requires-package.ts";
import { greeting, startScriptedModel } from "./scripted-model.ts";
import type { ScriptedModel } from "./scripted-model.ts";

/** The set-ups of docs/serving.md: two lines each, and the framework talks to the fake. */
let model: ScriptedModel;
beforeAll(async () => {
  model = await startScriptedModel();
});
afterAll(() => model.close());

await describeClient(
  "AI SDK",
  async () => ({ ...(await import("ai")), ...(await import("@ai-sdk/openai")) }),
  ({ createOpenAI, generateText, streamText }) => {
    test("generates and streams text", async () => {
      const openai = createOpenAI({ baseURL: `${model.origin}/v1`, apiKey: "stormlane-plain-ai-sdk" });
      expect((await generateText({ model: openai.chat("storm-1"), prompt: "Hello?" })).text).toBe(greeting);
      expect((await generateText({ model: openai("storm-1"), prompt: "Hello?" })).text).toBe(greeting);
      let text = "";
      for await (const piece of streamText({ model: openai("storm-1"), prompt: "Hello?" }).textStream) text += piece;
      expect(text).toBe(greeting);
    });
  },
);

await describeClient(
  "LangChain.js",
  () => import("@langchain/openai"),
  ({ ChatOpenAI }) => {
    test("generates and streams text", async () => {
      const chat = new ChatOpenAI({
        model: "storm-1",
        apiKey: "stormlane-plain-langchain",
        configuration: { baseURL: `${model.origin}/v1` },
      });
      expect((await chat.invoke("Hello?")).text).toBe(greeting);
      let text = "";
      for await (const piece of await chat.stream("Hello?")) text += piece.text;
      expect(text).toBe(greeting);
    });
  },
);

await describeClient(
  "OpenAI Agents",
  async () => ({ ...(await import("@openai/agents")), OpenAI: (await import("openai")).default }),
  ({ Agent, run, setDefaultOpenAIClient, setTracingDisabled, OpenAI }) => {
    test("runs an agent", async () => {
      setDefaultOpenAIClient(new OpenAI({ baseURL: `${model.origin}/v1`, apiKey: "stormlane-plain-agents" }) as never);
      setTracingDisabled(true);
      const agent = new Agent({ name: "greeter", model: "storm-1" });
      expect((await run(agent, "Hello?")).finalOutput).toBe(greeting);
    });
  },
);
