import { beforeEach, expect, it, test } from "vitest";
import { NotModelled } from "../run-program.ts";
import { ClaudeOnDisk, prompt, resultOf } from "./claude-on-disk.ts";

let agent: ClaudeOnDisk;

beforeEach(() => {
  agent = new ClaudeOnDisk();
});

const refused: readonly (readonly [readonly string[], string])[] = [
  [["-p"], "Error: Input must be provided either through stdin or as a prompt argument when using --print"],
  [
    ["-p", "hi", "--output-format", "stream-json"],
    "Error: When using --print, --output-format=stream-json requires --verbose",
  ],
  [["-p", "hi", "--frobnicate"], "error: unknown option '--frobnicate'"],
  [
    ["-p", "hi", "--output-format=xml"],
    "error: option '--output-format <format>' argument 'xml' is invalid. Allowed choices are text, json, stream-json.",
  ],
  [["-p", "hi", "--model"], "error: option '--model <model>' argument missing"],
  [["-p", "hi", "--max-turns", "x"], "error: option '--max-turns <turns>' argument 'x' is invalid. must be a number"],
  [["-p", "hi", "--session-id", "nope"], "Error: Invalid session ID. Must be a valid UUID."],
  [
    ["-p", "hi", "--input-format", "stream-json"],
    "Error: --input-format=stream-json requires output-format=stream-json.",
  ],
  [
    ["-p", "hi", "--include-partial-messages"],
    "Error: --include-partial-messages requires --print and --output-format=stream-json.",
  ],
  [
    ["-p", "hi", "--mcp-config", "none.json"],
    "Error: Invalid MCP configuration:\nMCP config file not found: /work/none.json",
  ],
];
test.each(refused)("%j is refused in the words of the real one", (args, message) => {
  expect(agent.run(args)).toMatchObject({ exitCode: 1, stdout: "", stderr: `${message}\n` });
});

it("takes each option with a space or an equals sign", () => {
  const spaced = ["-p", prompt, "--model", "sonnet", "--output-format", "json", "--append-system-prompt", "-x"];
  const joined = ["-p", prompt, "--model=sonnet", "--output-format=json", "--append-system-prompt=-x"];
  expect(agent.run(joined).stdout).toBe(agent.run(spaced).stdout);
  expect(agent.requests.map(({ model }) => model)).toEqual(["sonnet", "sonnet"]);
  expect(agent.run(joined).stdout).toContain('"claude-sonnet-5-5"');
});

it("puts what comes on standard input below the argument", () => {
  agent.run(["-p", "Review this:"], { input: "diff\n" });
  agent.run(["-p"], { input: prompt });
  expect(agent.requests.map((asked) => asked.prompt)).toEqual(["Review this:\ndiff\n", prompt]);
});

it("answers by a schema: what the script says, or the message as JSON", () => {
  const args = ["-p", prompt, "--json-schema", '{"type":"object"}'];
  const structured = { a: 1 };
  expect(agent.run(args, {}, { message: "", durationMs: 1, structured }).stdout).toBe('{"a":1}\n');
  const result = resultOf(agent.run([...args, "--output-format=json"], {}, { message: '{"a":2}', durationMs: 1 }));
  expect(result).toMatchObject({ result: '{"a":2}', structured_output: { a: 2 }, num_turns: 2 });
  const prose = resultOf(agent.run([...args, "--output-format=json"], {}, { message: "Prose.", durationMs: 1 }));
  expect(prose).not.toHaveProperty("structured_output");
  expect(agent.requests[0]!.outputSchema).toEqual({ type: "object" });
});

it("asks the script with the token of the environment, the model or the prompt", () => {
  agent.run(["-p", prompt], { env: { STORMLANE_TOKEN: "one" } });
  agent.run(["-p", prompt, "--model", "opus@two"]);
  agent.run(["-p", `token: three\n${prompt}`]);
  expect(agent.requests.map(({ token, role, key, attempt }) => ({ token, role, key, attempt }))).toEqual(
    ["one", "two", "three"].map((token) => ({ token, role: "coder", key: "EPIC-1/s2", attempt: 3 })),
  );
});

it("refuses loudly what exists and is not modelled", () => {
  expect(() => agent.run(["-p", prompt, "--worktree"])).toThrow(NotModelled);
  expect(() => agent.run(["mcp", "list"])).toThrow(NotModelled);
  expect(() => agent.run(["-p", prompt], {}, null)).toThrow(NotModelled);
});

it("says its version", () => {
  expect(agent.run(["--version"])).toMatchObject({ exitCode: 0, stdout: "2.1.329 (Claude Code)\n" });
});
