import type { AgentUsage } from "../agent-script.ts";

/** What an alias stands for in this version; a full name stands for itself. */
export function fullModelName(given: string): string {
  return MODELS.find((model) => model.alias === given)?.name ?? given;
}

export const DEFAULT_MODEL = "claude-opus-5-5";

/** What the models cost that people name; any other counts as Sonnet 4.5 does. */
export function costUsdOf(model: string, usage: AgentUsage): number {
  const { inputUsd, outputUsd, cacheUsd } = priceOf(model);
  const cached = usage.cachedTokens ?? 0;
  const usdPerMillion = (usage.inputTokens - cached) * inputUsd + usage.outputTokens * outputUsd + cached * cacheUsd;
  return usdPerMillion / 1_000_000;
}

export function contextOf(model: string): { readonly contextWindow: number; readonly maxOutputTokens: number } {
  const isLarge = MODELS.some(({ name }) => name === model && name !== "claude-haiku-5-5");
  return isLarge
    ? { contextWindow: 1_000_000, maxOutputTokens: 128_000 }
    : { contextWindow: 200_000, maxOutputTokens: 32_000 };
}

/** As `initialize` lists them. */
export function modelList(): readonly { readonly value: string; readonly resolvedModel: string }[] {
  return [
    { value: "default", resolvedModel: DEFAULT_MODEL },
    ...MODELS.map(({ alias, name }) => ({ value: alias, resolvedModel: name })),
  ];
}

interface Price {
  /** For a million tokens. */
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly cacheUsd: number;
}

function priceOf(model: string): Price {
  return MODELS.find(({ name }) => name === model)?.price ?? { inputUsd: 3, outputUsd: 15, cacheUsd: 0.3 };
}

const MODELS: readonly { readonly alias: string; readonly name: string; readonly price: Price }[] = [
  { alias: "opus", name: DEFAULT_MODEL, price: { inputUsd: 4, outputUsd: 20, cacheUsd: 0.2 } },
  { alias: "fable", name: "claude-fable-5-2", price: { inputUsd: 8, outputUsd: 40, cacheUsd: 0.4 } },
  { alias: "sonnet", name: "claude-sonnet-5-5", price: { inputUsd: 2, outputUsd: 10, cacheUsd: 0.1 } },
  { alias: "haiku", name: "claude-haiku-5-5", price: { inputUsd: 0.1, outputUsd: 0.5, cacheUsd: 0.005 } },
];
