import { describe, expect, test } from "vitest";
import { boardRejects } from "../../scenarios/board-rejects/scenario.ts";
import { concurrentOrchestrators } from "../../scenarios/concurrent-orchestrators/scenario.ts";
import { smallEpic } from "../../scenarios/board-world/stories.ts";
import { humanMisClick } from "../../scenarios/human-mis-click/scenario.ts";
import { malformedCliOutput } from "../../scenarios/malformed-cli-output/scenario.ts";
import { builtInMutants, builtInScenarios, scenarioWith } from "../../scenarios/index.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import type { Fault } from "../../src/faults/fault.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { defaultPolicies } from "../../src/orchestrator/orchestrator.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import type { Violation } from "../../src/invariants/invariant.ts";
import { outcomeOf } from "./outcome-of.ts";

const rejected = boardRejects.build().workloads.scripted[0] as JsonObject;
const attempt = "poller-a@0/card EPIC-1 lane 5 attempt";
const rubbish = malformedCliOutput.build().workloads.scripted[0] as JsonObject;
/** The coder's third answer is right: with three test runs more that do not end, no fix is left. */
const batch: JsonObject = { ...rubbish, journey: "batch", epics: [smallEpic(1, 2)], coderNeedsTries: 3 };
const oldForms: JsonObject = {
  ...(humanMisClick.build().workloads.scripted[0] as JsonObject),
  journey: "planning",
  pollers: 2,
  slips: [2, 4].map((lane) => ({ kind: "old-form", card: "EPIC-1", lane, afterMs: 30_000 })),
};
const coding = "poller-a@0/card EPIC-1 lane 8 attempt 1";
const threeEndlessTests: readonly Fault[] = [2, 3, 4].map((nth) => ({
  kind: "program-misbehaves",
  behaviour: { kind: "hang", when: "start", ignoresSignals: false },
  site: `${coding}/pytest(EPIC-1/S1)#${nth}`,
}));

/** Where a mutant needs a fault at one place, that fault; the others are found among the first seeds. */
const witnesses: Readonly<
  Record<
    string,
    {
      /** Itself, or its place among the scripted ones. */ readonly workload: JsonValue;
      readonly faults: readonly Fault[];
    }
  >
> = {
  F08c: {
    workload: 0,
    faults: [
      {
        kind: "request-duplicated",
        afterMs: 4_000,
        site: "poller-a@0/card EPIC-1/S1 lane 6 attempt 1/board.setTaskTags(EPIC-1/S1)#0",
      },
    ],
  },
  F09: { workload: oldForms, faults: [] },
  F12: {
    workload: { ...rejected, journey: "fan-out", pollIntervalMs: 15_000 },
    faults: [{ kind: "request-delayed", delayMs: 12_000, site: `${attempt} 1/board.setTaskTags(EPIC-1)#0` }],
  },
  F16: {
    workload: 0,
    faults: [
      {
        kind: "request-lost",
        site: "board@0/board.moveTaskPosition(EPIC-1 to lane 3)~bdf16c0f/webhook.task.move.column(EPIC-1)#0",
      },
    ],
  },
  F22: { workload: 0, faults: [{ kind: "request-lost", site: `${attempt} 1/board.createTask(EPIC-1/S2)#0` }] },
  F23: {
    workload: 1,
    faults: [
      {
        kind: "kill",
        when: "after",
        restartAfterMs: 2_000,
        site: `${attempt} 1/board.duplicateTaskToProject(EPIC-1/S2)#0`,
      },
    ],
  },
  F24: { workload: 0, faults: [{ kind: "answer-lost", site: `${attempt} 1/board.createTask(EPIC-1/S2)#0` }] },
  F26: {
    workload: 0,
    faults: [
      { kind: "request-lost", site: `${attempt} 1/board.createTask(EPIC-1/S2)#0` },
      { kind: "refused", site: `${attempt} 2/board.getAllTasks(AgentLeeOps)#0` },
    ],
  },
  F34: {
    workload: 2,
    faults: [{ kind: "service-fault", name: "refused", site: `${attempt} 1/board.setTaskTags(EPIC-1/S3)#0` }],
  },
  F47: {
    workload: 0,
    faults: [
      { kind: "kill", when: "during", restartAfterMs: 2_000, site: `${attempt} 1/disk.write(epic-1/ratchet)#0` },
    ],
  },
  F49: {
    workload: 2,
    faults: [
      {
        kind: "kill",
        when: "during",
        restartAfterMs: 2_000,
        site: "poller-a@0/card EPIC-1 lane 3 attempt 1/disk.write(epic-1/ratchet)#0",
      },
    ],
  },
  F59: {
    workload: 0,
    faults: [
      {
        kind: "program-misbehaves",
        behaviour: { kind: "exitBeforeOutput", exitCode: 1 },
        site: "poller-a@0/card EPIC-1/S1 lane 9 attempt 1/pytest(EPIC-1/S1)#0",
      },
    ],
  },
  F63: {
    // Long enough after the coder for a helper of it to stand out.
    workload: { ...batch, coderNeedsTries: 5 },
    faults: [
      {
        kind: "program-misbehaves",
        behaviour: { kind: "lateWriter", path: "late.txt", content: "late\n", delayMs: 3_600_000 },
        site: `${coding}/codex.exec(EPIC-1/S1)#0`,
      },
    ],
  },
  F64: {
    workload: 0,
    faults: [
      {
        kind: "program-misbehaves",
        behaviour: { kind: "hang", when: "start", ignoresSignals: false },
        site: "poller-a@0/card EPIC-1/S1 lane 8 attempt 1/pytest(EPIC-1/S1)#0",
      },
    ],
  },
  F65: { workload: batch, faults: threeEndlessTests },
  F70: {
    workload: 0,
    faults: [
      {
        kind: "program-misbehaves",
        behaviour: { kind: "leaveGitLock" },
        site: "poller-a@0/card EPIC-1/S1 lane 8 attempt 1/git.diff(EPIC-1/S1)#0",
      },
    ],
  },
  F79: {
    workload: 0,
    faults: [
      {
        kind: "service-fault",
        name: "empty",
        site: "poller-a@0/card EPIC-1 lane 2 attempt 1/model.complete(planner/EPIC-1/design)#0",
      },
    ],
  },
  F86: {
    workload: batch,
    faults: [
      {
        kind: "program-misbehaves",
        behaviour: { kind: "hang", when: "end", ignoresSignals: true },
        site: `${coding}/codex.exec(EPIC-1/S1)#0`,
      },
    ],
  },
  F93: { workload: batch, faults: threeEndlessTests },
};
const seedsMax = 300;

