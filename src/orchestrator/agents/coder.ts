import type { Run } from "../runs/run.ts";
import { stopOf, RunStop, tryLater } from "../runs/run-stop.ts";
import { askRole } from "./ask-role.ts";
import { fitPrompt } from "./fit-prompt.ts";

export interface CoderRequest {
  readonly prompt: string;
  /** From 1. */
  readonly iteration: number;
}

/** Asks for a file and returns what was written last: nothing of what a tool edits on the way is taken. */
export async function askCoder(run: Run, { prompt, iteration }: CoderRequest): Promise<string> {
  const fitted = fitPrompt(run, "code", prompt, run.limits.promptCharsMax);
  const asked = { role: "coder", purpose: "code", attempt: iteration, json: false, ...fitted } as const;
  const result = await askRole(run, asked);
  if (result.kind !== "ok") {
    // What a coder will never take is no reason to give the story up at once: its prompt is another one next time.
    if (result.kind === "refused") return "";
    throw new RunStop(stopOf(result, "get code"));
  }
  if (result.value.finish === "length") tryLater("the coder's answer was cut at the token limit");
  return result.value.refusal === undefined ? result.value.content : "";
}
