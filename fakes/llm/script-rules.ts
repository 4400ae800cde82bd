import { z } from "zod";
import { isJsonArray, isJsonObject } from "../../src/base/json.ts";
import type { JsonValue } from "../../src/base/json.ts";
import type { ScriptAnswer, ModelScript, ScriptRequest } from "./model-script.ts";
import { damageAnswer } from "./answer-fault.ts";
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
  if (!parsed.success) throw new InvalidRules(parsed.error.issues);
  const compiled = parsed.data.map(compileRule);
  return (request) => {
    const rule = compiled.find(({ matches }) => matches(request));
    return rule === undefined ? undefined : answerOf(rule.answers, request);
  };
}

/** The rules of a script break their schema. */
export class InvalidRules extends Error {
  override readonly name = "InvalidRules";

  constructor(issues: readonly Issue[]) {
    super(
      `the rules of the model's script are not valid:\n${issues.flatMap((issue) => describeIssue(issue, [])).join("\n")}`,
    );
  }
}

type Issue = z.core.$ZodIssue;

/** One line for each, as `  rules[1].answer.finish: Invalid option: …`. */
function describeIssue(issue: Issue, within: readonly PropertyKey[]): readonly string[] {
  const place = [...within, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return nearestOf(issue.errors).flatMap((each) => describeIssue(each, place));
  }
  return [`  rules${placeText(place)}: ${issue.message}`];
}

/** Of the alternatives, the one that was entered: its shape is right but for a member. Else whatever fits the type. */
function nearestOf(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const entered = alternatives.find((issues) =>
    issues.every(({ path, code }) => code === "unrecognized_keys" || (path.length > 0 && code !== "invalid_union")),
  );
  if (entered !== undefined) return entered;
  const ofRightType = alternatives.filter((issues) => issues.every(({ code }) => code !== "invalid_type"));
  return (ofRightType.length === 0 ? alternatives : ofRightType).flat();
}

function placeText(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
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

/** @param pattern the name, or its beginning and `*` */
function namesModel(pattern: string, model: string): boolean {
  return pattern.endsWith("*") ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}

function answerOf(answers: readonly RuleAnswer[], request: ScriptRequest): ScriptAnswer {
  const { fault, ...rest } = answers[Math.min(request.attempt, answers.length) - 1]!;
  // What is filled in keeps its shape: texts stay texts.
  const answer = fillIn({ content: "", ...rest } as JsonValue, request) as unknown as ScriptAnswer;
  return fault === undefined ? answer : withFault(answer, fault, request);
}

function withFault(answer: ScriptAnswer, fault: RuleFault, { draw }: ScriptRequest): ScriptAnswer {
  if (typeof fault === "string") return strikeAnswer(answer, fault, draw);
  return "how" in fault ? { ...answer, streamFault: fault } : damageAnswer(answer, fault, draw);
}

/** Fills in what is known of the request, in every text of the answer. */
function fillIn(value: JsonValue, request: ScriptRequest): JsonValue {
  if (typeof value === "string") {
    return value.includes("{{")
      ? value.replaceAll(/\{\{(token|role|key|attempt|model|callNumber)\}\}/g, (_, name: TemplateName) =>
          String(request[name]),
        )
      : value;
  }
  if (isJsonArray(value)) return value.map((item) => fillIn(item, request));
  if (!isJsonObject(value)) return value;
  const filled: Record<string, JsonValue | undefined> = {};
  for (const [name, member] of Object.entries(value)) {
    filled[name] = member === undefined ? undefined : fillIn(member, request);
  }
  return filled;
}

type TemplateName = "token" | "role" | "key" | "attempt" | "model" | "callNumber";
