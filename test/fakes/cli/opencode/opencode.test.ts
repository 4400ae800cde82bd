import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentAnswer } from "../../../../fakes/cli/agent-script.ts";
import { opencode } from "../../../../fakes/cli/opencode/opencode.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { NotModelled, runProgram } from "../run-program.ts";

function ask(
  args: readonly string[],
  answer: Partial<AgentAnswer> = {},
  options: { input?: string; killAtYield?: number } = {},
) {
  const files = new MemoryDisk();
  files.makeFolder("/work/sub");
  const prompts: string[] = [];
  const program = opencode((request) => {
    prompts.push(request.prompt);
    return { message: "Done.", durationMs: 1_000, ...answer };
  });
  return { ...runProgram(program, { args, files, input: "", ...options }), files, prompts };
}

type Line = {
  readonly type: string;
  readonly part?: Record<string, unknown>;
  readonly error?: Record<string, unknown>;
};

function linesOf(stdout: string): readonly Line[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

describe("what it says when all goes well", () => {
  it("is the last message", () => {
    expect(ask(["run", "Do", "it."])).toMatchObject({ exitCode: 0, stdout: "Done.\n" });
  });

  it("is one event a line with --format json, tools among them", () => {
    const { stdout } = ask(["run", "--format=json", "-m", "storm/one", "Do it."], {
      steps: [
        { kind: "command", command: "ls", output: "a\n", exitCode: 0 },
        { kind: "tool", name: "read", input: { path: "b" }, output: "no such file", isError: true },
      ],
      usage: { inputTokens: 9, outputTokens: 3, cachedTokens: 4 },
      costUsd: 0.5,
    });
    const lines = linesOf(stdout);
    expect(lines.map(({ type }) => type)).toEqual([
      "step_start",
      "tool_use",
      "step_finish",
      "step_start",
      "tool_use",
      "step_finish",
      "step_start",
      "text",
      "step_finish",
    ]);
    expect(lines[1]!.part).toMatchObject({ tool: "bash", state: { status: "completed", input: { command: "ls" } } });
    expect(lines[4]!.part).toMatchObject({ tool: "read", state: { status: "error", error: "no such file" } });
    expect(lines[2]!.part).toMatchObject({ reason: "tool-calls" });
    expect(lines[8]!.part).toMatchObject({
      reason: "stop",
      tokens: { input: 9, output: 3, reasoning: 0, cache: { read: 4, write: 0 }, total: 12 },
      cost: 0.5,
    });
  });

  it("says the same in both formats, and makes the same edits", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.boolean(), (message, content, json) => {
        const args = ["run", ...(json ? ["--format", "json"] : []), "--dir", "sub", "x"];
        const { stdout, files, exitCode } = ask(args, { message, edits: [{ path: "a/b", content }] });
        const shown = json ? linesOf(stdout).find(({ type }) => type === "text")!.part!["text"] : stdout.slice(0, -1);
        expect(shown).toBe(message);
        expect(files.readText("/work/sub/a/b")).toBe(content);
        expect(exitCode).toBe(0);
      }),
    );
  });

  it("takes its prompt from its arguments and from standard input, to the end", () => {
    expect(ask(["run", "Do", "it."], {}, { input: "Read this." }).prompts).toEqual(["Do it.\nRead this."]);
    expect(ask(["run"], {}, { input: "All of it." }).prompts).toEqual(["All of it."]);
    expect(ask(["run"]).exitCode).toBe(1);
    expect(ask(["run", "x"]).steps.some(({ kind }) => kind === "input")).toBe(true);
  });
});

describe("what it says when something fails", () => {
  it.each([
    [
      { kind: "api-error", status: 503 },
      { name: "APIError", data: { statusCode: 503, isRetryable: true } },
    ],
    [
      { kind: "api-error", status: 400 },
      { name: "APIError", data: { statusCode: 400, isRetryable: false } },
    ],
    [{ kind: "context-overflow" }, { name: "ContextOverflowError" }],
    [{ kind: "content-filter" }, { name: "ContentFilterError" }],
    [{ kind: "not-logged-in" }, { name: "ProviderAuthError" }],
  ] as const)("%j: an error of its own name, and exit code 1", (failure, error) => {
    const run = ask(["run", "--format", "json", "x"], { failure });
    expect(run.exitCode).toBe(1);
    expect(linesOf(run.stdout)).toMatchObject([{ type: "error", error }]);
    expect(ask(["run", "x"], { failure })).toMatchObject({ exitCode: 1, stdout: "" });
  });

  it("goes round for ever when the model ends for a reason that it does not know", () => {
    const run = ask(["run", "--format", "json", "x"], { failure: { kind: "unknown-finish" } }, { killAtYield: 50 });
    const reasons = linesOf(run.stdout).filter(({ type }) => type === "step_finish");
    expect(reasons.length).toBeGreaterThan(40);
    expect(run.exitCode).toBeUndefined();
  });

  it("waits for ever when the stream stalls, and answers a refusal with nothing", () => {
    expect(ask(["run", "x"], { failure: { kind: "stalled" } }).hangs).toBe(true);
    expect(ask(["run", "x"], { failure: { kind: "refusal" } })).toMatchObject({ exitCode: 0, stdout: "" });
  });

  it("is the usage for options that it does not have, and loud for those that are not modelled", () => {
    expect(ask(["run", "--nope", "x"])).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ask(["run", "--format", "xml", "x"]).exitCode).toBe(1);
    expect(ask(["run", "-m", "nameless", "x"]).exitCode).toBe(1);
    expect(() => ask(["run", "-c", "x"])).toThrow(NotModelled);
    expect(() => ask(["serve"])).toThrow(NotModelled);
  });
});

it("says its version", () => {
  expect(ask(["--version"])).toMatchObject({ exitCode: 0, stdout: "1.18.33\n" });
});