describe.each(builtInMutants)("$id: $title", ({ id, scenario: name, expects }) => {
  const mutated = scenarioWith(name, { mutant: id });
  const careful = builtInScenarios.find((each) => each.name === name)!;

  test(`is found in ${name} by ${expects.join(" or ")}`, async () => {
    const violation = await find(mutated, id, (invariant) => expects.includes(invariant));
    expect(violation?.invariant).toBeOneOf([...expects]);
    expect(violation?.message).toMatch(/^\S.*\.$/s);
  });

  const witness = witnesses[id];
  if (witness === undefined) return;
  test("is the mutant's doing: the core holds under the same faults", async () => {
    const { workload, faults } = witness;
    const outcome = await outcomeOf(careful, workloadOf(careful, workload), faults);
    expect(outcome.verdict).toEqual({ kind: "held" });
    expect(outcome.unused).toEqual([]);
  });
});

/** @param workload itself, or its place among the scripted ones */
function workloadOf(scenario: Scenario, workload: JsonValue): JsonValue {
  return typeof workload === "number" ? scenario.workloads.scripted[workload]! : workload;
}

/** The first violation that is wanted, from the mutant's witness or among the first seeds. */
async function find(
  scenario: Scenario,
  id: string,
  isWanted: (invariant: string) => boolean,
): Promise<Violation | undefined> {
  const witness = witnesses[id];
  if (witness !== undefined) {
    const { verdict } = await outcomeOf(scenario, workloadOf(scenario, witness.workload), witness.faults);
    return verdict.kind === "violated" ? verdict.violation : undefined;
  }
  const explorer = new Explorer(scenario, "random", runCaseNow);
  for (let seed = 0; seed < seedsMax; seed++) {
    const { verdict } = await inMacrotask(() => {
      const plan = explorer.plan(seed);
      return runCaseNow(scenario, plan.case, plan.exploration);
    });
    if (verdict.kind === "violated" && isWanted(verdict.violation.invariant)) return verdict.violation;
  }
  return undefined;
}

describe("a system that evades all other rules", () => {
  const workload = concurrentOrchestrators.build().workloads.scripted[0]!;

  test("by doing nothing is found at the end of any run", async () => {
    const idle = concurrentOrchestrators.build({
      policies: { ...defaultPolicies, claim: { acquire: () => Promise.resolve({ kind: "busy" }) } },
    });
    expect((await outcomeOf(idle, workload)).verdict).toMatchObject({ violation: { invariant: "V1" } });
  });

  test("by marking every card as failed is found at the end of any run", async () => {
    const refusing = concurrentOrchestrators.build({
      policies: { ...defaultPolicies, limits: { ...defaultPolicies.limits, childrenPerEpicMax: 0 } },
    });
    expect((await outcomeOf(refusing, workload)).verdict).toMatchObject({ violation: { invariant: "V1" } });
  });
});
