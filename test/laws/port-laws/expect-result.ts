import { expect } from "vitest";
import type { PortErrorCode, Result } from "../../../src/ports/result.ts";

/** The value of an `ok` result. */
export function valueOf<Value>(result: Result<Value>): Value {
  if (result.kind !== "ok") throw new Error(`expected ok, got ${result.kind} ${result.error.code}`);
  return result.value;
}

/** Asserts that the effect did not happen, and why. */
export function expectFail(result: Result<unknown>, code: PortErrorCode): void {
  expect(result).toEqual({ kind: "fail", error: { code, message: expect.any(String) } });
}

/** Asserts that the effect may have happened. */
export function expectUnknown(result: Result<unknown>, code: PortErrorCode): void {
  expect(result).toEqual({ kind: "unknown", error: { code, message: expect.any(String) } });
}
