import type { JsonObject } from "../../../src/base/json.ts";
import type { AgentAnswer, AgentRequest } from "../agent-script.ts";

/** What goes to standard error before the first answer. It shows the whole prompt. */
export function bannerText(version: string, request: AgentRequest): string {
  return (
    `OpenAI Codex v${version}\n--------\nworkdir: ${request.cwd}\nmodel: ${request.model}\nprovider: openai\n` +
    `approval: never\nsandbox: workspace-write\nsession id: ${request.sessionId}\n--------\nuser\n${request.prompt}\n`
  );
}

/** The events of `--json`, one a line. */
export function eventLines(request: AgentRequest, answer: AgentAnswer): string {
  const events: JsonObject[] = [{ type: "thread.started", thread_id: request.sessionId }, { type: "turn.started" }];
  const complete = (item: JsonObject): void => {
    const count = events.filter((event) => event["type"] === "item.completed").length;
    events.push({ type: "item.completed", item: { id: `item_${count}`, ...item } });
  };
  const edits = answer.edits ?? [];
  if (edits.length > 0) {
    const changes = edits.map((edit) => ({ path: edit.path, kind: edit.content === null ? "delete" : "update" }));
    complete({ type: "file_change", changes, status: "completed" });
  }
  if ((answer.exitCode ?? 0) !== 0) {
    const message = answer.error ?? "stream disconnected before completion";
    events.push({ type: "error", message }, { type: "turn.failed", error: { message } });
  } else {
    if (answer.message !== "") complete({ type: "agent_message", text: answer.message });
    const usage = {
      input_tokens: Math.ceil(request.prompt.length / 4),
      cached_input_tokens: 0,
      cache_write_input_tokens: 0,
      output_tokens: Math.ceil(answer.message.length / 4),
      reasoning_output_tokens: 0,
    };
    events.push({ type: "turn.completed", usage });
  }
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}
