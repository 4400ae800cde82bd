import { beforeEach, expect, it, test } from "vitest";
import type { AgentAnswer, AgentRequest } from "../../../../fakes/cli/agent-script.ts";
import { claude } from "../../../../fakes/cli/claude/claude.ts";
import type { JsonObject } from "../../../../src/base/json.ts";
import { NotModelled, runProgram } from "../run-program.ts";
import { ClaudeOnDisk, answered, editing, line, messagesOf, prompt, stream } from "./claude-on-disk.ts";

let agent: ClaudeOnDisk;

beforeEach(() => {
  agent = new ClaudeOnDisk();
});

const host = ["-p", "--input-format", "stream-json", ...stream];
const user = (content: unknown): string => line({ type: "user", message: { role: "user", content } });
const request = (id: string, members: object): string =>
  line({ type: "control_request", request_id: id, request: members });

it("gives each prompt exactly one result, and ends with its input", () => {
  const input = user(prompt) + user([{ type: "text", text: "Again." }]);
  const messages = messagesOf(agent.run([...host, ...editing], { input }));
  expect(messages.filter(({ type }) => type === "result")).toMatchObject([
    { result: "Done.", result_index: 0, total_cost_usd: 0.5, usage: { output_tokens: 60 } },
    { result: "Done.", result_index: 1, total_cost_usd: 1, usage: { output_tokens: 60 } },
  ]);
  expect(agent.requests).toMatchObject([
    { prompt, turn: 1 },
    { prompt: "Again.", turn: 2 },
  ]);
});

it("answers requests, and takes on the model and the mode that they set", () => {
  const input =
    request("r1", { subtype: "initialize" }) +
    request("r2", { subtype: "set_model", model: "haiku" }) +
    request("r3", { subtype: "set_permission_mode", mode: "plan" }) +
    request("r4", { subtype: "interrupt" }) +
    request("r5", { subtype: "frobnicate" }) +
    user(prompt);
  const messages = messagesOf(agent.run(host, { input }));
  const responses = messages.flatMap((message) =>
    message["type"] === "control_response" ? [message["response"] as JsonObject] : [],
  );
  expect(responses).toMatchObject([
    { subtype: "success", request_id: "r1", response: { commands: [], output_style: "default" } },
    { subtype: "success", request_id: "r2", response: { model: "claude-haiku-5-5" } },
    { subtype: "success", request_id: "r3", response: { mode: "plan" } },
    { subtype: "success", request_id: "r4", response: { still_queued: [] } },
    { subtype: "error", request_id: "r5", error: "Unsupported control request subtype: frobnicate" },
  ]);
  expect(messages.find(({ subtype }) => subtype === "init")).toMatchObject({
    model: "claude-haiku-5-5",
    permissionMode: "plan",
  });
  expect(agent.requests).toMatchObject([{ model: "haiku" }]);
});

const edit = { message: "Done.", durationMs: 1, edits: [{ path: "a.py", content: "one\n" }] };
const asking = [...host, "--permission-prompt-tool", "stdio"];

test.each([
  { behavior: "allow", updatedInput: { file_path: "/work/a.py", content: "two\n" }, made: "two\n", exitCode: 0 },
  { behavior: "allow", made: "one\n", exitCode: 0 },
  { behavior: "deny", message: "not now", made: undefined, exitCode: 0 },
  { behavior: "deny", message: "stop", interrupt: true, made: undefined, exitCode: 1 },
])("asks before it writes, and is told $behavior", ({ made, exitCode, ...response }) => {
  const asked = messagesOf(agent.run(asking, { input: user(prompt) }, edit)).find(
    ({ type }) => type === "control_request",
  )!;
  expect(asked["request"]).toMatchObject({ subtype: "can_use_tool", tool_name: "Write" });
  const answer = { subtype: "success", request_id: asked["request_id"], response };
  const done = agent.run(asking, { input: user(prompt) + line({ type: "control_response", response: answer }) }, edit);
  expect(done.exitCode).toBe(exitCode);
  expect(agent.disk.files("/work")["a.py"]).toBe(made);
  expect(messagesOf(done).at(-1)!["permission_denials"]).toHaveLength(made === undefined ? 1 : 0);
});

it("takes the end of input for a no", () => {
  const messages = messagesOf(agent.run(asking, { input: user(prompt) }, edit));
  expect(JSON.stringify(messages)).toContain("Tool permission stream closed before response received");
  expect(messages.at(-1)).toMatchObject({ subtype: "success", result: "Done." });
});

it("leaves a turn that stalls when it is interrupted, and goes on with the next", () => {
  const input = user(prompt) + request("r1", { subtype: "interrupt" }) + user("Again.");
  const script = (asked: AgentRequest): AgentAnswer =>
    asked.turn === 1 ? { message: "", durationMs: 1, failure: { kind: "stalled" } } : answered;
  const done = runProgram(claude(script), { args: host, files: agent.disk, input });
  expect(messagesOf(done).filter(({ type }) => type === "result")).toMatchObject([
    { subtype: "error_during_execution", terminal_reason: "aborted_streaming", is_error: true, num_turns: 2 },
    { subtype: "success", result: "Done." },
  ]);
  expect(done.exitCode).toBe(0);
});

it("says the user's messages again with --replay-user-messages", () => {
  const messages = messagesOf(agent.run([...host, "--replay-user-messages"], { input: user(prompt) }));
  expect(messages[0]).toMatchObject({ type: "user", message: { role: "user", content: prompt }, isReplay: true });
});

it("ends at a line that is not JSON, also when only half of it came", () => {
  for (const bad of ["not json\n", user(prompt).slice(0, 20)]) {
    expect(agent.run(host, { input: bad })).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(/^Error parsing streaming input line \(type=unknown, \d+ chars\): SyntaxError\n$/),
    });
  }
});

it("refuses loudly what it does not know of the protocol", () => {
  const hooks = { PreToolUse: [{ hookCallbackIds: ["h"] }] };
  expect(() => agent.run(host, { input: request("r", { subtype: "initialize", hooks }) })).toThrow(NotModelled);
  expect(() => agent.run(host, { input: request("r", { subtype: "rewind_files" }) })).toThrow(NotModelled);
});
