import { expect } from "vitest";
import type { PortErrorCode, Result } from "../../../src/ports/result.ts";

/** The value of an `ok` result. */
export function valueOf<Value>(result: Result<Value>): Value {
  if (result.kind !== "ok") throw new Error(`expected ok, got ${result.kind} ${result.error.code}`);
  return result.value;
}

/** Asserts that the effect did not happen, and why. */
export function expectFail(result: Result<unknown>, code: PortErrorCode): void {
  expect(describeResult(result)).toBe(`fail ${code}`);
}

/** Asserts that the effect may have happened, and why the caller does not know. */
export function expectUnknown(result: Result<unknown>, code: PortErrorCode): void {
  expect(describeResult(result)).toBe(`unknown ${code}`);
}

/** Short, because a value may hold a whole world. */
function describeResult(result: Result<unknown>): string {
  if (result.kind === "ok") return "ok";
  const { code, message } = result.error;
  return `${result.kind} ${code}${message === "" ? " without a message" : ""}`;
}
