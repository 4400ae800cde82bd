import { expect, test } from "vitest";
import { retryAfterMs } from "../../../src/orchestrator/llm/retry-after.ts";

const nowMs = Date.UTC(2026, 0, 5, 8, 0, 0);

test.each([
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "3600" }, 3_600_000],
  [{ "retry-after": "7", "retry-after-ms": "20" }, 20],
  [{ "retry-after": "Mon, 05 Jan 2026 08:00:30 GMT" }, 30_000],
  [{ "retry-after": "Mon, 05 Jan 2026 07:00:00 GMT" }, 0],
  [{}, undefined],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "1e9" }, undefined],
  [{ "retry-after": "2026-01-05" }, undefined],
])("%j", (headers, expected) => {
  expect(retryAfterMs(headers as Readonly<Record<string, string>>, nowMs)).toBe(expected);
});
