import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { execute, repository, vitestPath } from "../vitest/run-suite.ts";
import { enterTemporaryRoot } from "./temporary-root.ts";

test("a run removes the folders of runs that were killed more than a day ago, and no other", () => {
  const [old, young, other] = ["stormlane-tests-old", "stormlane-tests-young", "notes-old"].map((name) => {
    const folder = join(tmpdir(), name);
    mkdirSync(join(folder, "deep"), { recursive: true });
    return folder;
  }) as [string, string, string];
  onTestFinished(() => [young, other].forEach((folder) => rmSync(folder, { recursive: true })));
  for (const folder of [old, other]) utimesSync(folder, 1, 1);
  enterTemporaryRoot()();
  expect([old, young, other].map((folder) => existsSync(folder))).toEqual([false, true, true]);
});

describe("the temporary folder of a test run", () => {
  let outside: string;
  let leave: () => string | undefined;
  beforeEach(() => {
    outside = tmpdir();
    leave = enterTemporaryRoot();
  });

  test("is its own, below that of the system, and gone afterwards", () => {
    const inside = tmpdir();
    expect(inside).toMatch(new RegExp(`^${outside}/stormlane-tests-`));
    expect(leave()).toBeUndefined();
    expect(existsSync(inside)).toBe(false);
    expect(tmpdir()).toBe(outside);
  });

  test("may be full of what was removed again, and of Node's own cache", () => {
    rmSync(mkdtempSync(join(tmpdir(), "clean-")), { recursive: true });
    mkdirSync(join(tmpdir(), "node-compile-cache"));
    expect(leave()).toBeUndefined();
  });

  test("names what is left in it, and is gone all the same", () => {
    const inside = tmpdir();
    writeFileSync(join(inside, "notes.txt"), "");
    mkdirSync(join(inside, "stormlane-abc", "deep"), { recursive: true });
    expect(leave()).toContain("behind in the temporary folder: notes.txt, stormlane-abc\n");
    expect(existsSync(inside)).toBe(false);
  });
});

test("a run of tests that all pass fails when one left a folder behind", async () => {
  const args = [vitestPath, "run", "--root", "test/suite/suites", "left-behind"];
  const { exitCode, output } = await execute(args, { cwd: repository, env: {} });
  expect(output).toContain("1 passed");
  expect(output).toMatch(/tests left something behind in the temporary folder: left-behind-\w+\n/);
  expect(exitCode).toBe(1);
});
