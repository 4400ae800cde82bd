import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  CanUseTool,
  Options,
  Query,
  SDKMessage,
  SDKResultMessage,
  SDKUserMessage,
} from "@anthropic-ai/claude-agent-sdk";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { installPrograms, type InstalledPrograms } from "./installed-programs.ts";
import { describeClient } from "./requires-package.ts";
import { forecast, forecastSchema } from "./scripted-model.ts";

const rules = [
  { match: { token: "failed" }, answer: { failure: { kind: "api-error", status: 400, message: "no such model" } } },
  { match: { token: "structured" }, answer: { structured: forecast } },
  { match: { token: "shaky" }, answer: { message: "At last.", failure: { kind: "reconnects", times: 2 } } },
  { match: { token: "stalled", turn: 1 }, answer: { failure: { kind: "stalled" } } },
  { match: { turn: 2 }, answer: { message: "As I said." } },
  {
    answer: {
      message: "Done.",
      steps: [
        { kind: "reasoning", text: "Look first." },
        { kind: "command", command: "ls", output: "a.py\n", exitCode: 0 },
      ],
      edits: [{ path: "src/{{token}}.py", content: "one = 1\n" }],
      usage: { inputTokens: 20, outputTokens: 5, cachedTokens: 4 },
      costUsd: 0.25,
    },
  },
];

const faults = [
  { program: "claude", match: { token: "cut" }, fault: { kind: "exitAfterBytes", sizeBytes: 900, exitCode: 0 } },
  { program: "claude", match: { token: "noisy" }, fault: { kind: "garbageBytes", sizeBytes: 200 } },
  { program: "claude", match: { token: "killed" }, fault: { kind: "dieBySignal", signal: "SIGKILL", when: "start" } },
  { program: "claude", match: { token: "late" }, fault: { kind: "exitNonZeroAfterResult", exitCode: 3 } },
];

