import { expect, test } from "vitest";
import { runningFunctions } from "../../../src/cli/coverage/call-stack.ts";

const isHere = (url: string): boolean => url.includes("call-stack.test");

function nearest(): number {
  return runningFunctions(isHere).length;
}

async function afterAWait(): Promise<number> {
  await Promise.resolve();
  return nearest();
}

async function waiting(): Promise<number> {
  return (await afterAWait()) + 0;
}

test("functions that called each other are running", () => {
  const outer = (): number => nearest();
  expect(outer()).toBe(nearest() + 1);
  expect(runningFunctions(() => false)).toEqual([]);
});

test("a function that waits for the running one is not running", async () => {
  // This one, and the one that it called; not the one that waits.
  expect(await waiting()).toBe(2);
});

test("errors have their stacks as before", () => {
  const { stackTraceLimit } = Error;
  nearest();
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  expect(new Error("x").stack).toMatch(/^Error: x\n +at /);
});
