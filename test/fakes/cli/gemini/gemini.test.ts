import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentAnswer } from "../../../../fakes/cli/agent-script.ts";
import { gemini } from "../../../../fakes/cli/gemini/gemini.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { NotModelled, runProgram } from "../run-program.ts";

const trusted = { GEMINI_CLI_TRUST_WORKSPACE: "true" };

function ask(
  args: readonly string[],
  answer: Partial<AgentAnswer> = {},
  options: { input?: string; env?: Record<string, string> } = {},
) {
  const files = new MemoryDisk();
  files.makeFolder("/work");
  const prompts: string[] = [];
  const program = gemini((request) => {
    prompts.push(request.prompt);
    return { message: "Done.", durationMs: 1_000, ...answer };
  });
  const run = runProgram(program, { args, files, env: options.env ?? trusted, input: options.input ?? "" });
  return { ...run, files, prompts };
}

describe("what it says when all goes well", () => {
  it("is the last message, with much beside it on standard error", () => {
    const run = ask(["-p", "Do it.", "-y"]);
    expect(run).toMatchObject({ exitCode: 0, stdout: "Done.\n" });
    expect(run.stderr).not.toBe("");
  });

  it("is one object with -o json, spread over lines", () => {
    const { stdout } = ask(["--prompt=Do it.", "-o", "json", "-m", "g-1"], {
      usage: { inputTokens: 9, outputTokens: 3, cachedTokens: 4 },
    });
    expect(stdout.split("\n").length).toBeGreaterThan(10);
    expect(JSON.parse(stdout)).toMatchObject({
      response: "Done.",
      stats: { models: { "g-1": { tokens: { prompt: 9, candidates: 3, total: 12, cached: 4 } } } },
    });
  });

  it("is one event a line with -o stream-json, tools among them", () => {
    const { stdout } = ask(["-p", "Do it.", "-o", "stream-json"], {
      steps: [
        { kind: "text", text: "I look." },
        { kind: "command", command: "ls", output: "a\n", exitCode: 0 },
        { kind: "tool", name: "read_file", input: { path: "b" }, output: "no such file", isError: true },
      ],
    });
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ type }) => type)).toEqual([
      "init",
      "message",
      "message",
      "tool_use",
      "tool_result",
      "tool_use",
      "tool_result",
      "message",
      "result",
    ]);
    expect(events[3]).toMatchObject({ tool_name: "run_shell_command", parameters: { command: "ls" } });
    expect(events[6]).toMatchObject({ status: "error", error: { message: "no such file" } });
    expect(events[8]).toMatchObject({ status: "success", stats: { tool_calls: 2 } });
  });

  it("says the same in every format, and makes the same edits", () => {
    const format = fc.constantFrom("text", "json", "stream-json");
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), format, (message, content, output) => {
        const { stdout, files, exitCode } = ask(["-p", "x", "-o", output], {
          message,
          edits: [{ path: "a/b", content }],
        });
        const said = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>;
        const shown =
          output === "text"
            ? stdout.slice(0, -1)
            : output === "json"
              ? said(stdout)["response"]
              : said(stdout.trimEnd().split("\n").at(-2)!)["content"];
        expect(shown).toBe(message);
        expect(files.readText("/work/a/b")).toBe(content);
        expect(exitCode).toBe(0);
      }),
    );
  });
});

describe("its prompt", () => {
  it("is appended to what comes on standard input", () => {
    expect(ask(["-p", "Do it."], {}, { input: "Read this." }).prompts).toEqual(["Read this.\n\nDo it."]);
    expect(ask(["Do", "it."]).prompts).toEqual(["Do it."]);
    expect(ask([], {}, { input: "All of it." }).prompts).toEqual(["All of it."]);
  });

  it("must be there, in a folder that is trusted", () => {
    expect(ask([]).exitCode).toBe(42);
    expect(ask(["-p", "Do it."], {}, { env: {} }).exitCode).toBe(55);
    expect(ask(["-p", "Do it.", "--skip-trust"], {}, { env: {} }).exitCode).toBe(0);
  });
});

describe("what it says when something fails", () => {
  it.each([
    [{ failure: { kind: "api-error", status: 401 } }, 145],
    [{ failure: { kind: "api-error", status: 400 } }, 144],
    [{ failure: { kind: "api-error", status: 512 } }, 1],
    [{ failure: { kind: "not-logged-in" } }, 41],
    [{ failure: { kind: "max-turns" } }, 53],
    [{ failure: { kind: "context-overflow" } }, 144],
    [{ exitCode: 7, error: "odd" }, 7],
  ] as const)("%j: nothing on standard output, the error on standard error, exit code %d", (answer, exitCode) => {
    const run = ask(["-p", "Do it.", "-o", "json"], answer);
    expect(run).toMatchObject({ exitCode, stdout: "" });
    expect(run.stderr).toContain('"message"');
  });

  it("is nothing at all, and exit code 0, when the answer was filtered", () => {
    const run = ask(["-p", "Do it.", "-o", "json"], { failure: { kind: "content-filter" } });
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ response: "" });
  });

  it("is nothing any more when the stream stalls, whatever the signal", () => {
    expect(ask(["-p", "Do it."], { failure: { kind: "stalled" } }).hangs).toBe(true);
    expect(gemini(() => undefined).signals).toEqual({ SIGTERM: { kind: "ignore" }, SIGINT: { kind: "ignore" } });
  });

  it("is the usage for options that it does not have, and loud for those that are not modelled", () => {
    expect(ask(["--nope"])).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ask(["-p", "x", "-o", "xml"]).exitCode).toBe(1);
    expect(ask(["-p"]).exitCode).toBe(1);
    expect(() => ask(["-p", "x", "--resume", "latest"])).toThrow(NotModelled);
  });
});

it("says its version", () => {
  expect(ask(["--version"])).toMatchObject({ exitCode: 0, stdout: "0.61.0\n" });
});