await describeClient(
  "@anthropic-ai/claude-agent-sdk",
  () => import("@anthropic-ai/claude-agent-sdk"),
  ({ query }) => {
    let programs: InstalledPrograms;
    let messages: SDKMessage[];
    beforeAll(() => {
      programs = installPrograms({ agents: { claude: rules }, faults });
    });
    afterAll(() => programs.remove());
    beforeEach(() => {
      messages = [];
    });

    const options = (token: string, more: Options = {}): Options => ({
      pathToClaudeCodeExecutable: programs.path("claude"),
      cwd: programs.workspace,
      env: { PATH: process.env["PATH"], HOME: join(programs.workspace, "..", "home"), STORMLANE_TOKEN: token },
      permissionMode: "acceptEdits",
      ...more,
    });
    const ask = (token: string, more: Options = {}): Query =>
      query({ prompt: "Write it.", options: options(token, more) });
    /** Keeps what came before it broke. */
    const read = async (running: Query): Promise<SDKResultMessage | undefined> => {
      for await (const message of running) messages.push(message);
      return results().at(-1);
    };
    const written = (token: string): string => join(programs.workspace, `src/${token}.py`);

    test("runs a turn: what it did on the way, its last message, usage and cost, and its edits on disk", async () => {
      const result = await read(ask("plain", { model: "claude-storm-1" }));
      expect(result).toMatchObject({
        subtype: "success",
        is_error: false,
        result: "Done.",
        num_turns: 3,
        total_cost_usd: 0.25,
        usage: { input_tokens: 16, cache_read_input_tokens: 4, output_tokens: 5 },
        modelUsage: { "claude-storm-1": { costUSD: 0.25 } },
      });
      const contents = messages.flatMap((each) => (each.type === "assistant" ? each.message.content : []));
      expect(contents.map(({ type }) => type)).toEqual(["thinking", "tool_use", "tool_use", "text"]);
      expect(readFileSync(written("plain"), "utf8")).toBe("one = 1\n");
    });

    test("streams the API's events between the messages", async () => {
      await read(ask("partial", { includePartialMessages: true }));
      const events = messages.flatMap((message) => (message.type === "stream_event" ? [message.event] : []));
      const text = events
        .flatMap((event) =>
          event.type === "content_block_delta" && event.delta.type === "text_delta" ? event.delta.text : [],
        )
        .join("");
      expect(text).toBe("Done.");
      expect(events.filter(({ type }) => type === "message_stop")).toHaveLength(3);
    });

    test("asks its user before it writes, and does as it is told", async () => {
      const asked: string[] = [];
      const canUseTool =
        (answer: "allow" | "deny"): CanUseTool =>
        async (name, input) => {
          asked.push(name);
          return answer === "allow"
            ? { behavior: "allow", updatedInput: { ...input, content: "two = 2\n" } }
            : { behavior: "deny", message: "not now" };
        };
      const allowed = await read(ask("allowed", { permissionMode: "default", canUseTool: canUseTool("allow") }));
      expect(allowed).toMatchObject({ result: "Done.", permission_denials: [] });
      expect(readFileSync(written("allowed"), "utf8")).toBe("two = 2\n");
      const denied = await read(ask("denied", { permissionMode: "default", canUseTool: canUseTool("deny") }));
      expect(denied).toMatchObject({ result: "Done.", permission_denials: [{ tool_name: "Write" }] });
      expect(existsSync(written("denied"))).toBe(false);
      expect(asked).toEqual(["Write", "Write"]);
    });

    test("makes no edit that nobody allowed", async () => {
      const result = await read(ask("forbidden", { permissionMode: "default" }));
      expect(result).toMatchObject({ result: "Done.", permission_denials: [{ tool_name: "Write" }] });
      expect(existsSync(written("forbidden"))).toBe(false);
    });

    test("answers by a schema", async () => {
      const schema = forecastSchema as Record<string, unknown>;
      const result = await read(ask("structured", { outputFormat: { type: "json_schema", schema } }));
      expect(result).toMatchObject({ subtype: "success", structured_output: forecast });
    });

    test("goes on with a session, and forks it", async () => {
      const first = await read(ask("resumed"));
      const id = first!.session_id;
      expect(await read(ask("resumed", { resume: id }))).toMatchObject({ session_id: id, result: "As I said." });
      const fork = await read(ask("resumed", { resume: first!.session_id, forkSession: true }));
      expect(fork!.session_id).not.toBe(id);
      await expect(read(ask("resumed", { resume: "00000000-0000-4000-8000-000000000000" }))).rejects.toThrow(
        /No conversation found/,
      );
    });

    test("talks over several turns, with the model and the mode changed between them, and is told about itself", async () => {
      let models: readonly string[] = [];
      await talk("talk", async (running) => {
        models = (await running.supportedModels()).map(({ value }) => value);
        await running.setModel("claude-haiku-5-5");
        await running.setPermissionMode("plan");
      });
      expect(models).toContain("opus");
      const inits = messages.flatMap((each) => (each.type === "system" && each.subtype === "init" ? [each] : []));
      expect(inits.map(({ model, permissionMode }) => ({ model, permissionMode }))).toEqual([
        { model: "claude-opus-5-5", permissionMode: "acceptEdits" },
        { model: "claude-haiku-5-5", permissionMode: "plan" },
      ]);
      expect(results()).toMatchObject([{ result: "Done." }, { result: "As I said." }]);
    });

    test("stops a turn that stalls when its user interrupts, and goes on with the next", async () => {
      await talk("stalled", async () => {});
      expect(results()).toMatchObject([
        { subtype: "error_during_execution", terminal_reason: "aborted_streaming" },
        { subtype: "success", result: "As I said." },
      ]);
    });

    /** Two turns; the first is interrupted if it stalls. */
    async function talk(token: string, between: (running: Query) => Promise<void>): Promise<void> {
      let goOn = (): void => {};
      const first = new Promise<void>((done) => (goOn = done));
      const running = query({ prompt: prompts(), options: options(token) });
      async function* prompts(): AsyncGenerator<SDKUserMessage> {
        yield said("Write it.");
        await first;
        await between(running);
        yield said("Again.");
      }
      for await (const message of running) {
        messages.push(message);
        if (token === "stalled" && messages.length === 1) await running.interrupt();
        if (message.type === "result") goOn();
      }
    }

    function said(content: string): SDKUserMessage {
      return { type: "user", message: { role: "user", content }, parent_tool_use_id: null };
    }

    function results(): readonly SDKResultMessage[] {
      return messages.flatMap((message) => (message.type === "result" ? [message] : []));
    }

    test("tells a failure of the provider, new connections and limits apart", async () => {
      await expect(read(ask("failed"))).rejects.toThrow(/no such model/);
      expect(messages.at(-1)).toMatchObject({
        type: "result",
        subtype: "success",
        is_error: true,
        api_error_status: 400,
      });
      expect(await read(ask("shaky"))).toMatchObject({ result: "At last." });
      expect(messages.filter((each) => each.type === "system" && each.subtype === "api_retry")).toHaveLength(2);
      await expect(read(ask("limited", { maxTurns: 1 }))).rejects.toThrow(/maximum number of turns/);
      await expect(read(ask("poor", { maxBudgetUsd: 0.1 }))).rejects.toThrow(/maximum budget/);
    });

    test("finds out what is wrong with its output and its end, or does not", async () => {
      // Half a line is as good as none.
      expect(await read(ask("cut"))).toBeUndefined();
      expect(await read(ask("noisy"))).toMatchObject({ result: "Done." });
      await expect(read(ask("killed"))).rejects.toThrow(/signal SIGKILL/);
      await expect(read(ask("late"))).rejects.toThrow(/code 3/);
    });

    test("ends the program when its user aborts", async () => {
      const abortController = new AbortController();
      const running = ask("stalled", { abortController });
      const reading = (async () => {
        for await (const _ of running) abortController.abort();
      })();
      await expect(reading).rejects.toThrow(/abort/i);
    });
  },
);
