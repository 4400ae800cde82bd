import { anthropic } from "./anthropic/anthropic.ts";
import type { Dialect } from "./dialect.ts";
import { gemini } from "./gemini/gemini.ts";
import { ollama } from "./ollama/ollama.ts";
import { openAiChat } from "./openai/chat.ts";
import { openAiResponses } from "./openai/responses.ts";
import { openRouter } from "./openrouter/openrouter.ts";

/** In this order each is asked whether a request is its own. The first one has the words for paths that nobody owns. */
export const allDialects: readonly Dialect[] = [openAiChat, openAiResponses, openRouter, anthropic, gemini, ollama];
