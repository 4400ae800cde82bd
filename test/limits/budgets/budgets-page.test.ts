import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { budgetNames, defaultPrices } from "../../../src/limits/budgets/budgets.ts";
import { defaultBudgets } from "../../../src/limits/budgets/default-budgets.ts";
import { headroomDefault } from "../../../src/limits/budgets/suggest.ts";
import { wholeNumber } from "../../../src/report/table.ts";

const page = readFileSync(new URL("../../../docs/budgets.md", import.meta.url), "utf8");

test("the page of the budgets tells each with its default, in their order", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([\d,]+) \| [a-z]/gm)].map(([, name, value]) => [name, value]);
  expect(rows).toEqual(budgetNames.map((name) => [name, wholeNumber(defaultBudgets[name]!)]));
  expect(page).toContain(`times \`--headroom\` (${headroomDefault})`);
  const { inputUsdPerMillionTokens, outputUsdPerMillionTokens } = defaultPrices;
  expect(page).toContain(`${inputUsdPerMillionTokens} read and ${outputUsdPerMillionTokens} written unless you say so`);
});
