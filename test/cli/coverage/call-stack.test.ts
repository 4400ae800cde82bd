import { expect, test } from "vitest";
import { runningFunctions } from "../../../src/cli/coverage/call-stack.ts";
import { waitFor } from "./waiting-caller.ts";

const isHere = (name: string): string | undefined => (name.includes("call-stack.test") ? name : undefined);

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
  expect(runningFunctions(() => undefined)).toEqual([]);
});

test("a function that waits for the running one is not running", async () => {
  // This one, and the one that it called; not the one that waits.
  expect(await waiting()).toBe(2);
});

test("where none is running, the nearest one that waits is told on request", async () => {
  const isWaiting = (name: string): string | undefined => (name.includes("waiting-caller") ? name : undefined);
  const look = async (orNearestWaiting: boolean): Promise<number> => {
    await Promise.resolve();
    return runningFunctions(isWaiting, orNearestWaiting).length;
  };
  expect(await waitFor(() => waitFor(() => look(false)))).toBe(0);
  expect(await waitFor(() => waitFor(() => look(true)))).toBe(1);
});

test("errors have their stacks as before", () => {
  const { stackTraceLimit } = Error;
  nearest();
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  expect(new Error("x").stack).toMatch(/^Error: x\n +at /);
});
