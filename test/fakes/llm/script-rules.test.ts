import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import type { ScriptAnswer, ScriptRequest } from "../../../fakes/llm/model-script.ts";
import { InvalidRules } from "../../../fakes/llm/invalid-rules.ts";
import { scriptOf } from "../../../fakes/llm/script-rules.ts";
import type { JsonValue } from "../../../src/base/json.ts";

const asked: ScriptRequest = {
  token: "t1",
  role: "coder",
  key: "EPIC-1/S1",
  attempt: 2,
  callNumber: 3,
  promptDigest: "0123456789abcdef",
  prompt: "Write the code.\nIt is for story 17.",
  model: "gpt-7-mini",
  dialect: "openai-chat",
  stream: true,
  maxTokens: undefined,
  format: "text",
  tools: [],
  toolResults: [{ callId: "c", content: "ok" }],
  draw: () => 0,
};

describe("a rule matches", () => {
  test.for<[JsonValue, JsonValue]>([
    [{ token: "t1" }, { token: "t2" }],
    [{ role: "coder" }, { role: "planner" }],
    [{ key: "EPIC-1/S1" }, { key: "EPIC-1" }],
    [{ attempt: 2 }, { attempt: 1 }],
    [{ callNumber: 3 }, { callNumber: 1 }],
    [{ promptDigest: "0123456789abcdef" }, { promptDigest: "0123456789abcde0" }],
    [{ promptContains: "story 17" }, { promptContains: "story 18" }],
    [{ promptMatches: "story \\d+\\.$" }, { promptMatches: "^story" }],
    [{ model: "gpt-7-mini" }, { model: "gpt-7" }],
    [{ model: "gpt-7*" }, { model: "claude*" }],
    [{ dialect: "openai-chat" }, { dialect: "ollama" }],
    [{ stream: true }, { stream: false }],
    [{ toolResults: 1 }, { toolResults: 0 }],
    [{}, { role: "coder", key: "none" }],
  ])("%j and not %j", ([match, other]) => {
    expect(scriptOf([{ match, answer: { content: "yes" } }])(asked)).toEqual({ content: "yes" });
    expect(scriptOf([{ match: other, answer: { content: "no" } }])(asked)).toBeUndefined();
  });
});

it("is passed over for an earlier one that matches too", () => {
  const script = scriptOf([
    { match: { role: "planner" }, answer: { content: "first" } },
    { match: { role: "coder" }, answer: { content: "second" } },
    { answer: { content: "third" } },
  ]);
  expect(script(asked)?.content).toBe("second");
  expect(script({ ...asked, role: "reviewer" })?.content).toBe("third");
});

it("answers by attempt, and the last answer stays", () => {
  const script = scriptOf([{ answers: [{ content: "one" }, { content: "two" }] }]);
  expect([1, 2, 3].map((attempt) => script({ ...asked, attempt })?.content)).toEqual(["one", "two", "two"]);
});

it("fills in what is known of the request, in texts and in the arguments of tools", () => {
  const script = scriptOf([
    {
      answer: {
        content: "{{role}} on {{key}} for {{token}}, try {{attempt}}/{{callNumber}} by {{model}}: {{else}}",
        toolCalls: [{ name: "write", arguments: { path: "{{key}}.py", lines: [1, "{{role}}"] } }],
      },
    },
  ]);
  expect(script(asked)).toEqual({
    content: "coder on EPIC-1/S1 for t1, try 2/3 by gpt-7-mini: {{else}}",
    toolCalls: [{ name: "write", arguments: { path: "EPIC-1/S1.py", lines: [1, "coder"] } }],
  } satisfies ScriptAnswer);
});

it("says all that a function can say", () => {
  const said = {
    content: "x",
    reasoning: "because",
    finish: "length",
    usage: { promptTokens: 1, completionTokens: 2, cachedTokens: 1, reasoningTokens: 1 },
    timeToFirstTokenMs: 10,
    tokensPerSecond: 20,
    deltaChars: 3,
    error: { kind: "rateLimited", retryAfterMs: 20, shouldRetry: false },
  };
  expect(scriptOf([{ answer: said }])(asked)).toEqual(said);
});

it("is struck by a fault: by name, as damage, or on its way", () => {
  const struck = (fault: JsonValue): ScriptAnswer | undefined =>
    scriptOf([{ answer: { content: '{"a":1}', fault } }])(asked);
  expect(struck("empty")).toEqual({ content: "" });
  expect(struck({ kind: "truncated", silent: true, keepChars: 2 })).toEqual({ content: '{"', finish: "stop" });
  const streamFault = { at: { afterDeltas: 2 }, how: "pause", durationMs: 5 };
  expect(struck(streamFault)).toEqual({ content: '{"a":1}', streamFault });
});

it("reads the rules that the documentation shows", () => {
  const page = readFileSync(new URL("../../../docs/fakes.md", import.meta.url), "utf8");
  const [, rules] = /```json\n(\[[^`]*)```/.exec(page)!;
  const script = scriptOf(JSON.parse(rules!) as JsonValue);
  expect(script({ ...asked, toolResults: [] })?.toolCalls?.[0]?.arguments).toMatchObject({ path: "src/EPIC-1/S1.py" });
  expect(script(asked)?.content).toBe("Done with EPIC-1/S1.");
});

describe("rules that are not valid are refused, with the bad member and its place", () => {
  test.for<[JsonValue, RegExp]>([
    [{}, /rules: .*expected array/],
    [[{}], /rules\[0\]: needs `answer` or `answers`/],
    [[{ answer: {}, answers: [{}] }], /rules\[0\]: needs `answer` or `answers`/],
    [[{ answer: {} }, { answer: { finish: "no" } }], /rules\[1\]\.answer\.finish: .*"content_filter"/],
    [[{ match: { rol: "x" }, answer: {} }], /rules\[0\]\.match: .*"rol"/],
    [[{ match: { promptMatches: "(" }, answer: {} }], /rules\[0\]\.match\.promptMatches: not a regular expression/],
    [[{ answer: { fault: "nope" } }], /rules\[0\]\.answer\.fault: .*"truncated-silently"/],
    [[{ answer: { fault: { kind: "truncated" } } }], /rules\[0\]\.answer\.fault\.silent: .*boolean/],
    [[{ answer: { fault: { kind: "empty", extra: 1 } } }], /rules\[0\]\.answer\.fault: .*"extra"/],
    [[{ answer: { fault: { at: { afterDeltas: -1 }, how: "reset" } } }], /rules\[0\]\.answer\.fault\.at\.afterDeltas/],
    [[{ answer: { fault: { at: "there", how: "reset" } } }], /rules\[0\]\.answer\.fault\.at: .*"before-headers"/],
    [[{ answers: [{}, { error: { kind: "htmlPage" } }] }], /rules\[0\]\.answers\[1\]\.error\.status: .*number/],
  ])("%j", ([rules, message]) => {
    expect(() => scriptOf(rules)).toThrow(InvalidRules);
    expect(() => scriptOf(rules)).toThrow(message);
  });
});
