import type { JsonValue } from "../../src/base/json.ts";
import { fillIn, namesModel } from "../llm/rule-text.ts";
import type { AgentMatch, AgentRule } from "./agent-rule-schema.ts";
import type { AgentAnswer, AgentRequest, AgentScript } from "./agent-script.ts";

/**
 * What coding agents do, from rules as plain JSON: a list of `{ match?, answer }`, or `{ match?, answers }` for the
 * first, second, … attempt, of which the last one stays. The first rule that matches wins; when none does there is no
 * answer. They must have been checked, see `check-agent-rules.ts`.
 *
 * Texts of an answer may hold `{{agent}}`, `{{token}}`, `{{role}}`, `{{key}}`, `{{attempt}}`, `{{turn}}` and `{{model}}`.
 */
export function agentScriptOf(rules: readonly JsonValue[]): AgentScript {
  const compiled = (rules as unknown as readonly AgentRule[]).map(({ match = {}, answer, answers }) => ({
    matches: compileMatch(match),
    answers: answers ?? [answer!],
  }));
  return (request) => {
    const rule = compiled.find(({ matches }) => matches(request));
    if (rule === undefined) return undefined;
    const answer = rule.answers[Math.min(request.attempt, rule.answers.length) - 1]!;
    // What is filled in keeps its shape: texts stay texts.
    return fillIn({ ...defaults, ...answer }, templateNames, request) as unknown as AgentAnswer;
  };
}

const defaults = { message: "", durationMs: 1_000 };
const templateNames = ["agent", "token", "role", "key", "attempt", "turn", "model"] as const;
const exactMembers = ["agent", "token", "role", "key", "attempt", "turn", "promptDigest"] as const;

function compileMatch(match: AgentMatch): (request: AgentRequest) => boolean {
  const pattern = match.promptMatches === undefined ? undefined : new RegExp(match.promptMatches);
  return (request) =>
    exactMembers.every((name) => match[name] === undefined || match[name] === request[name]) &&
    (match.model === undefined || namesModel(match.model, request.model)) &&
    (match.promptContains === undefined || request.prompt.includes(match.promptContains)) &&
    (pattern === undefined || pattern.test(request.prompt));
}
