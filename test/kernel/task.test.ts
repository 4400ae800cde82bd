import fc from "fast-check";
import { expect, test } from "vitest";
import { Incarnation, SimulatedProcess } from "../../src/kernel/process.ts";
import { AmbiguousSite, Task } from "../../src/kernel/task.ts";

const call = fc.tuple(fc.integer({ min: 0, max: 3 }).map(String), fc.integer({ min: 0, max: 5 }).map(String));

test("a task counts its operations by name and key, however many of them there are", () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 80 }), (calls) => {
      const task = new Task("p", 0, "t");
      const counts = new Map<string, number>();
      for (const [index, [name, key]] of calls.entries()) {
        const operation = task.operation(index, name, key);
        const count = counts.get(`${name}(${key})`) ?? 0;
        expect(operation.site).toBe(`p@0/t/${name}(${key})#${count}`);
        expect(() => task.operation(index, name, key)).toThrow(AmbiguousSite);
        counts.set(`${name}(${key})`, count + 1);
        operation.pending = false;
      }
    }),
  );
});

test("a process forgets its oldest idle tasks, and never one with an operation pending", () => {
  const life = new Incarnation(new SimulatedProcess("p", () => Promise.resolve(), {}), 0);
  const busy = life.task("busy");
  busy.pendingCount = 1;
  const idle = life.task("idle");
  for (let tick = 0; tick < 20_000; tick++) life.task(`tick ${tick}`);
  expect(life.task("busy")).toBe(busy);
  expect(life.task("idle")).not.toBe(idle);
  const recent = life.task("tick 19999");
  for (let tick = 0; tick < 1_000; tick++) life.task(`later ${tick}`);
  expect(life.task("tick 19999")).toBe(recent);
});
