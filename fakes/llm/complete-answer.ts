import type { Completion, Finish, ModelRequest, ToolCall } from "./completion.ts";
import { CHARS_PER_TOKEN, tokensOf } from "./model-script.ts";
import type { ScriptAnswer, ScriptToolCall } from "./model-script.ts";

/** The scripted answer as it is said: cut to what the request allows, and counted. */
export function completeAnswer(
  request: ModelRequest,
  answer: ScriptAnswer,
  identity: Pick<Completion, "id" | "createdMs">,
): Completion {
  const { refusal, usage } = answer;
  const budget = new CharBudget(request.maxTokens === undefined ? Infinity : request.maxTokens * CHARS_PER_TOKEN);
  const reasoning = answer.reasoning === undefined ? "" : budget.take(answer.reasoning);
  const text = refusal === undefined ? budget.take(answer.content) : "";
  const toolCalls =
    answer.toolCalls === undefined || refusal !== undefined
      ? NO_CALLS
      : callsWithin(answer.toolCalls, identity.id, budget);
  const reasoningTokens = usage?.reasoningTokens ?? tokensOf(reasoning.length);
  const chars = reasoning.length + charsOf(text, refusal, toolCalls);
  const completionTokens = usage?.completionTokens ?? tokensOf(chars);
  return {
    id: identity.id,
    createdMs: identity.createdMs,
    model: request.model,
    reasoning,
    text,
    refusal,
    toolCalls,
    finish: finishOf(answer, budget.exceeded),
    usage: {
      promptTokens: usage?.promptTokens ?? promptTokensOf(request),
      cachedTokens: usage?.cachedTokens ?? 0,
      completionTokens,
      reasoningTokens,
    },
    timeToFirstTokenMs: answer.timeToFirstTokenMs ?? TIME_TO_FIRST_TOKEN_MS,
    generationMs: (completionTokens * 1000) / (answer.tokensPerSecond ?? TOKENS_PER_SECOND),
    deltaChars: answer.deltaChars ?? Math.max(DELTA_CHARS, Math.ceil(chars / DELTAS_MAX)),
  };
}

/** What a prompt counts as: also where a client asks for the count alone. */
export function promptTokensOf({ prompt, attachments }: Pick<ModelRequest, "prompt" | "attachments">): number {
  return tokensOf(prompt.length) + attachments * ATTACHMENT_TOKENS;
}

/** Characters of the answer itself, without its reasoning: what the deltas of every API add up to. */
export function answerChars(completion: Completion): number {
  return charsOf(completion.text, completion.refusal, completion.toolCalls);
}

function charsOf(text: string, refusal: string | undefined, toolCalls: readonly ToolCall[]): number {
  let chars = text.length + (refusal?.length ?? 0);
  for (const call of toolCalls) chars += call.arguments.length;
  return chars;
}

const NO_CALLS: readonly ToolCall[] = [];
const TIME_TO_FIRST_TOKEN_MS = 400;
const TOKENS_PER_SECOND = 80;
/** An image or a document: their sizes are not looked at. */
const ATTACHMENT_TOKENS = 256;
const DELTA_CHARS = 12;
/** A huge answer comes in larger pieces, not in more of them. */
const DELTAS_MAX = 2_000;

function finishOf(answer: ScriptAnswer, exceeded: boolean): Finish {
  if (answer.refusal !== undefined) return "refusal";
  if (exceeded) return "length";
  return answer.finish ?? (answer.toolCalls === undefined || answer.toolCalls.length === 0 ? "stop" : "tool_calls");
}

function callsWithin(calls: readonly ScriptToolCall[], id: string, budget: CharBudget): readonly ToolCall[] {
  const made: ToolCall[] = [];
  for (const [index, call] of calls.entries()) {
    if (budget.exceeded) break;
    const text = JSON.stringify(call.arguments).slice(0, call.argumentsCharsMax);
    made.push({ id: `${id}${index}`, name: call.name, arguments: budget.take(text) });
  }
  return made;
}

/** What an answer may still say. */
class CharBudget {
  exceeded = false;
  private left: number;

  constructor(chars: number) {
    this.left = chars;
  }

  /** @returns the text, or as much of it as fits */
  take(text: string): string {
    if (text.length > this.left) {
      this.exceeded = true;
      const taken = text.slice(0, this.left);
      this.left = 0;
      return taken;
    }
    this.left -= text.length;
    return text;
  }
}
