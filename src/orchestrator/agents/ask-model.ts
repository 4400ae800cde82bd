import { digest64 } from "../../base/digest.ts";
import { isJsonObject } from "../../base/json.ts";
import type { ModelAnswer } from "../llm/model-port.ts";
import type { Run } from "../runs/run.ts";
import { need } from "../runs/run-stop.ts";
import { askRole, flawOf } from "./ask-role.ts";
import { fitPrompt } from "./fit-prompt.ts";

export type Judgement<Value> =
  | { readonly kind: "ok"; readonly value: Value }
  | { readonly kind: "refused"; readonly reason: string };

export interface Question<Value> {
  /** As `design`; names the answer in calls and in the record. */
  readonly purpose: string;
  readonly prompt: string;
  readonly json: boolean;
  readonly judge: (content: string) => Judgement<Value>;
}

/**
 * Asks until an answer is usable, a limited number of times; each refusal is told to the model. Answers are written
 * into the run's record before they are used: an attempt that resumes does not pay for them again.
 */
export async function askModel<Value>(run: Run, question: Question<Value>): Promise<Judgement<Value>> {
  let reason = "";
  let charsMax = run.limits.promptCharsMax;
  for (let tries = 1; tries <= run.limits.modelTriesMax; tries++) {
    const fitted = fitPrompt(run, question.purpose, withNote(question.prompt, reason), charsMax);
    const answer = await answerOfTry(run, question, { tries, ...fitted });
    const judgement = answer.kind === "refused" ? answer : judgeAnswer(answer.value, question.judge);
    if (judgement.kind === "ok") return judgement;
    reason = judgement.reason;
    // A provider that takes no such prompt may take a shorter one.
    if (answer.kind === "refused") charsMax = Math.floor(Math.min(charsMax, fitted.prompt.length) / 2);
    run.ports.log.event("answer.refused", { card: run.reference, purpose: question.purpose, tries, reason });
  }
  run.ports.log.event("limit.reached", {
    limit: "modelTriesMax",
    card: run.reference,
    value: run.limits.modelTriesMax,
  });
  return {
    kind: "refused",
    reason: `${run.limits.modelTriesMax} answers were refused; the last one because ${reason}`,
  };
}

interface Try {
  readonly tries: number;
  readonly prompt: string;
  readonly omittedChars: number;
}

type Kept = Pick<ModelAnswer, "content" | "finish" | "refusal">;

/** `refused`: the provider will not take this prompt. */
async function answerOfTry<Value>(
  run: Run,
  question: Question<Value>,
  { tries, prompt, omittedChars }: Try,
): Promise<{ kind: "ok"; value: Kept } | { kind: "refused"; reason: string }> {
  const { purpose, json } = question;
  const intent = `answer:${purpose}:${tries}`;
  const digest = digestOf(run, prompt);
  const saved = run.resumed ? savedAnswer(run.record.intent(intent), digest) : undefined;
  if (saved !== undefined) return { kind: "ok", value: saved };
  const keep = async ({ content, finish, refusal }: ModelAnswer): Promise<void> => {
    const value = { digest, content, finish, ...(refusal === undefined ? {} : { refusal }) };
    need(await run.record.saveIntent(intent, value), "keep an answer");
  };
  const result = await askRole(run, { role: "planner", purpose, attempt: tries, prompt, json, omittedChars, keep });
  if (result.kind === "refused") return result;
  const { content, finish, refusal } = need(result, `get an answer for ${purpose}`);
  return { kind: "ok", value: { content, finish, refusal } };
}

/** By which an answer that was paid for is known again: who was asked, how, and what. */
function digestOf(run: Run, prompt: string): string {
  const { provider, model, temperature, tokensMax } = run.model.parametersOf("planner");
  return digest64(JSON.stringify([provider, model, temperature ?? null, tokensMax, prompt]));
}

function savedAnswer(value: unknown, digest: string): Kept | undefined {
  if (!isJsonObject(value) || value["digest"] !== digest) return undefined;
  const { content, finish, refusal } = value;
  if (typeof content !== "string" || (finish !== "stop" && finish !== "length" && finish !== "filtered"))
    return undefined;
  return { content, finish, refusal: typeof refusal === "string" ? refusal : undefined };
}

function judgeAnswer<Value>(answer: Kept, judge: (content: string) => Judgement<Value>): Judgement<Value> {
  const flaw = flawOf(answer);
  return flaw === undefined ? judge(answer.content) : { kind: "refused", reason: flaw };
}

function withNote(prompt: string, reason: string): string {
  return reason === "" ? prompt : `${prompt}\n\nThe answer before was refused because ${reason}. Correct this.\n`;
}
