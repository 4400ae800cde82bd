import type { JsonValue } from "../../src/base/json.ts";
import type { ScriptAnswer, ModelScript, ScriptRequest } from "./model-script.ts";
import { damageAnswer } from "./answer-fault.ts";
import { InvalidRules } from "./invalid-rules.ts";
import { fillIn, namesModel } from "./rule-text.ts";
import { ruleListSchema } from "./script-rule-schema.ts";
import type { Match, Rule, RuleAnswer, RuleFault } from "./script-rule-schema.ts";
import { strikeAnswer } from "./service-fault.ts";

/**
 * A script from rules as plain JSON: a list of `{ match?, answer }`, or `{ match?, answers }` for the first, second, …
 * attempt, of which the last one stays. The first rule that matches wins; when none does there is no answer.
 *
 * Texts of an answer may hold `{{token}}`, `{{role}}`, `{{key}}`, `{{attempt}}`, `{{model}}` and `{{callNumber}}`.
 *
 * @throws {InvalidRules} naming each bad member and its place
 */
export function scriptOf(rules: JsonValue): ModelScript {
  const parsed = ruleListSchema.safeParse(rules);
  if (!parsed.success) throw new InvalidRules("the model's script", parsed.error.issues);
  const compiled = parsed.data.map(compileRule);
  return (request) => {
    const rule = compiled.find(({ matches }) => matches(request));
    return rule === undefined ? undefined : answerOf(rule.answers, request);
  };
}

interface CompiledRule {
  readonly matches: (request: ScriptRequest) => boolean;
  readonly answers: readonly RuleAnswer[];
}

function compileRule({ match = {}, answer, answers }: Rule): CompiledRule {
  return { matches: compileMatch(match), answers: answers ?? [answer!] };
}

function compileMatch(match: Match): (request: ScriptRequest) => boolean {
  const pattern = match.promptMatches === undefined ? undefined : new RegExp(match.promptMatches);
  return (request) =>
    EXACT_MEMBERS.every((name) => match[name] === undefined || match[name] === request[name]) &&
    (match.model === undefined || namesModel(match.model, request.model)) &&
    (match.toolResults === undefined || match.toolResults === request.toolResults.length) &&
    (match.promptContains === undefined || request.prompt.includes(match.promptContains)) &&
    (pattern === undefined || pattern.test(request.prompt));
}

const EXACT_MEMBERS = ["token", "role", "key", "attempt", "callNumber", "promptDigest", "dialect", "stream"] as const;

function answerOf(answers: readonly RuleAnswer[], request: ScriptRequest): ScriptAnswer {
  const { fault, ...rest } = answers[Math.min(request.attempt, answers.length) - 1]!;
  // What is filled in keeps its shape: texts stay texts.
  const answer = fillIn({ content: "", ...rest } as JsonValue, templateNames, request) as unknown as ScriptAnswer;
  return fault === undefined ? answer : withFault(answer, fault, request);
}

function withFault(answer: ScriptAnswer, fault: RuleFault, { draw }: ScriptRequest): ScriptAnswer {
  if (typeof fault === "string") return strikeAnswer(answer, fault, draw);
  return "how" in fault ? { ...answer, streamFault: fault } : damageAnswer(answer, fault, draw);
}

const templateNames = ["token", "role", "key", "attempt", "model", "callNumber"] as const;
