import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KernelObserver } from "../../src/kernel/observer.ts";
import { Toy } from "./toy.ts";

async function awaitDeep(depth: number): Promise<void> {
  if (depth > 0) await awaitDeep(depth - 1);
}

describe("settling", () => {
  test("a process runs until its await chain is dry before the next step, however deep", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300 }), async (depth) => {
        const toy = new Toy();
        toy.process("deep", async (ports) => {
          await ports.tick("first");
          await awaitDeep(depth);
          toy.log.push("after the chain");
        });
        toy.process("other", async (ports) => {
          await ports.tick("second", 1_001);
        });
        await toy.run();
        expect(toy.log).toEqual([
          "1000 deep@0/main/tick(first)#0",
          "after the chain",
          "1001 other@0/main/tick(second)#0",
        ]);
      }),
      { numRuns: 30 },
    );
  });

  test("ticks and microtasks that start each other are all dry before the next step", async () => {
    const toy = new Toy();
    toy.process("mixed", async (ports) => {
      await ports.tick("first");
      await new Promise<void>((resolve) => {
        process.nextTick(() => queueMicrotask(() => process.nextTick(resolve)));
      });
      toy.log.push("dry");
    });
    toy.process("other", async (ports) => void (await ports.tick("second", 1_001)));
    await toy.run();
    expect(toy.log[1]).toBe("dry");
  });

  test("settling at once and from macrotask to macrotask give the same run", async () => {
    const runs = await Promise.all(
      (["at-once", "by-macrotask"] as const).map(async (settling) => {
        const toy = new Toy();
        for (const name of ["a", "b", "c"]) {
          toy.process(name, async (ports) => {
            for (let index = 0; index < 20; index++) {
              await ports.tick("x", 500 + index);
              await awaitDeep(index);
            }
          });
        }
        const end = await toy.run(settling);
        return { end, log: toy.log };
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]?.end).toEqual({ kind: "quiescent" });
  });

  test("a run that starts inside a microtask is refused, as nothing would settle there", async () => {
    const toy = new Toy();
    await Promise.resolve();
    expect(() => toy.kernel.runToEnd()).toThrow("a run must start from a macrotask");
  });
});

describe("order", () => {
  test("steps happen by due time, ties by order of scheduling", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }), async (times) => {
        const toy = new Toy();
        const order: number[] = [];
        times.forEach((us, index) => toy.at(us, String(index), () => order.push(index)));
        await toy.run();
        const expected = times.map((us, index) => ({ us, index })).toSorted((a, b) => a.us - b.us || a.index - b.index);
        expect(order).toEqual(expected.map(({ index }) => index));
      }),
    );
  });

  test("time moves only forward, and only to a step that happens", async () => {
    const toy = new Toy();
    toy.process("p", async (ports) => {
      expect(await ports.tick("a", 10)).toBe(10);
      expect(await ports.tick("b", 0)).toBe(10);
      expect(await ports.tick("c", 90)).toBe(100);
    });
    expect(await toy.run()).toEqual({ kind: "quiescent" });
    expect(toy.kernel.nowUs).toBe(100);
  });

  test("a step that was taken back does not happen", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ us: fc.nat(20), dropped: fc.boolean() }), { maxLength: 30 }),
        async (entries) => {
          const toy = new Toy();
          const done: number[] = [];
          const { kernel } = toy;
          const schedule = kernel.schedule.bind(kernel);
          const steps: Parameters<typeof schedule>[0][] = [];
          kernel.schedule = (step, nominalUs, slackUs) => {
            steps.push(step);
            schedule(step, nominalUs, slackUs);
          };
          entries.forEach(({ us }, index) => toy.at(us, String(index), () => done.push(index)));
          entries.forEach(({ dropped }, index) => {
            if (dropped) kernel.cancel(steps[index]!);
          });
          await toy.run();
          const kept = entries
            .map((entry, index) => ({ ...entry, index }))
            .filter(({ dropped }) => !dropped)
            .toSorted((a, b) => a.us - b.us || a.index - b.index);
          expect(done).toEqual(kept.map(({ index }) => index));
        },
      ),
    );
  });
});

describe("sites", () => {
  test("an operation is named by process, life, task, name, key and occurrence", async () => {
    const toy = new Toy();
    toy.process("poller", async (ports) => {
      await ports.tick("EPIC-1");
      await ports.fork("card EPIC-1").tick("EPIC-1");
      await ports.tick("EPIC-1");
    });
    await toy.run();
    expect(toy.log.map((line) => line.split(" ").slice(1).join(" "))).toEqual([
      "poller@0/main/tick(EPIC-1)#0",
      "poller@0/card EPIC-1/tick(EPIC-1)#0",
      "poller@0/main/tick(EPIC-1)#1",
    ]);
  });

  test("two operations of one site pending at once end the run", async () => {
    const toy = new Toy();
    toy.process("p", async (ports) => {
      await Promise.all([ports.tick("same"), ports.tick("same")]);
    });
    expect(await toy.run()).toEqual({ kind: "ambiguous-site", site: "p@0/main/tick(same)#0" });
  });

  test("forked tasks keep concurrent operations of one key apart", async () => {
    const toy = new Toy();
    toy.process("p", async (ports) => {
      await Promise.all([ports.fork("left").tick("same"), ports.fork("right").tick("same")]);
    });
    expect(await toy.run()).toEqual({ kind: "quiescent" });
  });
});

