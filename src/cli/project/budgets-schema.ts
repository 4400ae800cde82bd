import { z } from "zod";
import { defaultBudgets } from "../../limits/budgets/default-budgets.ts";
import {
  budgetNames,
  budgetsText,
  type BudgetName,
  type Budgets,
  type TokenPrices,
} from "../../limits/budgets/budgets.ts";
import { plainLine } from "../../report/plain-line.ts";
import { suggestName } from "../nearest-name.ts";
import { wrongValue } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";

const count = z.int().min(0).max(1_000_000_000_000);
const usd = z.number().min(0).max(1_000_000_000);

/** What a run may take at most, checked. */
export const budgetsSchema = z.strictObject({
  stepWallMs: count.optional().describe("Virtual milliseconds of one step of an agent."),
  traceBytesPerRun: count.optional().describe("Bytes of trace files that one run of an agent writes."),
  retriesPerCard: count.optional().describe("Attempts of a card after the first one of each cause."),
  childrenPerEpic: count.optional().describe("Cards made for an epic."),
  boardCallsPerTick: count.optional().describe("Requests to the board in one look over it, with the runs it began."),
  boardCallsPerCard: count.optional().describe("Requests to the board for one card."),
  commentsPerCard: count.optional().describe("Comments of the system on one card."),
  modelCallsPerStory: count.optional().describe("Requests to models for one card."),
  moneyPerCardUsd: usd.optional().describe("US dollars that models cost for one card, at the prices."),
  prices: z
    .strictObject({ inputUsdPerMillionTokens: usd, outputUsdPerMillionTokens: usd })
    .optional()
    .describe("What tokens cost: by default 3 and 15 US dollars for a million."),
}) satisfies z.ZodType<Budgets>;

/** What runs must stay within: what the project says, and over it what is asked for. @param asked as `--budget` takes it */
export function budgetsFor(ofProject: Budgets | undefined, asked: string | undefined): Budgets | undefined {
  const budgets = { ...ofProject, ...(asked === undefined ? {} : readBudgets(asked)) };
  return budgetsText(budgets) === "" ? undefined : budgets;
}

/** Budgets that were written down as an object. @throws UsageError when they are none */
export function readBudgetsMember(what: string, given: unknown): Budgets {
  const checked = budgetsSchema.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const [member = ""] = issue.keys;
    const fix = suggestName(member, Object.keys(budgetsSchema.shape));
    throw new UsageError({ what: `${what}.${plainLine(member, 60)}`, why: "there is no such budget", fix });
  }
  const place = [what, ...(issue?.path ?? []).map(String)].join(".");
  const why = (issue?.message ?? "not understood").replace(/^Invalid input: ?/, "") || "not understood";
  throw new UsageError({ what: place, why, fix: "write a number from 0, as commentsPerCard: 20" });
}

/**
 * The value of `--budget`: `stepWallMs=60000`, `default`, or several of them between commas, of which later ones rule.
 *
 * @throws UsageError for a budget that there is not, or a value that none can have
 */
export function readBudgets(text: string): Budgets {
  return Object.assign({}, ...text.split(",").map((given) => readBudget(given.trim()))) as Budgets;
}

function readBudget(given: string): Budgets {
  if (given === "default") return defaultBudgets;
  const [, name = "", value] = /^([^=]*)(?:=(.*))?$/s.exec(given) ?? [];
  const shown = plainLine(given, 60);
  if (name === "prices") return { prices: readPrices(value, shown) };
  if (!isBudgetName(name)) {
    throw wrongValue("--budget", shown, "there is no such budget", suggestName(name, [...budgetNames, "default"]));
  }
  const parsed = value === undefined || value.trim() === "" ? Number.NaN : Number(value);
  const checked = budgetsSchema.shape[name].safeParse(parsed);
  if (checked.success) return { [name]: parsed };
  const form = name === "moneyPerCardUsd" ? "a number from 0" : "a whole number from 0";
  throw wrongValue(
    "--budget",
    shown,
    `${value === undefined ? "no value" : "not a value"} of a budget`,
    `write ${form}, as ${name}=100`,
  );
}

/** As `3/15`: for a million tokens read, and written. */
function readPrices(value: string | undefined, shown: string): TokenPrices {
  const [, input, output] = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(value ?? "") ?? [];
  const prices = { inputUsdPerMillionTokens: Number(input), outputUsdPerMillionTokens: Number(output) };
  if (budgetsSchema.safeParse({ prices }).success) return prices;
  throw wrongValue(
    "--budget",
    shown,
    "not two prices",
    "write US dollars for a million tokens read and written, as prices=3/15",
  );
}

function isBudgetName(name: string): name is BudgetName {
  return budgetNames.some((each) => each === name);
}
