import { beforeEach, expect, it } from "vitest";
import { ClaudeOnDisk, editing, prompt, resultOf } from "./claude-on-disk.ts";

let agent: ClaudeOnDisk;

beforeEach(() => {
  agent = new ClaudeOnDisk();
});

const id = "11111111-1111-4111-8111-111111111111";
const json = ["--output-format", "json"];
const kept = { env: { HOME: "/home/me" } };

it("are kept where the real ones are, and gone on with, costs included", () => {
  agent.run(["-p", prompt, "--session-id", id], kept);
  const path = `/home/me/.claude/projects/-work/${id}.jsonl`;
  const lines = agent.disk.readText(path).trimEnd().split("\n");
  expect(JSON.parse(lines[0]!)).toMatchObject({
    type: "user",
    sessionId: id,
    message: { role: "user", content: prompt },
  });
  expect(resultOf(agent.run(["-p", "More.", "--resume", id, ...json], kept))).toMatchObject({
    session_id: id,
    total_cost_usd: 1,
    usage: { output_tokens: 60 },
    modelUsage: { "claude-opus-5-5": { outputTokens: 120 } },
  });
  expect(agent.requests.map(({ turn, sessionId }) => ({ turn, sessionId }))).toEqual([
    { turn: 1, sessionId: id },
    { turn: 2, sessionId: id },
  ]);
});

it("are found again as the last one of the folder", () => {
  agent.run(["-p", prompt, "--session-id", id], { ...kept, nowMs: 5_000_000 });
  agent.run(["-p", prompt, "--session-id", id.replaceAll("1", "2")], { ...kept, nowMs: 1_000_000 });
  expect(resultOf(agent.run(["-p", "More.", "-c", ...json], kept))["session_id"]).toBe(id);
  const elsewhere = agent.run(["-p", "More.", "--continue"], { ...kept, cwd: "/other" });
  expect(elsewhere).toMatchObject({ exitCode: 1, stderr: "No conversation found to continue\n" });
});

it("are forked under a new id, and the old one stays as it is", () => {
  agent.run(["-p", prompt, "--session-id", id], kept);
  const before = agent.disk.readText(`/home/me/.claude/projects/-work/${id}.jsonl`);
  const fork = resultOf(agent.run(["-p", "More.", "--resume", id, "--fork-session", ...json], kept));
  expect(fork["session_id"]).not.toBe(id);
  expect(agent.requests.at(-1)!.turn).toBe(2);
  expect(agent.disk.readText(`/home/me/.claude/projects/-work/${id}.jsonl`)).toBe(before);
});

it("are not kept without a home, or when the caller says so", () => {
  agent.run(["-p", prompt, "--session-id", id]);
  agent.run(["-p", prompt, "--session-id", id, "--no-session-persistence"], kept);
  expect(agent.disk.files("/home/me")).toEqual({});
  expect(agent.run(["-p", prompt, "--resume", id], kept).stderr).toBe(`No conversation found with session ID: ${id}\n`);
});

it("go on after a kill in the middle of a turn", () => {
  agent.run(["-p", prompt, "--session-id", id], { ...kept, killAtYield: 6 });
  expect(agent.run(["-p", "More.", "--resume", id], kept)).toMatchObject({ exitCode: 0, stdout: "Done.\n" });
  expect(agent.requests.at(-1)!.turn).toBe(2);
});

it("say before each step what it may read and write", () => {
  const touched = (args: readonly string[]): readonly (readonly string[])[] =>
    agent
      .run(["-p", prompt, ...args, ...editing], kept)
      .steps.map((step) =>
        step.kind === "work" ? (step.touches ?? []).map((each) => `${each.rw} ${each.id}`) : [step.kind],
      );
  const [read, write] = ["r", "w"].map((rw) => `${rw} disk:/home/me/.claude/projects/-work`) as [string, string];
  const turn = [
    [write],
    [write],
    [write],
    [write],
    ["w disk:/work/src/a.py", write],
    [write],
    ["w disk:/work/old.py", write],
    [write],
  ];
  expect(touched(["--session-id", id])).toEqual([[], ["input"], [read], ...turn]);
  expect(touched(["--resume", id, "--fork-session"])).toEqual([[], ["input"], [read], [write], ...turn]);
  expect(touched(["--no-session-persistence"]).slice(3, 5)).toEqual([[], []]);
});
