import type { JsonObject } from "../../../src/base/json.ts";
import { usageOf } from "../agent-script.ts";
import type { AgentAnswer, AgentRequest } from "../agent-script.ts";

/** The one object of `-o json`. */
export function resultObject(request: AgentRequest, answer: AgentAnswer): JsonObject {
  const { inputTokens, outputTokens, cachedTokens = 0 } = usageOf(request, answer);
  const calls = toolCalls(answer).length;
  return {
    session_id: request.sessionId,
    response: answer.message,
    stats: {
      models: {
        [request.model]: {
          api: { totalRequests: calls + 1, totalErrors: 0, totalLatencyMs: answer.durationMs },
          tokens: {
            input: inputTokens - cachedTokens,
            prompt: inputTokens,
            candidates: outputTokens,
            total: inputTokens + outputTokens,
            cached: cachedTokens,
            thoughts: 0,
            tool: 0,
          },
          roles: {},
        },
      },
      tools: { totalCalls: calls, totalSuccess: calls, totalFail: 0, totalDurationMs: 0 },
      files: { totalLinesAdded: 0, totalLinesRemoved: 0 },
    },
  };
}

/** The lines of `-o stream-json`. */
export function streamLines(request: AgentRequest, answer: AgentAnswer, nowMs: number): string {
  const timestamp = new Date(nowMs).toISOString();
  const { inputTokens, outputTokens, cachedTokens = 0 } = usageOf(request, answer);
  const calls = toolCalls(answer);
  const events: JsonObject[] = [
    { type: "init", timestamp, session_id: request.sessionId, model: request.model },
    { type: "message", timestamp, role: "user", content: request.prompt },
  ];
  const say = (content: string): void =>
    void events.push({ type: "message", timestamp, role: "assistant", content, delta: true });
  let count = 0;
  for (const step of answer.steps ?? []) {
    if (step.kind === "text") say(step.text);
    else if (step.kind !== "reasoning") {
      const isCommand = step.kind === "command";
      const failed = isCommand ? step.exitCode !== 0 : step.isError === true;
      const tool_id = `${isCommand ? "run_shell_command" : step.name}-${++count}`;
      const parameters = isCommand ? { command: step.command } : step.input;
      const { output } = step;
      events.push(
        { type: "tool_use", timestamp, tool_name: isCommand ? "run_shell_command" : step.name, tool_id, parameters },
        failed
          ? {
              type: "tool_result",
              timestamp,
              tool_id,
              status: "error",
              output,
              error: { type: "tool_error", message: output },
            }
          : { type: "tool_result", timestamp, tool_id, status: "success", output },
      );
    }
  }
  if (answer.message !== "") say(answer.message);
  events.push({
    type: "result",
    timestamp,
    status: "success",
    stats: {
      total_tokens: inputTokens + outputTokens,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      cached: cachedTokens,
      duration_ms: answer.durationMs,
      tool_calls: calls.length,
      models: {},
    },
  });
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

function toolCalls({ steps = [] }: AgentAnswer): readonly unknown[] {
  return steps.filter(({ kind }) => kind === "command" || kind === "tool");
}
