import { beforeEach, expect, it } from "vitest";
import type { AgentAnswer, AgentRequest } from "../../../../fakes/cli/agent-script.ts";
import { codex } from "../../../../fakes/cli/codex/codex.ts";
import { promptDigest } from "../../../../fakes/llm/prompt-digest.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { NotModelled, runProgram } from "../run-program.ts";
import type { ProgramRun, RunOptions } from "../run-program.ts";

const prompt = "role: coder\nkey: EPIC-1/s2\nattempt: 3\n\nWrite it.";
const answered: AgentAnswer = {
  message: "Done.",
  durationMs: 9_000,
  edits: [
    { path: "src/a.py", content: "one\n" },
    { path: "src/b.py", content: "two\n" },
    { path: "old.py", content: null },
  ],
};

let disk: MemoryDisk;
let requests: AgentRequest[];

beforeEach(() => {
  disk = new MemoryDisk();
  disk.makeFolder("/work");
  disk.makeFolder("/tmp");
  disk.write("/work/old.py", "old\n");
  requests = [];
});

it("asks the script with what the prompt says of itself", () => {
  run(["-m", "gpt", "--skip-git-repo-check", prompt]);
  expect(requests).toMatchObject([
    {
      role: "coder",
      key: "EPIC-1/s2",
      attempt: 3,
      model: "gpt",
      cwd: "/work",
      prompt,
      promptDigest: promptDigest(prompt),
    },
  ]);
});

it("makes the edits, then writes the last message to the file and to standard output alone", () => {
  const done = run(["--skip-git-repo-check", "--output-last-message", "/tmp/last", prompt]);
  expect(done).toMatchObject({
    exitCode: 0,
    stdout: "Done.\n",
    stderr: expect.stringContaining("OpenAI Codex v0.169.0"),
  });
  expect(disk.readText("/tmp/last")).toBe("Done.");
  expect(disk.files("/work")).toEqual({ "src/a.py": "one\n", "src/b.py": "two\n" });
  expect(done.durationUs).toBe(9_060_000);
});

it("leaves the first of its edits when it is killed on the way", () => {
  const edits: (readonly string[])[] = [];
  for (let killAtYield = 1; killAtYield <= 6; killAtYield++) {
    const files = new MemoryDisk();
    files.makeFolder("/work");
    run(["--skip-git-repo-check", prompt], { files, killAtYield });
    edits.push(Object.keys(files.files("/work")));
  }
  expect(edits).toEqual([[], [], [], ["src/a.py"], ["src/a.py", "src/b.py"], ["src/a.py", "src/b.py"]]);
});

it("reads the prompt from standard input with a dash, and reads it to the end even with an argument", () => {
  run(["--skip-git-repo-check", "-"], { input: prompt });
  const steps = run(["--skip-git-repo-check", prompt], { input: "more" }).steps.map((step) => step.kind);
  expect(steps).toContain("input");
  expect(requests.map((request) => request.prompt)).toEqual([prompt, `${prompt}\n\n<stdin>\nmore\n</stdin>`]);
  expect(run(["--skip-git-repo-check", "-"], { input: "" })).toMatchObject({ exitCode: 1, stdout: "" });
});

it("prints one event a line with --json, a failed turn included", () => {
  expect(eventTypes(answered)).toEqual([
    "thread.started",
    "turn.started",
    "item.completed",
    "item.completed",
    "turn.completed",
  ]);
  expect(eventTypes({ message: "", durationMs: 1, exitCode: 1, error: "no" })).toEqual([
    "thread.started",
    "turn.started",
    "error",
    "turn.failed",
  ]);
});