describe("processes", () => {
  test("a killed process neither goes on nor runs its finally blocks; what it sent takes effect", async () => {
    const toy = new Toy();
    const victim = toy.process("victim", async (ports) => {
      try {
        await ports.tick("sent");
        toy.log.push("went on");
      } finally {
        toy.log.push("cleaned up");
      }
    });
    toy.at(500, "kill", () => toy.kernel.kill(victim, "kill", "test"));
    expect(await toy.run()).toEqual({ kind: "quiescent" });
    expect(toy.log).toEqual(["1000 victim@0/main/tick(sent)#0"]);
  });

  test("a restarted process begins anew, as another life", async () => {
    const toy = new Toy();
    const process = toy.process("p", async (ports) => {
      let memory = 0;
      for (;;) {
        await ports.tick(`count ${++memory}`);
        if (memory === 2 && ports.life.number === 1) return;
      }
    });
    toy.at(2_500, "kill", () => toy.kernel.kill(process, "kill", "test"));
    toy.at(5_000, "restart", () => toy.kernel.start(process));
    await toy.run();
    expect(toy.log.map((line) => line.split(" ").slice(1).join(" "))).toEqual([
      "p@0/main/tick(count 1)#0",
      "p@0/main/tick(count 2)#0",
      "p@0/main/tick(count 3)#0",
      "p@1/main/tick(count 1)#0",
      "p@1/main/tick(count 2)#0",
    ]);
  });

  test("a paused process gets its answers when it resumes, in order", async () => {
    const toy = new Toy();
    const slow = toy.process("slow", async (ports) => {
      const [left, right] = await Promise.all([ports.fork("l").tick("l"), ports.fork("r").tick("r", 2_000)]);
      toy.log.push(`heard ${left} ${right} at ${toy.kernel.nowUs}`);
    });
    toy.at(500, "pause", () => toy.kernel.pause(slow));
    toy.at(9_000, "resume", () => toy.kernel.resume(slow));
    await toy.run();
    expect(toy.log.at(-1)).toBe("heard 9000 9000 at 9000");
  });

  test("an unhandled rejection crashes its process and no other", async () => {
    const turns: string[] = [];
    const observer: KernelObserver = {
      process: (name, _life, turn, reason) => turns.push(`${name} ${turn} ${reason}`.trim()),
      sent: () => {},
      answered: () => {},
    };
    const toy = new Toy({ observer });
    toy.process("careless", async (ports) => {
      await ports.tick("a");
      void Promise.reject(new Error("nobody listens"));
      await ports.tick("b");
      toy.log.push("went on");
    });
    toy.process("calm", async (ports) => {
      await ports.tick("a", 5_000);
      toy.log.push("calm is done");
    });
    expect(await toy.run()).toEqual({ kind: "quiescent" });
    expect(turns).toContain("careless crash Error: nobody listens");
    expect(toy.log).toContain("calm is done");
    expect(toy.log).not.toContain("went on");
  });

  test("a main function that throws crashes its process, without engine text", async () => {
    const turns: string[] = [];
    const toy = new Toy({
      observer: { process: (_name, _life, turn, reason) => turns.push(`${turn} ${reason}`), sent() {}, answered() {} },
    });
    toy.process("p", async (ports) => {
      await ports.tick("a");
      (undefined as unknown as { nothing(): void }).nothing();
    });
    await toy.run();
    expect(turns).toContain("crash TypeError");
  });
});

describe("ends", () => {
  test("a process that waits for what cannot happen is a deadlock, unless it is a daemon", async () => {
    const toy = new Toy();
    toy.process("stuck", () => new Promise(() => {}));
    expect(await toy.run()).toEqual({ kind: "deadlock", waiting: ["stuck"] });
    const idle = new Toy();
    idle.process("server", () => new Promise(() => {}), { daemon: true });
    expect(await idle.run()).toEqual({ kind: "quiescent" });
  });

  test("bounds on steps and on virtual time are outcomes", async () => {
    expect(await forever(new Toy({ stepsMax: 50 }), 1)).toEqual({ kind: "limit", limit: "stepsMax", value: 50 });
    expect(await forever(new Toy({ virtualMsMax: 3 }), 1_000)).toEqual({
      kind: "limit",
      limit: "virtualMsMax",
      value: 3,
    });
    expect(await forever(new Toy({ stepsAtOneInstantMax: 20 }), 0)).toEqual({
      kind: "limit",
      limit: "stepsAtOneInstantMax",
      value: 20,
    });
  });
});

function forever(toy: Toy, us: number): Promise<unknown> {
  toy.process("p", async (ports) => {
    for (;;) await ports.tick("x", us);
  });
  return toy.run();
}

describe("clocks", () => {
  test("a fast clock's timers fire early in true time, and a jump moves the wall clock alone", async () => {
    const toy = new Toy();
    const fast = toy.process("fast", async () => {}, { clock: { skewMs: 60_000, driftPpm: 100_000 } });
    await toy.run();
    expect(fast.clock.trueUs(1_100)).toBe(1_000_000);
    expect(fast.clock.monotonicMs(1_000_000)).toBeCloseTo(1_100, 6);
    const before = fast.clock.wallMs(0);
    toy.kernel.jumpClock(fast, -5_000);
    expect(fast.clock.wallMs(0)).toBe(before - 5_000);
    expect(fast.clock.monotonicMs(0)).toBe(0);
  });
});
