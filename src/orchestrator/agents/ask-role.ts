import type { ModelRole } from "../config.ts";
import { fileId } from "../decide/reference.ts";
import type { ModelAnswer, ModelQuestion, ModelResult } from "../llm/model-port.ts";
import { TraceFiles } from "../llm/trace-files.ts";
import type { Run } from "../runs/run.ts";
import { fail, need } from "../runs/run-stop.ts";
import { recordLife } from "./programs.ts";

export interface RoleQuestion extends Pick<ModelQuestion, "purpose" | "attempt" | "prompt" | "json"> {
  readonly role: ModelRole;
  /** Of the prompt; 0 when it is whole. */
  readonly omittedChars: number;
  /** Keeps an answer that was paid for, before anything else can go wrong. */
  readonly keep: (answer: ModelAnswer) => Promise<void>;
}

/** Asks a model for a card: within the card's budget, with a trace, and with what it cost written down. */
export async function askRole(run: Run, question: RoleQuestion): Promise<ModelResult> {
  const { ports, model } = run;
  const { role, purpose, attempt, prompt, json } = question;
  await requireBudget(run);
  run.lease.require(run.limits.diskMarginMs);
  const startMs = ports.clock.monotonicMs();
  const part = run.batch === undefined ? "" : `-${fileId(run.reference)}`;
  const folder = `${run.records.scratchFolder(run.cause, run.reference, run.attempt)}${part}`;
  const asked: ModelQuestion = {
    role,
    reference: run.reference,
    purpose,
    attempt,
    prompt,
    json,
    // The coder's folders were there first, and are only numbered.
    folder: role === "coder" ? `${folder}-${attempt}` : `${folder}-${purpose}-${attempt}`,
    onLife: (pid, what) => recordLife(run, pid, what),
  };
  const result = await model.ask(ports, asked, run.lease.signal);
  run.lease.require(0);
  if (result.kind === "ok") await question.keep(result.value);
  if (result.kind === "ok") await noteCost(run, role, result.value.usage, prompt.length + result.value.content.length);
  await trace(run, question, result, ports.clock.monotonicMs() - startMs);
  run.lease.require(0);
  return result;
}

/** Why an answer is none, whatever it says; undefined when it is whole. */
export function flawOf({ finish, refusal }: Pick<ModelAnswer, "finish" | "refusal">): string | undefined {
  if (refusal !== undefined) return `the model refused: ${refusal.slice(0, 200)}`;
  if (finish === "length") return "the answer was cut at the token limit";
  return finish === "filtered" ? "the provider's filter stopped the answer" : undefined;
}

/** What is spent counts over the card's whole life; an answer whose price nobody knows is taken to be free. */
async function requireBudget(run: Run): Promise<void> {
  const { tokensPerCardMax, usdCentsPerCardMax } = run.limits;
  const spent = need(await run.spending(), "read what the card has cost");
  const [limit, value] =
    spent.tokens >= tokensPerCardMax
      ? (["tokensPerCardMax", spent.tokens] as const)
      : spent.usd * 100 >= usdCentsPerCardMax
        ? (["usdCentsPerCardMax", Math.ceil(spent.usd * 100)] as const)
        : [undefined, 0];
  if (limit === undefined) return;
  run.ports.log.event("limit.reached", { limit, card: run.reference, value });
  fail(
    "the card's budget for models is used up",
    `${spent.tokens} tokens and ${spent.usd.toFixed(2)} USD were spent on it; the limit is ${tokensPerCardMax} tokens and ${(usdCentsPerCardMax / 100).toFixed(2)} USD`,
    "Raise the limit, or split the card; then move it back into this lane.",
  );
}

async function noteCost(
  run: Run,
  role: ModelRole,
  usage: { readonly inputTokens: number; readonly outputTokens: number; readonly costUsd?: number } | undefined,
  chars: number,
): Promise<void> {
  // Four characters a token is what English and code come to; better than nothing where nobody tells.
  const tokens = usage === undefined ? Math.ceil(chars / 4) : usage.inputTokens + usage.outputTokens;
  await run.spend({ tokens, usd: run.model.costUsdOf(role, usage) ?? 0 });
}

async function trace(run: Run, question: RoleQuestion, result: ModelResult, durationMs: number): Promise<void> {
  if (!run.config.traces) return;
  const { role, purpose, attempt, prompt, omittedChars } = question;
  const { provider, model } = run.model.parametersOf(role);
  const files = await traceFiles(run);
  const answer = result.kind === "ok" ? result.value : undefined;
  await run.policies.traces.keep(files, run.ports, {
    card: run.reference,
    purpose,
    attempt,
    run: run.attempt,
    role,
    provider,
    model,
    durationMs: Math.round(durationMs),
    omittedChars,
    outcome: result.kind === "ok" ? result.value.finish : result.error,
    reason: result.kind === "ok" ? null : result.reason,
    requestId: answer?.requestId ?? null,
    usage: answer?.usage === undefined ? null : { ...answer.usage },
    prompt,
    answer: answer?.refusal ?? answer?.content ?? "",
  });
}

/** One for a run, all parts of a batch together. */
async function traceFiles(run: Run): Promise<TraceFiles> {
  const whole = run.batch ?? run;
  if (whole.traces !== undefined) return whole.traces;
  const workspace = await run.workspace();
  const { config, limits } = run;
  whole.traces = new TraceFiles({
    folder: `${workspace.root}/.agentleeops/traces`,
    temporaryFolder: `${workspace.root}/.agentleeops/tmp`,
    label: workspace.dirname,
    limits,
    secrets: secretsOf(config),
  });
  return whole.traces;
}

function secretsOf({ board, models, webhook }: Run["config"]): readonly string[] {
  const keys = Object.values(models.roles).flatMap(({ provider }) =>
    "apiKey" in provider ? [provider.apiKey] : Object.values(provider.env),
  );
  return [board.token, webhook.token, ...keys];
}
