import { compressPrompt } from "../llm/compress-prompt.ts";
import type { Run } from "../runs/run.ts";
import { fail } from "../runs/run-stop.ts";

/** A prompt that is no longer than allowed. Ends the run visibly when its code alone is too long. */
export function fitPrompt(
  run: Run,
  purpose: string,
  prompt: string,
  charsMax: number,
): { readonly prompt: string; readonly omittedChars: number } {
  const { promptCharsMax } = run.limits;
  const compressed = compressPrompt(prompt, charsMax);
  if (compressed.prompt.length > promptCharsMax) {
    const value = compressed.prompt.length;
    run.ports.log.event("limit.reached", { limit: "promptCharsMax", card: run.reference, value });
    fail(
      "the question to the model is too long",
      `it has ${value} characters, of which prose alone can be left out; ${promptCharsMax} are allowed`,
      "Split the story, or shorten what it builds on; then move the card back into this lane.",
    );
  }
  if (compressed.omittedChars > 0) {
    const { omittedChars } = compressed;
    run.ports.log.event("prompt.compressed", { card: run.reference, purpose, omittedChars });
  }
  return compressed;
}
