import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FakedClock } from "../../../src/live/faked-clock.ts";
import { requiresTool } from "../../requires-tool/requires-tool.ts";

describe("where libfaketime is", () => {
  requiresTool("faketime");

  /** What `date` shows, ahead of the real time, in seconds. */
  function shownAheadS(aheadMs: number, speed = 1): number {
    const env = { ...process.env, ...FakedClock.find().environment({ speed, aheadMs }) };
    const { pid, stdout } = spawnSync("date", ["+%s"], { env, encoding: "utf8" });
    FakedClock.tidy(pid);
    for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) {
      expect(existsSync(`/dev/shm/${name}`)).toBe(false);
    }
    return Number(stdout) - Date.now() / 1_000;
  }

  test.each([-7_200_000, -3_599_500, 0, 3_600_000])("a process begins %d ms ahead", (aheadMs) => {
    const aheadS = shownAheadS(aheadMs);
    // It says whole seconds, and takes a moment to say them.
    expect(Math.abs(aheadS - aheadMs / 1_000)).toBeLessThan(60);
  });
});

test("a library that is not there, or has no effect, is said with what to do", () => {
  expect(() => FakedClock.find("/none/libfaketime.so")).toThrow(
    expect.objectContaining({
      name: "Unavailable",
      why: "libfaketime is not installed: there is none of /none/libfaketime.so",
      fix: expect.stringContaining("apt-get install libfaketime"),
    }),
  );
  expect(() => FakedClock.find(process.execPath)).toThrow("has no effect on the programs of this machine");
});
