import type { LoggedFault } from "../../incidents/logged-fault.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Catalogue } from "../catalogue.ts";
import { findMutant, findScenario } from "../find-scenario.ts";
import { builtInPrefix } from "../project/find-config.ts";
import { UsageError } from "../usage-error.ts";

export interface ScenarioChoice {
  readonly name: string;
  /** Why this one, in words. */
  readonly why: string;
}

/** What the logs tell that a choice can rest on. */
export interface LogHints {
  readonly faults: readonly LoggedFault[];
  readonly workload: JsonObject | undefined;
}

/** The scenario to search in: the one that was named, the mutant's, the project's only one, or the built-in one that fits. */
export function chooseScenario(
  catalogue: Catalogue,
  {
    given,
    mutant,
    hints,
  }: { readonly given: string | undefined; readonly mutant: string | undefined; readonly hints: LogHints },
): ScenarioChoice {
  if (given !== undefined) return { name: findScenario(catalogue, given), why: "as you said" };
  if (mutant !== undefined) return { name: findMutant(catalogue, mutant).scenario, why: `the one of ${mutant}` };
  const names = catalogue.builtInScenarios.map(({ name }) => name);
  if (names.length === 1) return { name: names[0]!, why: "there is no other" };
  const fitting = fittingBuiltIn(hints);
  const isBuiltIn = names.includes(fitting.name) && !names.some((name) => name.startsWith(builtInPrefix));
  if (isBuiltIn) return fitting;
  throw new UsageError({
    what: "import",
    why: `there are ${names.length} scenarios here in which it could search`,
    fix: `name one: --in ${names.slice(0, 5).join(", --in ")}`,
  });
}

/** They share one world, and differ in the faults that they know. */
function fittingBuiltIn({ faults, workload }: LogHints): ScenarioChoice {
  const has = (...kinds: readonly string[]): boolean =>
    faults.some(({ specs }) => specs.some(({ kind }) => kinds.includes(kind)));
  const slips = workload?.["slips"];
  if (workload?.["journey"] === "single") return { name: "single-card", why: "the cards are worked alone" };
  if (Array.isArray(slips) && slips.length > 0)
    return { name: "human-mis-click", why: "people moved cards beside the process" };
  if (faults.some(({ seams }) => seams.includes("model")))
    return { name: "provider-outage", why: "a model was out of reach" };
  if (has("disk-full", "disk-fails")) return { name: "disk-full", why: "a disk failed" };
  if (faults.some(({ seams }) => seams.includes("webhook")))
    return { name: "duplicate-webhooks", why: "webhooks went astray" };
  if (has("kill")) return { name: "crash-anywhere", why: "a process died" };
  if (workload?.["journey"] === "fan-out") {
    return Number(workload["pollers"]) + Number(workload["webhookServers"]) > 1
      ? { name: "concurrent-orchestrators", why: "several processes made the cards of a plan" }
      : { name: "partial-spawn", why: "the cards of a plan were made" };
  }
  return has("answered-with", "service-fault")
    ? { name: "board-rejects", why: "the board answered with errors" }
    : { name: "timeouts", why: "nothing points to another" };
}
