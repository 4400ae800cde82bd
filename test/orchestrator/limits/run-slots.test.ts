import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RunSlots } from "../../../src/orchestrator/dispatch/run-slots.ts";
import { defaultLimits, defaultPolicies, startPoller } from "../../../src/orchestrator/orchestrator.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { config } from "../board-world.ts";
import { wrapHttp } from "../wrapped-http.ts";
import { playLimited, type LimitedPlay } from "./limited-play.ts";

test("no more are taken than there are, and one that is given back can be taken again", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.boolean()), (max, takes) => {
      const slots = new RunSlots(max);
      let taken = 0;
      for (const take of takes) {
        if (take) {
          expect(slots.take()).toBe(taken < max);
          taken = Math.min(max, taken + 1);
        } else if (taken > 0) {
          slots.giveBack();
          taken -= 1;
        }
      }
    }),
  );
});

/** One process with two pollers over three epics, whose model takes its time. */
function playTwoPollers(concurrentRunsMax: number): Promise<LimitedPlay> {
  const policies = { ...defaultPolicies, limits: { ...defaultLimits, concurrentRunsMax } };
  const slow = (ports: Ports): Ports =>
    wrapHttp(ports, {
      async request(each, send, own) {
        if (each.name === "model.complete") await own.clock.sleep(20_000, { key: "thinking" });
        return send(each);
      },
    });
  const work = async (ports: Ports): Promise<void> => {
    const slots = new RunSlots(concurrentRunsMax);
    const poller = (name: string): Promise<void> =>
      startPoller(slow(ports.fork(name)), config, policies, new AbortController().signal, slots);
    await Promise.all([poller("one"), poller("two")]);
  };
  return playLimited(
    {},
    {
      epics: 3,
      pollers: 0,
      failuresAllowed: false,
      meddle: (board) => void board.world.process("pair", work, { daemon: true }),
    },
  );
}

function mostAtOnce({ notes }: LimitedPlay): number {
  let now = 0;
  let most = 0;
  for (const { name } of notes) {
    if (name === "run.started") most = Math.max(most, ++now);
    else if (name === "run.finished") now--;
  }
  return most;
}

describe("runs at once in one process", () => {
  test("pollers that share one slot take turns, and everything is done", async () => {
    const played = await playTwoPollers(1);
    expect(mostAtOnce(played)).toBe(1);
    expect(new Set(played.reached.map((each) => each.split(" ")[0]))).toEqual(new Set(["concurrentRunsMax"]));
  });

  test("with two slots they work at once", async () => {
    const played = await playTwoPollers(2);
    expect(mostAtOnce(played)).toBe(2);
    expect(played.reached).toEqual([]);
  });
});
