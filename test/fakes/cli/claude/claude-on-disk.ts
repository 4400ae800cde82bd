import type { AgentAnswer, AgentRequest } from "../../../../fakes/cli/agent-script.ts";
import { claude, type ClaudeOptions } from "../../../../fakes/cli/claude/claude.ts";
import type { JsonObject } from "../../../../src/base/json.ts";
import type { Program } from "../../../../src/ports/program.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { runProgram } from "../run-program.ts";
import type { ProgramRun, RunOptions } from "../run-program.ts";

export const prompt = "role: coder\nkey: EPIC-1/s2\nattempt: 3\n\nWrite it.";
export const answered: AgentAnswer = {
  message: "Done.",
  durationMs: 9_000,
  steps: [
    { kind: "reasoning", text: "Hm." },
    { kind: "text", text: "I look." },
    { kind: "command", command: "ls", output: "old.py\n", exitCode: 0 },
  ],
  edits: [
    { path: "src/a.py", content: "one\n" },
    { path: "old.py", content: null },
  ],
  usage: { inputTokens: 301, outputTokens: 60, cachedTokens: 21 },
  costUsd: 0.5,
};
export const stream = ["--output-format", "stream-json", "--verbose"];
export const editing = ["--permission-mode", "acceptEdits"];

/** One agent on a fresh disk, which keeps what its script was asked. */
export class ClaudeOnDisk {
  readonly disk = new MemoryDisk();
  readonly requests: AgentRequest[] = [];

  constructor() {
    this.disk.makeFolder("/work");
    this.disk.makeFolder("/home/me");
    this.disk.write("/work/old.py", "old\n");
  }

  /** @param answer null for none */
  program(answer: AgentAnswer | null, options: ClaudeOptions = {}): Program {
    return claude((request) => {
      this.requests.push(request);
      return answer ?? undefined;
    }, options);
  }

  run(args: readonly string[], options: Partial<RunOptions> = {}, answer: AgentAnswer | null = answered): ProgramRun {
    return runProgram(this.program(answer), { files: this.disk, ...options, args });
  }
}

/** A line of standard input. */
export function line(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

export function messagesOf({ stdout }: ProgramRun): readonly JsonObject[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((each) => JSON.parse(each) as JsonObject);
}

export function resultOf(done: ProgramRun): JsonObject {
  return messagesOf(done).at(-1)!;
}
