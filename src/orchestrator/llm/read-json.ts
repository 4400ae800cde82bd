import { jsonrepair } from "jsonrepair";
import type { JsonValue } from "../../base/json.ts";
import { tokensOf, type JsonToken } from "./json-tokens.ts";

export type JsonReading =
  | { readonly kind: "ok"; readonly value: JsonValue; readonly repaired: boolean }
  /** In words for the model. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * The JSON value of an answer: as it stands, the one fenced block in it, or either of them with its form repaired. A
 * repair may add quotes and commas or take them away, and drop comments. It is accepted only when all that means
 * something comes out as it went in: strings, numbers, names and brackets, in their order. What was cut off is never
 * completed.
 */
export function readJson(answer: string): JsonReading {
  const whole = parse(answer);
  if (whole !== undefined) return { kind: "ok", value: whole, repaired: false };
  const blocks = blocksOf(answer);
  if (blocks.length > 1) return { kind: "refused", reason: "the answer has several fenced blocks" };
  const text = blocks[0] ?? answer;
  const inBlock = parse(text);
  if (inBlock !== undefined) return { kind: "ok", value: inBlock, repaired: false };
  return repair(text);
}

/** What stands between fences, one that does not end included: its JSON shows whether it was cut off. */
function blocksOf(answer: string): readonly string[] {
  const blocks: string[] = [];
  let block: string | undefined;
  for (const line of answer.split(/(?<=\n)/)) {
    if (block === undefined && /^[ \t]*```[a-zA-Z0-9]*[ \t]*\r?\n$/.test(line)) block = "";
    else if (block !== undefined && /^[ \t]*```[ \t]*\r?\n?$/.test(line)) {
      blocks.push(block);
      block = undefined;
    } else if (block !== undefined) block += line;
  }
  return block === undefined ? blocks : [...blocks, block];
}

function repair(text: string): JsonReading {
  const damaged = tokensOf(text);
  if (damaged.kind === "refused") return damaged;
  const [first] = damaged.tokens;
  if (first?.kind !== "mark" || (first.text !== "{" && first.text !== "[")) {
    return { kind: "refused", reason: "the answer is neither JSON nor one fenced block of JSON" };
  }
  let repaired: string;
  try {
    repaired = jsonrepair(text);
  } catch {
    return { kind: "refused", reason: "the answer is damaged JSON that cannot be repaired" };
  }
  const value = parse(repaired);
  const mended = tokensOf(repaired);
  if (value === undefined || mended.kind === "refused" || !isSame(damaged.tokens, mended.tokens)) {
    return { kind: "refused", reason: "the answer is damaged JSON, and a repair would change what it says" };
  }
  return { kind: "ok", value, repaired: true };
}

function isSame(left: readonly JsonToken[], right: readonly JsonToken[]): boolean {
  return (
    left.length === right.length &&
    left.every((token, index) => {
      const other = right[index]!;
      if (token.kind !== other.kind) return false;
      return token.kind === "number" ? Number(token.text) === Number(other.text) : token.text === other.text;
    })
  );
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
