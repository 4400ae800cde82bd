import { describe, expect, test } from "vitest";
import type { Task, TaskExecutor } from "../../../src/campaign/task.ts";
import { CampaignControls } from "../../../src/cli/live/campaign-controls.ts";
import { Stopwatch } from "../../../src/cli/live/stopwatch.ts";

const task: Task = { kind: "locate", scenario: "toy", seed: 1 };

function gated() {
  const interruption = new AbortController();
  let nowMs = 1_000;
  const controls = new CampaignControls(interruption.signal, () => nowMs);
  let runs = 0;
  const executor: TaskExecutor = {
    concurrency: 2,
    run: () => {
      runs++;
      return Promise.resolve({ kind: "stopped" });
    },
    close: () => Promise.resolve(),
  };
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  return { controls, executor: controls.gate(executor), interruption, runs: () => runs, advance };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe("a campaign that is held", () => {
  test("begins no task until it goes on", async () => {
    const { controls, executor, runs } = gated();
    await executor.run(task);
    controls.pause();
    const waiting = [executor.run(task), executor.run(task)];
    await settled();
    expect(runs()).toBe(1);
    controls.resume();
    await Promise.all(waiting);
    expect(runs()).toBe(3);
  });

  test("goes on when it is stopped or interrupted, so that it can end", async () => {
    const ways = [
      (held: ReturnType<typeof gated>) => held.controls.stop(),
      (held: ReturnType<typeof gated>) => held.interruption.abort(),
    ];
    for (const end of ways) {
      const held = gated();
      held.controls.pause();
      const waiting = held.executor.run(task);
      end(held);
      await waiting;
      expect(held.controls.stopped.aborted).toBe(true);
      held.controls.pause();
      expect(held.controls.isPaused).toBe(false);
    }
  });

  test("does not count the time that it stands still", () => {
    const { controls, advance } = gated();
    advance(10);
    controls.pause();
    controls.pause();
    advance(500);
    expect(controls.stopwatch.elapsedMs()).toBe(10);
    controls.resume();
    controls.resume();
    advance(5);
    expect(controls.stopwatch.elapsedMs()).toBe(15);
  });
});

test("a stopwatch starts at nothing, whatever the clock says", () => {
  expect(new Stopwatch(() => 77_777).elapsedMs()).toBe(0);
});
