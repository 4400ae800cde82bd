import fc from "fast-check";
import { completeAnswer } from "../../../fakes/llm/complete-answer.ts";
import type { Completion, ModelRequest } from "../../../fakes/llm/completion.ts";
import type { ScriptAnswer } from "../../../fakes/llm/model-script.ts";

/** A request for an answer, with nothing special about it. */
export const plainRequest: ModelRequest = {
  model: "gpt",
  prompt: "Plan it.",
  attachments: 0,
  maxTokens: undefined,
  format: "text",
  tools: [],
  toolResults: [],
  stream: true,
  streamUsage: true,
};

export function completionOf(answer: Partial<ScriptAnswer>, request: ModelRequest = plainRequest): Completion {
  return completeAnswer(request, { content: "", ...answer }, { id: "c0", createdMs: 1_700_000_000_500 });
}

/** Texts of any script, with characters of two code units. */
const words = fc.string({ unit: "grapheme", maxLength: 40 });

/** Answers of all shapes: text, reasoning, tool calls, refusals, cut off, and in pieces of all sizes. */
export const answers: fc.Arbitrary<ScriptAnswer> = fc.record(
  {
    content: words,
    reasoning: words,
    refusal: words.filter((text) => text !== ""),
    toolCalls: fc.array(
      fc.record({ name: fc.constantFrom("read", "write"), arguments: fc.dictionary(fc.string(), fc.jsonValue()) }),
      { maxLength: 3 },
    ),
    finish: fc.constantFrom("stop" as const, "length" as const, "content_filter" as const),
    deltaChars: fc.integer({ min: 1, max: 20 }),
  },
  { requiredKeys: ["content"] },
);

/** Of the answers, with and without a limit on their tokens. */
export const completions: fc.Arbitrary<Completion> = fc
  .tuple(answers, fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }))
  .map(([answer, maxTokens]) => completionOf(answer, { ...plainRequest, maxTokens }));
