import { shareBench } from "../../../src/bench/share-bench.ts";
import type { BenchModule } from "../../../src/bench/bench-module.ts";
import { noFaults } from "../../../src/faults/plan.ts";
import { History } from "../../../src/history/history.ts";
import { Panel } from "../../../src/invariants/panel.ts";
import { Kernel } from "../../../src/kernel/kernel.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { World } from "../../../src/sim/world.ts";
import { smallRun } from "../reference-run.ts";
import { Thread } from "../threads/thread.ts";

const { scenario, case: input } = smallRun();

const runThread = new URL("../threads/run-thread.ts", import.meta.url);

class UnwrittenHistory extends History {
  override append(): void {}
}

interface Parts {
  readonly history: boolean;
  readonly invariants: boolean;
}

/** @returns how it ended */
function run(parts: Parts): Promise<string> {
  return inMacrotask(() => {
    const panel = new Panel(scenario.invariants, scenario.sometimes, () => kernel.stop("violated"));
    const readers = parts.invariants ? [panel] : [];
    const history: History = new (parts.history ? History : UnwrittenHistory)(() => kernel.nowUs, readers);
    const kernel = new Kernel({ seed: input.drawSeed, observer: history, ...scenario.bounds });
    scenario.build(new World({ kernel, history, faults: noFaults }), input.workload);
    const end = kernel.runToEnd();
    if (parts.invariants) panel.finish({ atUs: kernel.nowUs });
    return end.kind === "stopped" && panel.violations.length === 0 ? "held" : end.kind;
  });
}

const isHeld = (end: unknown): boolean => end === "held";

/** What a run pays for being watched. */
export const shares: readonly BenchModule[] = [
  shareBench({
    name: "share of invariants",
    about: "a run of three stories with all its invariants, and without any",
    setUp: () => undefined,
    withPart: () => run({ history: true, invariants: true }),
    withoutPart: () => run({ history: true, invariants: false }),
    isDone: isHeld,
  }),
  shareBench({
    name: "share of the history",
    about: "a run of three stories that is written down, and one that is not",
    setUp: () => undefined,
    withPart: () => run({ history: true, invariants: false }),
    withoutPart: () => run({ history: false, invariants: false }),
    isDone: isHeld,
  }),
  shareBench({
    name: "share of the guards",
    about: "a run of three stories in a thread with guards, and in one without",
    setUp: async () => ({
      guarded: await Thread.start(runThread, "guarded"),
      bare: await Thread.start(runThread, "bare"),
    }),
    tearDown: ({ guarded, bare }) => Promise.all([guarded.end(), bare.end()]),
    withPart: ({ guarded }) => guarded.ask("run"),
    withoutPart: ({ bare }) => bare.ask("run"),
    isDone: isHeld,
  }),
];
