import { assert } from "../../base/assert.ts";
import type { HistoryEvent } from "../../history/event.ts";
import type { HistoryReader } from "../../history/history.ts";
import { budgetNames, type BudgetName, type Budgets, type TokenPrices } from "./budgets.ts";
import { BudgetGauges, type BudgetReading } from "./gauges.ts";

/** By budget: what came closest to it, or exceeded it most, in one run. What nobody did has no entry. */
export type LargestReadings = ReadonlyMap<BudgetName, BudgetReading>;

/** Reads the history of a run as it grows, for the largest of everything that budgets limit. */
export class LargestReader implements HistoryReader {
  readonly largest: LargestReadings;
  private readonly gauges: BudgetGauges;

  constructor(prices?: TokenPrices) {
    const largest = new Map<BudgetName, BudgetReading>();
    this.largest = largest;
    this.gauges = new BudgetGauges((reading) => {
      const before = largest.get(reading.budget);
      if (before === undefined || reading.value > before.value) largest.set(reading.budget, reading);
    }, prices);
  }

  observe(event: HistoryEvent): void {
    this.gauges.observe(event);
  }
}

export interface MeasuredRun {
  readonly scenario: string;
  readonly seed: number;
  readonly largest: LargestReadings;
}

/** A budget that the measured runs hold, and where it comes from. */
export interface SuggestedBudget {
  readonly budget: BudgetName;
  readonly value: number;
  /** Of the largest reading of each run that had one, by nearest rank. */
  readonly p99: number;
  /** Runs that had one. */
  readonly runs: number;
  /** The run with the most, the first of equals. */
  readonly largest: { readonly value: number; readonly of: string; readonly scenario: string; readonly seed: number };
  /** The largest lies above the 99th percentile with its headroom, and is what the budget was raised to. */
  readonly raised: boolean;
}

export const headroomDefault = 1.5;

/**
 * The 99th percentile with headroom, or the largest where that is more, rounded up to two digits: whatever was measured
 * stays within it. In the order in which reports list budgets; none for what no run did.
 *
 * @param headroom a factor, >= 1
 */
export function suggestBudgets(runs: readonly MeasuredRun[], headroom = headroomDefault): readonly SuggestedBudget[] {
  assert(headroom >= 1, "headroom is a factor");
  return budgetNames.flatMap((budget) => {
    const readings = runs.flatMap(({ scenario, seed, largest }) => {
      const reading = largest.get(budget);
      return reading === undefined ? [] : [{ value: reading.value, of: reading.of, scenario, seed }];
    });
    const [first] = readings;
    if (first === undefined) return [];
    const largest = readings.reduce((most, each) => (each.value > most.value ? each : most), first);
    const values = readings.map(({ value }) => value).toSorted((left, right) => left - right);
    const p99 = values[Math.ceil(0.99 * values.length) - 1]!;
    const raised = largest.value > p99 * headroom;
    const value = roundedUp(raised ? largest.value : p99 * headroom, budget === "moneyPerCardUsd");
    return [{ budget, value, p99, runs: readings.length, largest, raised }];
  });
}

/** Ready for a config. */
export function budgetsOf(suggested: readonly SuggestedBudget[]): Budgets {
  return Object.fromEntries(suggested.map(({ budget, value }) => [budget, value]));
}

/** To two digits; what is only counted also to a whole number. */
function roundedUp(value: number, hasFractions: boolean): number {
  if (value <= 0) return 0;
  const digits = Math.floor(Math.log10(value)) - 1;
  const exponent = hasFractions ? Math.max(digits, -6) : Math.max(digits, 0);
  // By a whole factor either way: 0.29 is not 29 * 0.01.
  const scaled = exponent < 0 ? value * 10 ** -exponent : value / 10 ** exponent;
  // What the division made larger than it is must not be rounded up by a whole digit.
  const steps = Math.ceil(scaled - 1e-9);
  return exponent < 0 ? steps / 10 ** -exponent : steps * 10 ** exponent;
}
