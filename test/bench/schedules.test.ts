import { beforeAll, expect, test } from "vitest";
import { concurrentOrchestrators } from "../../scenarios/concurrent-orchestrators/scenario.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import { RandomWalk } from "../../src/explore/strategies/random-walk.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { neverUs } from "../../src/kernel/time.ts";
import { runCase } from "../../src/sim/run-case.ts";
import { scheduleFingerprint } from "./schedules.ts";

const scenario = concurrentOrchestrators.build();
const input = emptyCase(scenario, 1, scenario.workloads.scripted[0]!);

async function fingerprintOf(seed: number): Promise<string> {
  const { history } = await runCase(scenario, input, {
    scheduler: new RandomWalk({ seed, switchPpm: 400_000, fairFromUs: neverUs }),
  });
  return scheduleFingerprint(history.events);
}

beforeAll(() => installGuards());

test("a fingerprint is the schedule's: the same for the same choices, another for others", async () => {
  const seeds = [1, 2, 3, 4, 5];
  const first = await Promise.all(seeds.map(fingerprintOf));
  expect(await Promise.all(seeds.map(fingerprintOf))).toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(3);
});

test("the order of two operations matters to a fingerprint, their time does not", async () => {
  const { history } = await runCase(scenario, input);
  const { events } = history;
  const later = events.map((event) => ({ ...event, atUs: event.atUs + 1 }));
  expect(scheduleFingerprint(later)).toBe(scheduleFingerprint(events));
  const sent = events.filter(({ kind }) => kind === "sent");
  expect(scheduleFingerprint([sent[1]!, sent[0]!])).not.toBe(scheduleFingerprint([sent[0]!, sent[1]!]));
});
