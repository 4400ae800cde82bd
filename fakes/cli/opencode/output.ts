import type { JsonObject } from "../../../src/base/json.ts";
import { usageOf } from "../agent-script.ts";
import type { AgentAnswer, AgentRequest } from "../agent-script.ts";

/** One line of `--format json`. */
export function eventLine(type: string, timestamp: number, sessionID: string, rest: JsonObject): string {
  return `${JSON.stringify({ type, timestamp, sessionID, ...rest })}\n`;
}

/** A run that goes well: steps with tools, and a last one with the message. */
export function eventLines(request: AgentRequest, answer: AgentAnswer, nowMs: number): string {
  const { inputTokens, outputTokens, cachedTokens = 0 } = usageOf(request, answer);
  let text = "";
  let count = 0;
  const part = (type: string, members: JsonObject): void => {
    const partType = type.replace("_", "-").replace("tool-use", "tool");
    const body = { id: `prt_${++count}`, sessionID: request.sessionId, type: partType, ...members };
    text += eventLine(type, nowMs, request.sessionId, { part: body });
  };
  const finish = (reason: string, isLast: boolean): void => {
    const tokens = isLast
      ? {
          input: inputTokens,
          output: outputTokens,
          reasoning: 0,
          cache: { read: cachedTokens, write: 0 },
          total: inputTokens + outputTokens,
        }
      : { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 }, total: 0 };
    part("step_finish", { reason, tokens, cost: isLast ? (answer.costUsd ?? 0) : 0 });
  };
  for (const step of answer.steps ?? []) {
    if (step.kind === "reasoning") continue;
    if (step.kind === "text") {
      part("text", { text: step.text });
      continue;
    }
    part("step_start", {});
    const isCommand = step.kind === "command";
    const failed = isCommand ? step.exitCode !== 0 : step.isError === true;
    const input = isCommand ? { command: step.command } : step.input;
    const state = failed
      ? { status: "error", input, error: step.output }
      : { status: "completed", input, output: step.output };
    part("tool_use", { tool: isCommand ? "bash" : step.name, callID: `call_${count}`, state });
    finish("tool-calls", false);
  }
  part("step_start", {});
  if (answer.message !== "") part("text", { text: answer.message });
  finish("stop", true);
  return text;
}
