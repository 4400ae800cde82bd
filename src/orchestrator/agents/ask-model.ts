import { digest64 } from "../../base/digest.ts";
import { isJsonObject } from "../../base/json.ts";
import type { ModelAnswer } from "../llm/model-client.ts";
import type { Run } from "../runs/run.ts";
import { need } from "../runs/run-stop.ts";

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
    const prompt = promptOfTry(question.prompt, reason, charsMax);
    const answer = await answerOfTry(run, question, { tries, prompt });
    const judgement = answer.kind === "refused" ? answer : judgeAnswer(answer.value, question.judge);
    if (judgement.kind === "ok") return judgement;
    reason = judgement.reason;
    // A provider that takes no such prompt may take a shorter one.
    if (answer.kind === "refused") charsMax = Math.floor(Math.min(charsMax, prompt.length) / 2);
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
}

/** `refused`: the provider will not take this prompt. */
async function answerOfTry<Value>(
  run: Run,
  question: Question<Value>,
  { tries, prompt }: Try,
): Promise<{ kind: "ok"; value: ModelAnswer } | { kind: "refused"; reason: string }> {
  const { purpose, json } = question;
  const intent = `answer:${purpose}:${tries}`;
  const digest = digest64(prompt);
  const saved = run.resumed ? savedAnswer(run.record.intent(intent), digest) : undefined;
  if (saved !== undefined) return { kind: "ok", value: saved };
  run.lease.require(0);
  const asked = {
    role: "planner",
    reference: run.reference,
    purpose,
    attempt: tries,
    prompt,
    json,
    tokensMax: run.limits.modelTokensMax,
  } as const;
  const result = await run.model.ask(run.ports, asked, run.lease.signal);
  run.lease.require(0);
  if (result.kind === "refused") return result;
  const answer = need(result, `get an answer for ${purpose}`);
  const { content, finish, refusal } = answer;
  const value = { digest, content, finish, ...(refusal === undefined ? {} : { refusal }) };
  need(await run.record.saveIntent(intent, value), "keep an answer");
  return { kind: "ok", value: answer };
}

function savedAnswer(value: unknown, digest: string): ModelAnswer | undefined {
  if (!isJsonObject(value) || value["digest"] !== digest) return undefined;
  const { content, finish, refusal } = value;
  if (typeof content !== "string" || typeof finish !== "string") return undefined;
  return { content, finish, refusal: typeof refusal === "string" ? refusal : undefined };
}

function judgeAnswer<Value>(answer: ModelAnswer, judge: (content: string) => Judgement<Value>): Judgement<Value> {
  if (answer.refusal !== undefined)
    return { kind: "refused", reason: `the model refused: ${answer.refusal.slice(0, 200)}` };
  if (answer.finish === "length") return { kind: "refused", reason: "the answer was cut at the token limit" };
  if (answer.finish === "content_filter")
    return { kind: "refused", reason: "the provider's filter stopped the answer" };
  return judge(answer.content);
}

function promptOfTry(prompt: string, reason: string, charsMax: number): string {
  const note = reason === "" ? "" : `\n\nThe answer before was refused because ${reason}. Correct this.\n`;
  return `${prompt.slice(0, charsMax - note.length)}${note}`;
}
