import { describe, expect, it } from "vitest";
import { agentScriptOf } from "../../../fakes/cli/agent-rules.ts";
import type { AgentRequest } from "../../../fakes/cli/agent-script.ts";
import { checkAgentRules } from "../../../fakes/cli/check-agent-rules.ts";
import type { JsonValue } from "../../../src/base/json.ts";

const asked: AgentRequest = {
  agent: "claude",
  token: "t1",
  role: "coder",
  key: "EPIC-1/S1",
  attempt: 2,
  prompt: "Write the code of S1.",
  promptDigest: "0123456789abcdef",
  model: "storm-1",
  cwd: "/work",
  turn: 1,
  sessionId: "",
  outputSchema: undefined,
  draw: () => 0,
};

function answerTo(rules: readonly JsonValue[], request: Partial<AgentRequest> = {}): unknown {
  checkAgentRules("claude", rules);
  return agentScriptOf(rules)({ ...asked, ...request });
}

describe("the rules of an agent", () => {
  it.each([
    ["agent", { agent: "claude" }, { agent: "codex" }],
    ["token", { token: "t1" }, { token: "t2" }],
    ["role", { role: "coder" }, { role: "planner" }],
    ["key", { key: "EPIC-1/S1" }, { key: "EPIC-1/S2" }],
    ["attempt", { attempt: 2 }, { attempt: 1 }],
    ["turn", { turn: 1 }, { turn: 2 }],
    ["digest", { promptDigest: "0123456789abcdef" }, { promptDigest: "fedcba9876543210" }],
    ["model", { model: "storm-1" }, { model: "storm-2" }],
    ["beginning of a model", { model: "storm*" }, { model: "calm-1" }],
    ["words", { promptContains: "code of S1" }, { prompt: "Write the tests." }],
    ["pattern", { promptMatches: "S\\d\\." }, { prompt: "Write the code of it." }],
  ])("match by %s", (_what, match, other) => {
    const rules = [{ match, answer: { message: "yes" } }];
    expect(answerTo(rules)).toMatchObject({ message: "yes" });
    expect(answerTo(rules, other)).toBeUndefined();
  });

  it("are tried in order, and answer by attempt, the last one from then on", () => {
    const rules = [
      { match: { role: "planner" }, answer: { message: "a plan" } },
      { answers: [{ message: "first" }, { message: "second" }] },
    ];
    expect([1, 2, 3].map((attempt) => answerTo(rules, { attempt }))).toMatchObject([
      { message: "first" },
      { message: "second" },
      { message: "second" },
    ]);
    expect(answerTo(rules, { role: "planner" })).toMatchObject({ message: "a plan" });
  });

  it("fill in what is known of the request, in all texts and in nothing else", () => {
    const answer = {
      message: "{{agent}} {{attempt}} of {{key}} {{unknown}}",
      edits: [{ path: "src/{{role}}.py", content: "{{model}}{{token}}{{turn}}" }],
      durationMs: 5,
    };
    expect(answerTo([{ answer }])).toEqual({
      message: "claude 2 of EPIC-1/S1 {{unknown}}",
      edits: [{ path: "src/coder.py", content: "storm-1t11" }],
      durationMs: 5,
    });
  });

  it.each([
    ["rules[0]: needs `answer` or `answers`", [{}]],
    ["rules[0].answer.durationMs", [{ answer: { durationMs: -1 } }]],
    [
      "rules[1].match.promptMatches: not a regular expression",
      [{ answer: {} }, { match: { promptMatches: "(" }, answer: {} }],
    ],
    ["rules[0].answer.failure.kind", [{ answer: { failure: { kind: "tired" } } }]],
    ["rules[0].answer.steps[0].exitCode", [{ answer: { steps: [{ kind: "command", command: "ls", output: "" }] } }]],
    ['rules[0].answer: Unrecognized key: "mesage"', [{ answer: { mesage: "hello" } }]],
  ])("that are wrong are refused with their place: %s", (message, rules) => {
    expect(() => checkAgentRules("claude", rules as JsonValue)).toThrow(message);
  });
});
