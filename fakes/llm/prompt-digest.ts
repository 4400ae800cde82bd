import { hash } from "node:crypto";
import { digest64 } from "../../src/base/digest.ts";

/** 16 hexadecimal digits that name a prompt. Long ones go to native code, which is many times faster per character. */
export function promptDigest(prompt: string): string {
  return prompt.length <= SHORT_CHARS ? digest64(prompt) : hash("sha256", prompt).slice(0, 16);
}

const SHORT_CHARS = 600;
