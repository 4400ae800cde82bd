import { isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import type { ModelUsage } from "./model-port.ts";

/** Where a provider writes what was used. The first name of each must be there; the others add to it. */
export interface UsageNames {
  readonly input: readonly [string, ...string[]];
  readonly output: readonly [string, ...string[]];
  readonly costUsd?: string;
}

/** Anthropic counts apart what was written to a cache or read from one. */
export const cachedTokens = ["cache_creation_input_tokens", "cache_read_input_tokens"] as const;

export function usageOf(value: JsonValue | undefined, names: UsageNames): ModelUsage | undefined {
  if (!isJsonObject(value)) return undefined;
  const inputTokens = sumOf(value, names.input);
  const outputTokens = sumOf(value, names.output);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const costUsd = names.costUsd === undefined ? undefined : value[names.costUsd];
  return { inputTokens, outputTokens, ...(typeof costUsd === "number" ? { costUsd } : {}) };
}

/** Of several requests for one answer; undefined when nothing is known of any. */
export function addUsages(usages: readonly (ModelUsage | undefined)[]): ModelUsage | undefined {
  return usages.reduce((sum, more) => {
    if (sum === undefined || more === undefined) return sum ?? more;
    const inputTokens = sum.inputTokens + more.inputTokens;
    const outputTokens = sum.outputTokens + more.outputTokens;
    if (sum.costUsd === undefined && more.costUsd === undefined) return { inputTokens, outputTokens };
    return { inputTokens, outputTokens, costUsd: (sum.costUsd ?? 0) + (more.costUsd ?? 0) };
  }, undefined);
}

function sumOf(value: JsonObject, [first, ...more]: UsageNames["input"]): number | undefined {
  const known = value[first];
  if (typeof known !== "number") return undefined;
  return more.reduce((sum, name) => {
    const part = value[name];
    return typeof part === "number" ? sum + part : sum;
  }, known);
}
