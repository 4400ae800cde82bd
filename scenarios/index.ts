import { defaultPolicies, isJsonObject, type JsonValue, type Policies, type Scenario } from "../src/index.ts";
import { boardRejects } from "./board-rejects/scenario.ts";
import { coderEditsTests } from "./coder-edits-tests/scenario.ts";
import { crashAnywhere } from "./crash-anywhere/scenario.ts";
import { diskFull } from "./disk-full/scenario.ts";
import { humanMisClick } from "./human-mis-click/scenario.ts";
import { lostWebhook } from "./lost-webhook/scenario.ts";
import { malformedCliOutput } from "./malformed-cli-output/scenario.ts";
import { providerOutage } from "./provider-outage/scenario.ts";
import type { BuiltIn } from "./board-world/built-in.ts";
import { epicFromPrd } from "./board-world/epic-from-prd.ts";
import type { Epic } from "./board-world/workload.ts";
import { classics } from "./classics/classics.ts";
import { concurrentOrchestrators } from "./concurrent-orchestrators/scenario.ts";
import { duplicateWebhooks } from "./duplicate-webhooks/scenario.ts";
import { builtInMutants } from "./mutants/built-in-mutants.ts";
import { partialSpawn } from "./partial-spawn/scenario.ts";
import { ratchetAttacks } from "./ratchet-attacks/scenario.ts";
import { rollingDeploy } from "./rolling-deploy/scenario.ts";
import { singleCard } from "./single-card/scenario.ts";
import { smallClaim } from "./small-claim/scenario.ts";
import { smallSpawner } from "./small-spawner/scenario.ts";
import { timeouts } from "./timeouts/scenario.ts";

export { builtInMutants } from "./mutants/built-in-mutants.ts";
export { epicFromPrd, MalformedPlan } from "./board-world/epic-from-prd.ts";

/** What stands in the place of a part of a built-in scenario. */
export interface Replacements {
  /** Id of a mutant of the orchestrator core, in place of the core. */
  readonly mutant?: string;
  /** A plan as in `epics/`, in place of the workloads' own. */
  readonly epic?: JsonValue;
}

const builtIns: readonly BuiltIn[] = [
  duplicateWebhooks,
  timeouts,
  partialSpawn,
  concurrentOrchestrators,
  crashAnywhere,
  lostWebhook,
  providerOutage,
  diskFull,
  boardRejects,
  malformedCliOutput,
  coderEditsTests,
  humanMisClick,
  ratchetAttacks,
  rollingDeploy,
  singleCard,
];

export const builtInScenarios: readonly Scenario[] = builtIns.map((each) => each.build());

/** So small that every schedule can be run: built in, and run when named. */
const smallBuiltIns: readonly BuiltIn[] = [smallClaim, smallSpawner];

/** What a run can name, and does not run unless it is named. */
export const furtherScenarios: readonly Scenario[] = [...classics, ...smallBuiltIns.map((each) => each.build())];

/**
 * A built-in scenario, by its name, with parts replaced.
 *
 * @throws MalformedPlan when the epic is no plan, RangeError when there is no scenario or mutant of that name, or no part
 * to replace
 */
export function scenarioWith(name: string, { mutant, epic }: Replacements): Scenario {
  const classic = classics.find((each) => each.name === name);
  if (classic !== undefined) {
    if (mutant !== undefined || epic !== undefined) throw new RangeError(`${name} has no core and no board to replace`);
    return classic;
  }
  const found = [...builtIns, ...smallBuiltIns].find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`there is no built-in scenario ${name}`);
  return found.build({
    ...(mutant === undefined ? {} : { policies: mutated(mutant) }),
    ...(epic === undefined ? {} : { epic: givenEpic(epic) }),
  });
}

function mutated(id: string): Policies {
  const mutant = builtInMutants.find((each) => each.id === id);
  if (mutant === undefined) throw new RangeError(`there is no mutant ${id}`);
  return mutant.apply(defaultPolicies);
}

/** Called after its title, where it has one. */
function givenEpic(value: JsonValue): Epic {
  const title = isJsonObject(value) ? value["title"] : undefined;
  return epicFromPrd(typeof title === "string" && title !== "" ? title : "epic", value);
}