it("fails as the real one: 1 outside of a repository, 1 for a failed turn, 2 for a bad option", () => {
  expect(run([prompt])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--skip-git-repo-check") });
  disk.makeFolder("/work/.git");
  expect(run([prompt]).exitCode).toBe(0);
  expect(run([prompt], {}, { message: "x", durationMs: 1, exitCode: 1, error: "no quota" })).toMatchObject({
    exitCode: 1,
    stdout: "",
    stderr: expect.stringContaining("ERROR: no quota\n"),
  });
  expect(run(["--frobnicate", prompt])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--frobnicate") });
});

it("ends the run when the script has no answer, and names the prompt", () => {
  expect(() => run(["--skip-git-repo-check", "hello"], {}, null)).toThrow(NotModelled);
  try {
    run(["--skip-git-repo-check", prompt], {}, null);
  } catch (error) {
    const digest = promptDigest(prompt);
    expect((error as NotModelled).what.args).toEqual({
      agent: "codex",
      token: "",
      role: "coder",
      key: "EPIC-1/s2",
      attempt: 3,
      promptDigest: digest,
      prompt: prompt.split("\n", 1)[0],
    });
  }
});

it("says its version and whether it is logged in", () => {
  expect(runAs(["--version"], true)).toMatchObject({ exitCode: 0, stdout: "codex-cli 0.169.0\n" });
  expect(runAs(["login", "status"], true).exitCode).toBe(0);
  expect(runAs(["login", "status"], false)).toMatchObject({ exitCode: 1, stderr: "Not logged in\n" });
});

it("shows what it did on the way as items, commands and tools from their beginning", () => {
  const steps: AgentAnswer["steps"] = [
    { kind: "reasoning", text: "Hm." },
    { kind: "command", command: "ls", output: "a\n", exitCode: 2 },
    { kind: "tool", name: "look", input: { at: "b" }, output: "nothing", isError: true },
    { kind: "text", text: "I saw." },
  ];
  expect(items({ message: "Done.", durationMs: 1, steps })).toMatchObject([
    { event: "item.completed", id: "item_0", type: "reasoning", text: "Hm." },
    { event: "item.started", id: "item_1", type: "command_execution", status: "in_progress", exit_code: null },
    { event: "item.completed", id: "item_1", command: "ls", aggregated_output: "a\n", exit_code: 2, status: "failed" },
    { event: "item.started", id: "item_2", type: "mcp_tool_call", status: "in_progress" },
    { event: "item.completed", id: "item_2", tool: "look", arguments: { at: "b" }, status: "failed" },
    { event: "item.completed", id: "item_3", type: "agent_message", text: "I saw." },
    { event: "item.completed", id: "item_4", type: "agent_message", text: "Done." },
  ]);
});

it.each<[NonNullable<AgentAnswer["failure"]>, { exitCode: number; reconnects: number; end: string }]>([
  [
    { kind: "api-error", status: 500 },
    { exitCode: 1, reconnects: 5, end: "turn.failed" },
  ],
  [
    { kind: "api-error", status: 400 },
    { exitCode: 1, reconnects: 0, end: "turn.failed" },
  ],
  [{ kind: "not-logged-in" }, { exitCode: 1, reconnects: 0, end: "turn.failed" }],
  [{ kind: "context-overflow" }, { exitCode: 1, reconnects: 0, end: "turn.failed" }],
  [{ kind: "content-filter" }, { exitCode: 1, reconnects: 5, end: "turn.failed" }],
  [
    { kind: "reconnects", times: 2 },
    { exitCode: 0, reconnects: 2, end: "turn.completed" },
  ],
  [{ kind: "refusal" }, { exitCode: 0, reconnects: 0, end: "turn.completed" }],
])("ends as the real one after %j", (failure, { exitCode, reconnects, end }) => {
  const args = ["--json", "--skip-git-repo-check", prompt];
  const ended = run(args, {}, { ...answered, failure });
  const events = ended.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; message?: string });
  expect(ended.exitCode).toBe(exitCode);
  expect(events.at(-1)!.type).toBe(end);
  expect(events.filter(({ message }) => message?.startsWith("Reconnecting... ") === true)).toHaveLength(reconnects);
  const saysMessage = events.some((event) => JSON.stringify(event).includes('"agent_message"'));
  expect(saysMessage).toBe(failure.kind === "reconnects");
});

it("waits for ever when the stream stalls, and ends with 1 on SIGINT", () => {
  expect(run(["--skip-git-repo-check", prompt], {}, { ...answered, failure: { kind: "stalled" } }).hangs).toBe(true);
  expect(codex(() => undefined).signals).toEqual({ SIGINT: { kind: "exit", exitCode: 1 } });
});

it("answers by a schema, which the script is told", () => {
  disk.write("/tmp/schema.json", '{"type":"object"}');
  const structured = { done: true };
  const args = ["--skip-git-repo-check", "--output-schema", "/tmp/schema.json", prompt];
  expect(run(args, {}, { ...answered, structured }).stdout).toBe('{"done":true}\n');
  expect(requests[0]!.outputSchema).toEqual({ type: "object" });
  expect(run(["--skip-git-repo-check", "--output-schema", "/tmp/none.json", prompt])).toMatchObject({
    exitCode: 1,
    stdout: "",
  });
});

it("goes on with a session that it kept below HOME, and with no other", () => {
  const env = { HOME: "/tmp/home" };
  const first = ["--skip-git-repo-check"];
  run([...first, "one"], { env });
  const { sessionId } = requests[0]!;
  run([...first, "resume", sessionId, "two"], { env });
  run([...first, "resume", "--last", "three"], { env });
  expect(requests.map(({ turn, sessionId: id, prompt: asked }) => [turn, id, asked])).toEqual([
    [1, sessionId, "one"],
    [2, sessionId, "two"],
    [3, sessionId, "three"],
  ]);
  expect(run([...first, "resume", "0000", "four"], { env })).toMatchObject({ exitCode: 1, stdout: "" });
  expect(run([...first, "resume", sessionId, "five"])).toMatchObject({ exitCode: 1, stdout: "" });
  expect(run([...first, "resume"], { env }).exitCode).toBe(2);
});

function run(
  args: readonly string[],
  options: Partial<RunOptions> = {},
  answer: AgentAnswer | null = answered,
): ProgramRun {
  const program = codex((request) => {
    requests.push(request);
    return answer ?? undefined;
  });
  return runProgram(program, { files: disk, ...options, args: ["exec", ...args] });
}

function eventTypes(answer: AgentAnswer): string[] {
  const { stdout } = run(["--json", "--skip-git-repo-check", prompt], {}, answer);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { type: string }).type);
}

function runAs(args: readonly string[], loggedIn: boolean): ProgramRun {
  return runProgram(
    codex(() => answered, { loggedIn }),
    { args, files: disk },
  );
}

function items(answer: AgentAnswer): readonly object[] {
  const { stdout } = run(["--json", "--skip-git-repo-check", prompt], {}, answer);
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; item?: object });
  return events.flatMap(({ type, item }) => (item === undefined ? [] : [{ event: type, ...item }]));
}
