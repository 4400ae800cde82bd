import { beforeEach, expect, it, test } from "vitest";
import { MemoryDisk } from "../memory-disk.ts";
import { runProgram } from "../run-program.ts";
import { ClaudeOnDisk, answered, editing, messagesOf, prompt, resultOf, stream } from "./claude-on-disk.ts";

let agent: ClaudeOnDisk;

beforeEach(() => {
  agent = new ClaudeOnDisk();
});

test.each([
  [{ kind: "api-error", status: 400, message: "bad" }, "API Error: 400 bad", 400, "api_error"],
  [{ kind: "api-error", status: 401 }, "Invalid API key · Fix external API key", 401, "api_error"],
  [
    { kind: "api-error", status: 429, message: "slow down" },
    "API Error: Request rejected (429) · slow down",
    429,
    "api_error",
  ],
  [{ kind: "api-error", status: 529, message: "Overloaded" }, "API Error: 529 Overloaded", 529, "api_error"],
  [{ kind: "context-overflow" }, "Prompt is too long", 400, "prompt_too_long"],
  [{ kind: "not-logged-in" }, "Not logged in · Please run /login", null, "api_error"],
] as const)("of the provider are a success that is an error: %j", (failure, result, status, reason) => {
  const answer = { message: "Done.", durationMs: 1, failure };
  const json = agent.run(["-p", prompt, "--output-format", "json"], {}, answer);
  expect(json.exitCode).toBe(1);
  expect(resultOf(json)).toMatchObject({
    subtype: "success",
    is_error: true,
    api_error_status: status,
    terminal_reason: reason,
    result,
  });
  expect(agent.run(["-p", prompt], {}, answer)).toMatchObject({ exitCode: 1, stdout: `${result}\n`, stderr: "" });
});

it("shows each try before it gives up, for as long as the real one waits", () => {
  const failure = { kind: "api-error", status: 500, message: "oops" } as const;
  const done = agent.run(["-p", prompt, ...stream], {}, { message: "", durationMs: 0, failure });
  const retries = messagesOf(done).filter(({ subtype }) => subtype === "api_retry");
  expect(retries.map((retry) => retry["retry_delay_ms"])).toEqual([
    500, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000, 32_000,
  ]);
  expect(retries[0]).toMatchObject({ attempt: 1, max_retries: 10, error_status: 500, error: "server_error" });
  expect(done.durationUs).toBeGreaterThan(159_000_000);
  const env = { CLAUDE_CODE_MAX_RETRIES: "1" };
  const once = agent.run(["-p", prompt, ...stream], { env }, { message: "", durationMs: 0, failure });
  expect(messagesOf(once).filter(({ subtype }) => subtype === "api_retry")).toHaveLength(1);
});

it("ends at its limits, with what it did until then", () => {
  const turns = resultOf(agent.run(["-p", prompt, "--output-format=json", ...editing, "--max-turns", "2"]));
  expect(turns).toMatchObject({
    subtype: "error_max_turns",
    is_error: true,
    errors: ["Reached maximum number of turns (2)"],
    num_turns: 3,
    terminal_reason: "max_turns",
  });
  expect(agent.disk.files("/work")).toEqual({ "old.py": "old\n", "src/a.py": "one\n" });
  expect(agent.run(["-p", prompt, "--max-turns", "2"])).toMatchObject({
    exitCode: 1,
    stdout: "Error: Reached max turns (2)\n",
  });
  expect(agent.run(["-p", prompt, "--max-turns", "0"])).toMatchObject({ exitCode: 0, stdout: "Done.\n" });
  const budget = resultOf(agent.run(["-p", prompt, "--output-format=json", "--max-budget-usd", "0.2"]));
  expect(budget).toMatchObject({ subtype: "error_max_budget_usd", errors: ["Reached maximum budget ($0.2)"] });
  expect(budget["total_cost_usd"]).toBe(0.25);
});

it("answers all the same after new connections, or for a reason that it does not know", () => {
  const shaky = { ...answered, failure: { kind: "reconnects", times: 3 } } as const;
  const messages = messagesOf(agent.run(["-p", prompt, ...stream], {}, shaky));
  expect(messages.filter(({ subtype }) => subtype === "api_retry")).toHaveLength(3);
  expect(messages.at(-1)).toMatchObject({ subtype: "success", result: "Done.", is_error: false });
  const unknown = { ...answered, failure: { kind: "unknown-finish" } } as const;
  expect(resultOf(agent.run(["-p", prompt, "--output-format=json"], {}, unknown))).toMatchObject({
    stop_reason: "unknown",
    result: "Done.",
  });
});

it("waits for ever when the provider stalls", () => {
  expect(agent.run(["-p", prompt], {}, { message: "", durationMs: 1, failure: { kind: "stalled" } }).hangs).toBe(true);
});

it("tells the model of a disk that refuses, and goes on", () => {
  const edits = [{ path: "old.py/a.py", content: "one\n" }];
  const messages = messagesOf(
    agent.run(["-p", prompt, ...stream, ...editing], {}, { message: "Done.", durationMs: 1, edits }),
  );
  expect(JSON.stringify(messages)).toMatch(/"E[A-Z]+: .*\/work\/old.py/);
  expect(messages.at(-1)).toMatchObject({ subtype: "success", result: "Done." });
});

it("ends with the script's exit code and error, without a result", () => {
  const crash = { message: "", durationMs: 1, exitCode: 7, error: "out of luck" };
  expect(agent.run(["-p", prompt, "--output-format=json"], {}, crash)).toMatchObject({
    exitCode: 7,
    stdout: "",
    stderr: "out of luck\n",
  });
});

it("asks nobody when nobody is logged in", () => {
  const done = runProgram(agent.program(answered, { loggedIn: false }), { args: ["-p", prompt], files: agent.disk });
  expect(done).toMatchObject({ exitCode: 1, stdout: "Not logged in · Please run /login\n" });
  expect(agent.requests).toEqual([]);
});

it("exits as its handlers do: 143, 0 and 129", () => {
  expect(agent.program(answered).signals).toEqual({
    SIGTERM: { kind: "exit", exitCode: 143 },
    SIGINT: { kind: "exit", exitCode: 0 },
    SIGHUP: { kind: "exit", exitCode: 129 },
  });
});

it("leaves the first of its edits and no result when it is killed on the way", () => {
  const states = Array.from({ length: 11 }, (_, index) => {
    const files = new MemoryDisk();
    files.makeFolder("/work");
    const edits = ["a", "b"].map((path) => ({ path, content: path }));
    const answer = { message: "Done.", durationMs: 9, edits };
    const done = agent.run(["-p", prompt, ...editing], { files, killAtYield: index + 1 }, answer);
    return [Object.keys(files.files("/work")).join(""), done.stdout];
  });
  const none = ["", ""];
  expect(states).toEqual([
    none,
    none,
    none,
    none,
    none,
    none,
    ["a", ""],
    ["a", ""],
    ["ab", ""],
    ["ab", "Done.\n"],
    ["ab", "Done.\n"],
  ]);
});
