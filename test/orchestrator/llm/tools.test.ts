import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import { errorOfWords } from "../../../src/orchestrator/llm/error-of.ts";
import type { ToolOutcome } from "../../../src/orchestrator/llm/run-tool.ts";
import { claude, gemini, opencode } from "../../../src/orchestrator/llm/tools.ts";

function printed(stdout: string): ToolOutcome {
  return { end: { kind: "code", code: 0 }, stdout, stderr: "", truncated: false };
}

describe("what an answer cost", () => {
  test("counts all models that gemini asked, and what they thought", () => {
    const tokens = (prompt: number, candidates: number, thoughts: number): JsonObject => ({
      tokens: { prompt, candidates, thoughts },
    });
    const stats = { models: { "gemini-router": tokens(100, 10, 1), "gemini-pro": tokens(2_000, 300, 40) } };
    const result = gemini.read(printed(JSON.stringify({ response: "Yes.", stats }, null, 2)), undefined);
    expect(result).toMatchObject({ value: { content: "Yes.", usage: { inputTokens: 2_100, outputTokens: 351 } } });
  });

  test("counts all steps of opencode, of which the last has the answer", () => {
    const step = (text: string, input: number, cost: number): readonly JsonObject[] => [
      { type: "step_start", part: {} },
      { type: "text", part: { text } },
      { type: "step_finish", part: { reason: "stop", tokens: { input, output: 5, reasoning: 2 }, cost } },
    ];
    const lines = [...step("I look first.", 100, 0.25), ...step("Yes.", 200, 0.5)];
    const result = opencode.read(printed(lines.map((line) => `${JSON.stringify(line)}\n`).join("")), undefined);
    const usage = { inputTokens: 300, outputTokens: 14, costUsd: 0.75 };
    expect(result).toMatchObject({ value: { content: "Yes.", usage } });
  });

  test("counts what claude read from its cache", () => {
    const usage = { input_tokens: 3, cache_creation_input_tokens: 20, cache_read_input_tokens: 100, output_tokens: 7 };
    const result = { type: "result", subtype: "success", is_error: false, result: "Yes.", total_cost_usd: 0.5, usage };
    expect(claude.read(printed(JSON.stringify(result)), undefined)).toMatchObject({
      value: { usage: { inputTokens: 123, outputTokens: 7, costUsd: 0.5 } },
    });
  });
});

test("a result without text tells of its failure by its list of errors", () => {
  const result = { type: "result", subtype: "error_during_execution", is_error: true, errors: ["Not logged in"] };
  expect(claude.read(printed(JSON.stringify(result)), undefined)).toMatchObject({ error: "auth" });
});

test.each([
  ["ERROR: unexpected status 401 Unauthorized: missing header", "auth"],
  ["ERROR: exceeded retry limit, last status: 429 Too Many Requests", "rate-limited"],
  ["API Error: 529 Overloaded", "transient"],
  ["HTTP/1.1 403 Forbidden", "auth"],
  ["unexpected status 404 Not Found: no such model", "refused"],
  ["Prompt is too long", "overflow"],
  ["stream disconnected before completion", "transient"],
  // A number alone says nothing.
  ["killed while 404 files were read", "transient"],
])("%s is %s", (words, error) => {
  expect(errorOfWords(words)).toBe(error);
});
