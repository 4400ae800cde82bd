import { expect, test } from "vitest";
import { builtInCatalogueUrl, loadCatalogue } from "../../src/cli/catalogue.ts";
import { buildScenario, findScenario } from "../../src/cli/find-scenario.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

const catalogue = await loadCatalogue(builtInCatalogueUrl);
const unchanged = { mutant: undefined, epic: undefined };

test("finds a scenario that is not part of the default campaign", () => {
  const name = findScenario(catalogue, "stormlane:classics/reorder-10");
  expect(buildScenario(catalogue, name, unchanged).name).toBe("classics/reorder-10");
});

test("suggests a name that is near to one that does not exist", () => {
  expect(() => findScenario(catalogue, "classics/reorder-11")).toThrow(UsageError);
  expect(() => findScenario(catalogue, "classics/late-windw")).toThrow(/classics\/late-window/);
});

test("says that there is no core to plant a mutant in", () => {
  const planted = (): unknown => buildScenario(catalogue, "classics/late-window", { ...unchanged, mutant: "F24" });
  expect(planted).toThrow(UsageError);
  expect(planted).toThrow(/--mutant F24 in classics\/late-window/);
});
