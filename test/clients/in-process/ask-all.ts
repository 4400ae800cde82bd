// What a user's program does with the real packages: nothing in it knows of a test.
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, streamText } from "ai";
import OpenAI from "openai";

const url = "http://model.test";
const apiKey = "key";
const prompt = "Write a plan.";

const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey });
const completion = await openai.chat.completions.create({ model: "m", messages: [{ role: "user", content: prompt }] });
console.log("openai", completion.choices[0]?.message.content);

const stream = await openai.chat.completions.create({
  model: "m",
  stream: true,
  messages: [{ role: "user", content: prompt }],
});
let streamed = "";
for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? "";
console.log("openai stream", streamed);

const anthropic = new Anthropic({ baseURL: url, apiKey });
const message = await anthropic.messages.create({
  model: "m",
  max_tokens: 100,
  messages: [{ role: "user", content: prompt }],
});
console.log("anthropic", JSON.stringify(message.content[0]));

const chat = new ChatOpenAI({ model: "m", apiKey, configuration: { baseURL: `${url}/v1` } });
console.log("langchain", (await chat.invoke(prompt)).content);

const provider = createOpenAI({ baseURL: `${url}/v1`, apiKey });
console.log("ai", (await generateText({ model: provider.chat("m"), prompt })).text);
let text = "";
for await (const part of streamText({ model: provider.chat("m"), prompt }).textStream) text += part;
console.log("ai stream", text);
