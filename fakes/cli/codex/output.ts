import { unreachable } from "../../../src/base/assert.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { AgentRequest, AgentStep } from "../agent-script.ts";
import { reconnecting } from "./exec-outcome.ts";
import type { ExecOutcome } from "./exec-outcome.ts";

/** What goes to standard error before the first answer. It shows the whole prompt. */
export function bannerText(version: string, request: AgentRequest): string {
  return (
    `OpenAI Codex v${version}\n--------\nworkdir: ${request.cwd}\nmodel: ${request.model}\nprovider: openai\n` +
    `approval: never\nsandbox: workspace-write\nsession id: ${request.sessionId}\n--------\nuser\n${request.prompt}\n`
  );
}

/** The events of `--json`, one a line. */
export function eventLines(request: AgentRequest, outcome: ExecOutcome): string {
  const events: JsonObject[] = [{ type: "thread.started", thread_id: request.sessionId }, { type: "turn.started" }];
  let count = 0;
  const complete = (item: JsonObject, started?: JsonObject): void => {
    const id = `item_${count++}`;
    if (started !== undefined) events.push({ type: "item.started", item: { id, ...item, ...started } });
    events.push({ type: "item.completed", item: { id, ...item } });
  };
  for (const step of outcome.steps) {
    const { item, started } = itemOf(step);
    complete(item, started);
  }
  // An error is not the end: the turn may still complete.
  for (let time = 1; time <= outcome.reconnects; time++) events.push({ type: "error", message: reconnecting(time) });
  if (outcome.edits.length > 0) {
    const changes = outcome.edits.map(({ path, content }) => ({ path, kind: content === null ? "delete" : "update" }));
    complete({ type: "file_change", changes, status: "completed" });
  }
  if (outcome.error !== undefined) {
    const message = outcome.error;
    events.push({ type: "error", message }, { type: "turn.failed", error: { message } });
  } else {
    if (outcome.message !== "") complete({ type: "agent_message", text: outcome.message });
    const { inputTokens, outputTokens, cachedTokens = 0 } = outcome.usage(request);
    const usage = {
      input_tokens: inputTokens,
      cached_input_tokens: cachedTokens,
      cache_write_input_tokens: 0,
      output_tokens: outputTokens,
      reasoning_output_tokens: 0,
    };
    events.push({ type: "turn.completed", usage });
  }
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

/** An item as it stands when it is complete, and what was different when it began, for those that take their time. */
function itemOf(step: AgentStep): { readonly item: JsonObject; readonly started?: JsonObject } {
  switch (step.kind) {
    case "text":
      return { item: { type: "agent_message", text: step.text } };
    case "reasoning":
      return { item: { type: "reasoning", text: step.text } };
    case "command": {
      const { command, output, exitCode } = step;
      const status = exitCode === 0 ? "completed" : "failed";
      return {
        item: { type: "command_execution", command, aggregated_output: output, exit_code: exitCode, status },
        started: { aggregated_output: "", exit_code: null, status: "in_progress" },
      };
    }
    case "tool": {
      const { name, input, output, isError = false } = step;
      const content = [{ type: "text", text: output }];
      const end = isError
        ? { result: null, error: { message: output }, status: "failed" }
        : { result: { content, structured_content: null }, error: null, status: "completed" };
      return {
        item: { type: "mcp_tool_call", server: "tools", tool: name, arguments: input, ...end },
        started: { result: null, error: null, status: "in_progress" },
      };
    }
    default:
      return unreachable(step);
  }
}
