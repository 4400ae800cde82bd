import { expect, test } from "vitest";
import { scenarioWith } from "../../../scenarios/index.ts";
import { hash32, mix32 } from "../../../src/base/digest.ts";
import { runOfCase } from "../../../src/explore/exhaustive/case-run.ts";
import { Causality } from "../../../src/explore/exhaustive/causality.ts";
import { describeOutcome } from "../../../src/explore/exhaustive/describe-outcome.ts";
import { GuidedScheduler } from "../../../src/explore/exhaustive/guided-scheduler.ts";
import type { RunSchedule } from "../../../src/explore/exhaustive/search.ts";
import { searchBySourceSets } from "../../../src/explore/exhaustive/source-sets.ts";
import { emptyCase } from "../../../src/explore/explorer.ts";
import type { Fault } from "../../../src/faults/fault.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";

const schedulesDrawn = 40;

function runOf(name: string, faults: readonly Fault[]): RunSchedule {
  const scenario = scenarioWith(name, {});
  const input = { ...emptyCase(scenario, 0, scenario.workloads.scripted[0]!), faults };
  return runOfCase({ scenario, case: input, runCase: runCaseNow, describe: describeOutcome });
}

/** What a schedule came to, and its partial order. */
interface End {
  readonly outcome: string;
  readonly partialOrder: number;
}

function endOf(outcome: string, { steps }: GuidedScheduler): End {
  return { outcome, partialOrder: [...new Causality(steps).states()].at(-1)! };
}

/** Each candidate with the same chance, drawn from the seed and the number of the step. */
function drawnSchedule(seed: number): GuidedScheduler {
  return new GuidedScheduler({
    choose: (candidates, before) => mix32(hash32(String(seed)), before.length) % candidates.length,
  });
}

async function compare(run: RunSchedule): Promise<void> {
  await inMacrotask(() => {
    const ended: { readonly outcome: string; readonly scheduler: GuidedScheduler }[] = [];
    const search = searchBySourceSets(
      (scheduler) => {
        const ending = run(scheduler);
        if (!scheduler.abandoned) ended.push({ outcome: ending.outcome, scheduler });
        return ending;
      },
      { runsMax: 2_000, verifyEvery: 50 },
    );
    let turn = search.next();
    while (turn.done !== true) turn = search.next();
    expect(turn.value.end).toBe("complete");
    const searched = new Map(
      ended.map(({ outcome, scheduler }) => {
        const end = endOf(outcome, scheduler);
        return [end.partialOrder, end.outcome];
      }),
    );
    for (let seed = 0; seed < schedulesDrawn; seed++) {
      const scheduler = drawnSchedule(seed);
      const { outcome } = run(scheduler);
      scheduler.finish();
      const end = endOf(outcome, scheduler);
      expect(searched.get(end.partialOrder), `schedule ${seed}`).toBe(end.outcome);
    }
  });
}

test(
  "no drawn schedule of two claims has a partial order or an end that the search did not come to",
  () => compare(runOf("small-claim", [])),
  300_000,
);

test.each([
  "spawner@0/card EPIC-1 lane 5 attempt 1/board.createTask(EPIC-1/S1)#0",
  "spawner@0/tick 0/disk.write(claim:EPIC-1)#0",
])(
  "neither has one of a spawner that is killed during %s",
  (site) => compare(runOf("small-spawner", [{ site, kind: "kill", when: "during", restartAfterMs: 1_000 }])),
  300_000,
);
