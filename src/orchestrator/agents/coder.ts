import type { TextCheck } from "../decide/answer-text.ts";
import type { ModelAnswer } from "../llm/model-port.ts";
import type { Run } from "../runs/run.ts";
import { stopOf, RunStop } from "../runs/run-stop.ts";
import { askRole, flawOf } from "./ask-role.ts";
import { fitPrompt } from "./fit-prompt.ts";

export interface CoderRequest {
  readonly prompt: string;
  /** From 1. */
  readonly iteration: number;
  /** Told what became of the answer as soon as it is there: it was paid for. */
  readonly keep: (source: TextCheck) => Promise<void>;
}

/** Asks for a file: what was said last, or why that is none. Nothing of what a tool edits on the way is taken. */
export async function askCoder(run: Run, { prompt, iteration, keep }: CoderRequest): Promise<TextCheck> {
  const fitted = fitPrompt(run, "code", prompt, run.limits.promptCharsMax);
  const asked = { role: "coder", purpose: "code", attempt: iteration, json: false, ...fitted } as const;
  const result = await askRole(run, { ...asked, keep: (answer) => keep(sourceOf(run, answer)) });
  if (result.kind === "ok") return sourceOf(run, result.value);
  if (result.kind !== "refused") throw new RunStop(stopOf(result, "get code"));
  // What a coder will never take is no reason to give the story up at once: its prompt is another one next time.
  const refused: TextCheck = { kind: "refused", reason: result.reason };
  await keep(refused);
  return refused;
}

function sourceOf(run: Run, answer: ModelAnswer): TextCheck {
  const flaw = flawOf(answer);
  return flaw === undefined ? run.policies.answers.checkSource(answer.content) : { kind: "refused", reason: flaw };
}
