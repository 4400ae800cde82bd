import { assert } from "../../../src/base/assert.ts";
import { isJsonObject, type JsonValue } from "../../../src/base/json.ts";
import { countedBench, timedBench, type BenchModule } from "../../../src/bench/bench-module.ts";
import { History } from "../../../src/history/history.ts";
import { Panel } from "../../../src/invariants/panel.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import type { Outcome } from "../../../src/sim/outcome.ts";
import { defaultPolicies, type Policies } from "../../../src/orchestrator/orchestrator.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import { smallEpic } from "../../../scenarios/board-world/stories.ts";
import { idleCalls, undisturbedCalls } from "../board-calls.ts";
import { externalOps, opMix, referenceRun } from "../reference-run.ts";

const { scenario, case: input } = referenceRun();

function run(extraStories = 0): Promise<Outcome> {
  const { workload, ...rest } = input;
  assert(isJsonObject(workload), "the workload of a board is an object");
  // Plain JSON, whatever its type says: it goes into repro files.
  const epics = JSON.parse(JSON.stringify([smallEpic(1, 10 + extraStories)])) as JsonValue;
  return inMacrotask(() => runCaseNow(scenario, { ...rest, workload: { ...workload, epics } }));
}

/** The core, but for so many reads of a card's tags that nobody needs before each change of them. */
function readingTagsAgain(times: number): Policies {
  const { tags } = defaultPolicies;
  return {
    ...defaultPolicies,
    tags: {
      async write(change) {
        for (let count = 0; count < times; count++) await change.board.getTaskTags(change.card);
        return tags.write(change);
      },
    },
  };
}

/** What the reference run does, and what it takes, whole and in parts. */
export const referenceRuns: readonly BenchModule[] = [
  countedBench({
    name: "reference run",
    about: "ten stories through every lane: operations by kind, events, virtual time",
    units: {
      "external operations": "operations",
      "board operations": "operations",
      "model operations": "operations",
      steps: "steps",
      events: "events",
      "virtual time": "virtual ms",
    },
    count: async (burden) => {
      const { stats, history, verdict } = await run(burden);
      if (verdict.kind !== "held") throw new Error(`the reference run ended ${verdict.kind}`);
      const mix = opMix(history.events);
      return {
        "external operations": externalOps(mix),
        "board operations": mix["board"] ?? 0,
        "model operations": mix["model"] ?? 0,
        steps: stats.steps,
        events: stats.events,
        "virtual time": stats.virtualMs,
      };
    },
  }),
  countedBench({
    name: "board calls",
    about: "what the runs of an undisturbed epic ask of the board, and what an idle tick does",
    units: {
      "calls in all runs": "calls",
      "calls in a run and around it": "calls",
      "calls of an idle tick over 100 finished cards": "calls",
    },
    count: async (burden) => {
      const { runs, others } = await inMacrotask(() => undisturbedCalls(readingTagsAgain(burden)));
      const inRuns = runs.reduce((sum, { calls }) => sum + calls.length, 0);
      const idle = await idleCalls({ atRest: 34, completed: 33, failed: 33 }, 1 + burden);
      return {
        "calls in all runs": inRuns,
        "calls in a run and around it": (inRuns + others.length) / runs.length,
        "calls of an idle tick over 100 finished cards": idle.calls / idle.ticks,
      };
    },
  }),
  timedBench({
    name: "reference run, whole",
    about: "the reference run from its case to its verdict",
    operations: 1,
    setUp: () => undefined,
    body: () => run(),
    isDone: (outcome) => (outcome as Outcome).verdict.kind === "held",
  }),
  timedBench({
    name: "history hash",
    about: "the canonical lines of the reference run, hashed",
    operations: 1,
    setUp: async () => (await run()).history,
    body: (history) => history.hash(),
    isDone: (hash, history) => hash === history.hash(),
  }),
  timedBench({
    name: "invariant pass",
    about: "the reference run judged once more by all its invariants",
    operations: 1,
    setUp: async () => ({
      events: (await run()).history.events,
      panel: new Panel(scenario.invariants, [], () => {}),
    }),
    body: ({ events, panel }) => {
      const history = new History(() => 0, [panel]);
      for (const event of events) history.append(event);
      return panel.checked();
    },
    isDone: (checked) => Object.values(checked as Record<string, number>).some((count) => count > 0),
  }),
];
