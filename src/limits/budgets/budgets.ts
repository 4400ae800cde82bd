/**
 * What a run may take at most. None is set unless somebody sets it. Times are virtual: what the clock of the simulated
 * machine shows.
 */
export interface Budgets {
  /** From the start of an agent's step to its end. */
  readonly stepWallMs?: number | undefined;
  /** Of trace files that one agent's run writes, also of those that it replaces or removes. */
  readonly traceBytesPerRun?: number | undefined;
  /** Attempts after the first one of each cause, over a card's whole life. */
  readonly retriesPerCard?: number | undefined;
  /** Cards that were made for an epic, also those that are gone. */
  readonly childrenPerEpic?: number | undefined;
  /** Of one look over the board, with the runs that it began. */
  readonly boardCallsPerTick?: number | undefined;
  readonly boardCallsPerCard?: number | undefined;
  readonly commentsPerCard?: number | undefined;
  /** Requests to models for one card, also those that were refused. */
  readonly modelCallsPerStory?: number | undefined;
  /** What models read and wrote for one card, at the `prices`. */
  readonly moneyPerCardUsd?: number | undefined;
  /** What tokens cost. Default 3 USD for a million read, 15 USD for a million written. */
  readonly prices?: TokenPrices | undefined;
}

export interface TokenPrices {
  readonly inputUsdPerMillionTokens: number;
  readonly outputUsdPerMillionTokens: number;
}

export type BudgetName = Exclude<keyof Budgets, "prices">;

export const defaultPrices: TokenPrices = { inputUsdPerMillionTokens: 3, outputUsdPerMillionTokens: 15 };

/** What a report says of a budget. */
export interface BudgetWords {
  /** As it follows a figure, and the figure 1. */
  readonly unit: string;
  readonly singular: string;
  /** What it is measured of. */
  readonly per: string;
}

/** In the order in which reports list them. */
export const budgetWords: Readonly<Record<BudgetName, BudgetWords>> = {
  stepWallMs: { unit: "ms", singular: "ms", per: "step of an agent" },
  traceBytesPerRun: { unit: "bytes of traces", singular: "byte of traces", per: "run of an agent" },
  retriesPerCard: { unit: "retries", singular: "retry", per: "card" },
  childrenPerEpic: { unit: "cards", singular: "card", per: "epic" },
  boardCallsPerTick: { unit: "board calls", singular: "board call", per: "look over the board" },
  boardCallsPerCard: { unit: "board calls", singular: "board call", per: "card" },
  commentsPerCard: { unit: "comments", singular: "comment", per: "card" },
  modelCallsPerStory: { unit: "model calls", singular: "model call", per: "story" },
  moneyPerCardUsd: { unit: "USD", singular: "USD", per: "card" },
};

export const budgetNames: readonly BudgetName[] = Object.keys(budgetWords) as BudgetName[];

/** One of these before a violation's invariant says that a budget was exceeded, as `budget:stepWallMs`. */
export const budgetPrefix = "budget:";

/** @returns undefined for an invariant that is no budget */
export function budgetOfInvariant(invariant: string): BudgetName | undefined {
  if (!invariant.startsWith(budgetPrefix)) return undefined;
  return budgetNames.find((name) => name === invariant.slice(budgetPrefix.length));
}

/** A figure with its unit, as `60,000 ms`, `1 comment` or `0.25 USD`. */
export function budgetFigure(budget: BudgetName, value: number): string {
  const { unit, singular } = budgetWords[budget];
  const rounded = budget === "moneyPerCardUsd" ? Number(value.toFixed(6)) : Math.ceil(value);
  const [whole = "", fraction] = String(rounded).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${grouped}${fraction === undefined ? "" : `.${fraction}`} ${rounded === 1 ? singular : unit}`;
}

/** One line for all that are set, as `commentsPerCard=20,prices=3/15`: what `--budget` takes. Prices alone limit nothing. */
export function budgetsText(budgets: Budgets): string {
  const set = budgetNames.flatMap((name) => (budgets[name] === undefined ? [] : [`${name}=${budgets[name]}`]));
  if (set.length === 0 || budgets.prices === undefined) return set.join(",");
  const { inputUsdPerMillionTokens, outputUsdPerMillionTokens } = budgets.prices;
  return [...set, `prices=${inputUsdPerMillionTokens}/${outputUsdPerMillionTokens}`].join(",");
}
