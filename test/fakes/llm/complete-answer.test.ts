import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completeAnswer } from "../../../fakes/llm/complete-answer.ts";
import type { Completion } from "../../../fakes/llm/completion.ts";
import { CHARS_PER_TOKEN } from "../../../fakes/llm/model-script.ts";
import type { ScriptAnswer } from "../../../fakes/llm/model-script.ts";
import { answers, completionOf, plainRequest } from "./completions.ts";

describe("a complete answer", () => {
  it("says no more than the request allows, a beginning of what was scripted, and tells that it was cut", () => {
    const unrefused = answers.map(({ refusal: _, ...answer }) => answer);
    fc.assert(
      fc.property(unrefused, fc.integer({ min: 1, max: 30 }), (answer, maxTokens) => {
        const cut = sayAll(completionOf(answer, { ...plainRequest, maxTokens }));
        const whole = sayAll(completionOf(answer));
        expect(whole.startsWith(cut)).toBe(true);
        expect(cut.length).toBe(Math.min(whole.length, maxTokens * CHARS_PER_TOKEN));
        if (cut !== whole) expect(completionOf(answer, { ...plainRequest, maxTokens }).finish).toBe("length");
      }),
    );
  });

  it("calls no tool after the one in which it was cut", () => {
    const toolCalls = ["read", "write", "run"].map((name) => ({ name, arguments: { path: "a.py" } }));
    const cut = completionOf({ toolCalls }, { ...plainRequest, maxTokens: 5 });
    expect(cut.toolCalls.map((call) => [call.name, call.arguments])).toEqual([
      ["read", '{"path":"a.py"}'],
      ["write", '{"pat'],
    ]);
  });

  it("finishes for the reason that fits, unless the script has one", () => {
    const toolCalls = [{ name: "read", arguments: {} }];
    const finishOf = (answer: Partial<ScriptAnswer>): string => completionOf(answer).finish;
    expect(finishOf({ content: "x" })).toBe("stop");
    expect(finishOf({ toolCalls })).toBe("tool_calls");
    expect(finishOf({ toolCalls, finish: "stop" })).toBe("stop");
    expect(finishOf({ refusal: "No." })).toBe("refusal");
    expect(finishOf({ content: "x", finish: "content_filter" })).toBe("content_filter");
  });

  it("counts reasoning and arguments as tokens, and what is attached to the prompt", () => {
    const answer = { content: "x".repeat(40), reasoning: "y".repeat(20), toolCalls: [{ name: "a", arguments: "zz" }] };
    expect(completionOf(answer, { ...plainRequest, attachments: 2 }).usage).toEqual({
      promptTokens: 2 + 2 * 256,
      cachedTokens: 0,
      completionTokens: 16,
      reasoningTokens: 5,
    });
  });

  it("takes the counts that the script gives", () => {
    const usage = { promptTokens: 100, completionTokens: 50, cachedTokens: 80, reasoningTokens: 10 };
    expect(completionOf({ content: "x", usage }).usage).toEqual(usage);
  });

  it("cuts the arguments of a tool call where a fault says", () => {
    const toolCalls = [{ name: "read", arguments: { path: "a.py" }, argumentsCharsMax: 5 }];
    expect(completionOf({ toolCalls }).toolCalls).toEqual([{ id: "c00", name: "read", arguments: '{"pat' }]);
  });

  it("comes in larger pieces when it is huge, not in more of them", () => {
    const huge = completeAnswer(plainRequest, { content: "x".repeat(1_000_000) }, { id: "c0", createdMs: 0 });
    expect(huge.deltaChars).toBe(500);
  });
});

function sayAll({ reasoning, text, toolCalls }: Completion): string {
  return reasoning + text + toolCalls.map((call) => call.arguments).join("");
}
