import { beforeEach, expect, it, test } from "vitest";
import type { AgentEdit } from "../../../../fakes/cli/agent-script.ts";
import { ClaudeOnDisk, messagesOf, prompt, resultOf, stream } from "./claude-on-disk.ts";

let agent: ClaudeOnDisk;

beforeEach(() => {
  agent = new ClaudeOnDisk();
});

it("makes no edit that nobody allowed, and goes on", () => {
  const messages = messagesOf(agent.run(["-p", prompt, ...stream]));
  expect(messages.filter(({ subtype }) => subtype === "permission_denied")).toMatchObject([
    {
      tool_name: "Write",
      message: "Claude requested permissions to write to /work/src/a.py, but you haven't granted it yet.",
    },
    { tool_name: "Bash", message: "This command requires approval" },
  ]);
  expect(messages.at(-1)).toMatchObject({
    subtype: "success",
    result: "Done.",
    permission_denials: [
      { tool_name: "Write", tool_input: { file_path: "/work/src/a.py", content: "one\n" } },
      { tool_name: "Bash", tool_input: { command: "rm -rf /work/old.py" } },
    ],
  });
  expect(agent.disk.files("/work")).toEqual({ "old.py": "old\n" });
});

const edits: readonly AgentEdit[] = [{ path: "src/a.py", content: "one\n" }];
const outside: readonly AgentEdit[] = [{ path: "/other/a.py", content: "one\n" }];
test.each([
  { args: [], edits, made: false },
  { args: ["--allowedTools", "Read,Write"], edits, made: true },
  { args: ["--allowedTools=Edit"], edits, made: true },
  { args: ["--allowed-tools", "Write(/src/**)"], edits, made: true },
  { args: ["--allowedTools", "Write(/test/**)"], edits, made: false },
  { args: ["--dangerously-skip-permissions"], edits, made: true },
  { args: ["--permission-mode=bypassPermissions"], edits: outside, made: true },
  { args: ["--permission-mode", "plan"], edits, made: false },
  { args: ["--permission-mode", "dontAsk"], edits, made: false },
  { args: ["--permission-mode", "dontAsk", "--allowedTools", "Write"], edits, made: true },
  { args: ["--permission-mode", "acceptEdits"], edits, made: true },
  { args: ["--permission-mode", "acceptEdits"], edits: outside, made: false },
  { args: ["--permission-mode", "acceptEdits", "--add-dir", "/other"], edits: outside, made: true },
  { args: ["--permission-mode", "acceptEdits", "--disallowedTools", "Write"], edits, made: false },
  { args: ["--permission-mode", "acceptEdits", "--tools", "Read Bash"], edits, made: false },
])("$args: an edit of $edits.0.path is made: $made", ({ args, edits: given, made }) => {
  agent.run(["-p", ...args, "--", prompt], {}, { message: "Done.", durationMs: 1, edits: given });
  expect(agent.disk.stat(new URL(given[0]!.path, "file:///work/").pathname) !== null).toBe(made);
});

test.each([
  { allowed: [], command: "ls src", made: true },
  { allowed: [], command: "npm test", made: false },
  { allowed: ["Bash"], command: "npm test", made: true },
  { allowed: ["Bash(npm test)"], command: "npm test", made: true },
  { allowed: ["Bash(npm:*)"], command: "npm test", made: true },
  { allowed: ["Bash(npm *)"], command: "npm test", made: true },
  { allowed: ["Bash(npm:*)"], command: "npmx test", made: false },
  { allowed: ["Bash(npm:*)"], command: "npm test && rm -rf /", made: false },
  { allowed: ["Bash(npm:*)"], command: "pnpm test", made: false },
])("with $allowed, `$command` runs: $made", ({ allowed, command, made }) => {
  const args = ["-p", prompt, "--output-format", "json", "--allowedTools", allowed.join(",")];
  const step = { kind: "command", command, output: "ok\n", exitCode: 0 } as const;
  const result = resultOf(agent.run(args, {}, { message: "Done.", durationMs: 1, steps: [step] }));
  expect(result["permission_denials"]).toHaveLength(made ? 0 : 1);
});

test.each([
  ["plan", "mode", "Cannot write to /work/a.py while in plan mode."],
  ["dontAsk", "mode", "Permission to use Write has been denied because Claude Code is running in don't ask mode."],
  ["manual", undefined, "Claude requested permissions to write to /work/a.py, but you haven't granted it yet."],
])("in mode %s it says why nothing is written", (mode, reason, message) => {
  const answer = { message: "Done.", durationMs: 1, edits: [{ path: "a.py", content: "one\n" }] };
  const denied = messagesOf(agent.run(["-p", prompt, ...stream, "--permission-mode", mode], {}, answer)).find(
    ({ subtype }) => subtype === "permission_denied",
  )!;
  expect([denied["decision_reason_type"], denied["message"]]).toEqual([reason, message]);
});
