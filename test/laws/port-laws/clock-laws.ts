import { expect } from "vitest";
import { describePortLaws, type Differences, type PortImplementation, type PortLaw } from "./port-law.ts";

export function clockLaws(implementation: PortImplementation, differences: Differences = {}): void {
  describePortLaws("clock", laws, implementation, differences);
}

const laws: readonly PortLaw[] = [
  {
    title: "the wall clock shows a date of this century",
    async check(ports) {
      expect(ports.clock.nowMs()).toBeGreaterThan(Date.UTC(2001, 0));
      expect(ports.clock.nowMs()).toBeLessThan(Date.UTC(2101, 0));
    },
  },
  {
    title: "the monotonic clock never goes back",
    async check({ clock }) {
      let last = clock.monotonicMs();
      for (let turn = 0; turn < 20; turn++) {
        if (turn % 5 === 0) await clock.sleep(1);
        const now = clock.monotonicMs();
        expect(now).toBeGreaterThanOrEqual(last);
        last = now;
      }
    },
  },
  {
    title: "a sleep lasts at least as long as asked",
    async check({ clock }) {
      for (const durationMs of [0, 1, 2.5, 20]) {
        const start = clock.monotonicMs();
        expect(await clock.sleep(durationMs)).toBe(true);
        expect(clock.monotonicMs() - start).toBeGreaterThanOrEqual(durationMs);
      }
    },
  },
  {
    title: "a sleep of less than nothing is over at once",
    async check({ clock }) {
      expect(await clock.sleep(-5)).toBe(true);
    },
  },
  {
    title: "the shorter of two sleeps ends first",
    async check(ports) {
      const ended: string[] = [];
      const sleep = async (name: string, durationMs: number): Promise<void> => {
        await ports.fork(name).clock.sleep(durationMs);
        ended.push(name);
      };
      await Promise.all([sleep("long", 60), sleep("short", 10)]);
      expect(ended).toEqual(["short", "long"]);
    },
  },
  {
    title: "a sleep whose signal has aborted before says false at once",
    async check({ clock }) {
      const start = clock.monotonicMs();
      expect(await clock.sleep(60_000, { signal: AbortSignal.abort() })).toBe(false);
      expect(clock.monotonicMs() - start).toBeLessThan(30_000);
    },
  },
  {
    title: "an abort ends a sleep early and says false",
    async check(ports) {
      const stopping = new AbortController();
      const start = ports.clock.monotonicMs();
      const sleeping = ports.fork("sleeper").clock.sleep(60_000, { signal: stopping.signal });
      await ports.clock.sleep(10);
      stopping.abort();
      expect(await sleeping).toBe(false);
      expect(ports.clock.monotonicMs() - start).toBeLessThan(30_000);
    },
  },
  {
    title: "an abort after the end changes nothing",
    async check({ clock }) {
      const stopping = new AbortController();
      const sleeping = clock.sleep(1, { signal: stopping.signal });
      expect(await sleeping).toBe(true);
      stopping.abort();
      expect(await sleeping).toBe(true);
      expect(await clock.sleep(1)).toBe(true);
    },
  },
];
