import fc from "fast-check";
import { beforeEach, expect, it, test } from "vitest";
import type { AgentAnswer, AgentFailure } from "../../../../fakes/cli/agent-script.ts";
import type { JsonObject } from "../../../../src/base/json.ts";
import { MemoryDisk } from "../memory-disk.ts";
import type { ProgramRun } from "../run-program.ts";
import { ClaudeOnDisk, editing, messagesOf, prompt, resultOf, stream } from "./claude-on-disk.ts";

let agent: ClaudeOnDisk;

beforeEach(() => {
  agent = new ClaudeOnDisk();
});

it("prints the last message alone as text", () => {
  expect(agent.run(["-p", prompt, ...editing])).toMatchObject({ exitCode: 0, stdout: "Done.\n", stderr: "" });
  expect(agent.disk.files("/work")).toEqual({ "src/a.py": "one\n" });
});

it("prints one result as JSON", () => {
  const { stdout } = agent.run(["-p", prompt, "--output-format", "json", ...editing]);
  expect(stdout.split("\n")).toHaveLength(2);
  expect(JSON.parse(stdout)).toEqual({
    type: "result",
    subtype: "success",
    is_error: false,
    api_error_status: null,
    result: "Done.",
    num_turns: 4,
    stop_reason: "end_turn",
    terminal_reason: "completed",
    session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    total_cost_usd: 0.5,
    usage: {
      input_tokens: 280,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 21,
      output_tokens: 60,
      output_tokens_details: { thinking_tokens: 0 },
      server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
      service_tier: "standard",
      cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
      inference_geo: "",
      iterations: [],
      speed: "standard",
    },
    modelUsage: {
      "claude-opus-5-5": {
        inputTokens: 280,
        outputTokens: 60,
        cacheReadInputTokens: 21,
        cacheCreationInputTokens: 0,
        webSearchRequests: 0,
        costUSD: 0.5,
        contextWindow: 1_000_000,
        maxOutputTokens: 128_000,
      },
    },
    permission_denials: [],
    duration_ms: 9_000,
    duration_api_ms: 9_000,
    fast_mode_state: "off",
    queued_turn_count: 0,
    result_index: 0,
  });
});

it("streams a message for each block and each tool, between how it begins and its result", () => {
  const messages = messagesOf(agent.run(["-p", prompt, ...stream, ...editing]));
  expect(messages.map(outline)).toEqual([
    "system init",
    "assistant thinking",
    "assistant text",
    "assistant tool_use Bash",
    "user tool_result",
    "assistant tool_use Write",
    "user tool_result",
    "assistant tool_use Bash",
    "user tool_result",
    "assistant text",
    "result success",
  ]);
  expect(new Set(messages.map((message) => message["session_id"])).size).toBe(1);
  expect(new Set(messages.map((message) => message["uuid"])).size).toBe(messages.length);
  expect(messages[0]).toMatchObject({ cwd: "/work", model: "claude-opus-5-5", permissionMode: "acceptEdits" });
});

it("prints all of the stream as one list with JSON and --verbose", () => {
  const list = JSON.parse(agent.run(["-p", prompt, "--output-format=json", "--verbose"]).stdout) as JsonObject[];
  expect(outline(list[0]!)).toBe("system init");
  expect(outline(list.at(-1)!)).toBe("result success");
});

it("puts together from partial messages what the whole ones say", () => {
  const messages = messagesOf(agent.run(["-p", prompt, ...stream, ...editing, "--include-partial-messages"]));
  const events = messages.filter(({ type }) => type === "stream_event").map(({ event }) => event as JsonObject);
  const texts = events.map((event) => (event["delta"] as { text?: string } | undefined)?.text ?? "");
  expect(texts.join("")).toBe("I look.Done.");
  const starts = events.filter(({ type }) => type === "message_start");
  expect(events.filter(({ type }) => type === "message_stop")).toHaveLength(starts.length);
});

test("in every format the message, the edits on disk and the exit code say the same", () => {
  const edit = fc.record({
    path: fc.stringMatching(/^[a-c]\/[d-f]$/),
    content: fc.option(fc.string({ maxLength: 20, unit: "grapheme-ascii" })),
  });
  const failure = fc.constantFrom<AgentFailure | undefined>(
    undefined,
    undefined,
    { kind: "api-error", status: 400, message: "no" },
    { kind: "refusal" },
    { kind: "context-overflow" },
    { kind: "reconnects", times: 2 },
    { kind: "max-turns" },
  );
  const answers = fc.record({
    message: fc.string({ minLength: 1, unit: "grapheme-ascii" }).filter((text) => text.trim() !== ""),
    durationMs: fc.nat(10_000),
    edits: fc.array(edit, { maxLength: 4 }),
    failure,
  });
  fc.assert(
    fc.property(answers, fc.constantFrom([], editing, ["--max-turns=2", ...editing]), (given, args) => {
      const { failure: ends, ...rest } = given;
      const answer: AgentAnswer = ends === undefined ? rest : { ...rest, failure: ends };
      const outcomes = [[], ["--output-format", "json"], stream].map((format) => {
        const files = new MemoryDisk();
        files.makeFolder("/work");
        const done = agent.run(["-p", prompt, ...format, ...args], { files }, answer);
        return { ...saidBy(done, format), exitCode: done.exitCode, files: files.files("/work") };
      });
      expect(outcomes[1]!.text).toBe(outcomes[2]!.text);
      for (const { exitCode, files } of outcomes) {
        expect(exitCode).toBe(outcomes[1]!.isError ? 1 : 0);
        expect(files).toEqual(outcomes[0]!.files);
      }
      if (outcomes[1]!.isSuccess) expect(outcomes[0]!.text).toBe(outcomes[1]!.text);
    }),
    { numRuns: 60 },
  );
});

interface Outlined {
  readonly type: string;
  readonly subtype?: string;
  readonly message?: { readonly content?: readonly { readonly type: string; readonly name?: string }[] };
}

/** As `assistant tool_use Write`. */
function outline(message: JsonObject): string {
  const { type, subtype, message: said } = message as unknown as Outlined;
  const block = said?.content?.[0];
  const words = [type, subtype, block?.type, block?.name];
  return words.filter((word) => word !== undefined).join(" ");
}

function saidBy(done: ProgramRun, format: readonly string[]): { text: string; isError: boolean; isSuccess: boolean } {
  if (format.length === 0) return { text: done.stdout.slice(0, -1), isError: done.exitCode !== 0, isSuccess: false };
  const result = resultOf(done);
  const text = result["result"] ?? (result["errors"] as readonly string[])[0]!;
  return { text: text as string, isError: result["is_error"] as boolean, isSuccess: result["subtype"] === "success" };
}
