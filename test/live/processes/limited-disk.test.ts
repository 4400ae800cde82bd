import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LimitedDisk } from "../../../src/live/limited-disk.ts";
import { requiresTool } from "../../requires-tool/requires-tool.ts";

requiresTool("unshare");

const quotaBytes = 131_072;

async function openDisk(): Promise<{ disk: LimitedDisk; folder: string; run: (script: string) => string }> {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-disk-"));
  const disk = await LimitedDisk.open({ folder, quotaBytes });
  onTestFinished(async () => {
    await disk.close();
    rmSync(folder, { recursive: true });
  });
  const workspace = join(folder, "workspace");
  mkdirSync(join(disk.outside, "workspace"));
  const run = (script: string): string => {
    const [file, ...args] = disk.enter(["sh", "-c", script], workspace);
    const { stdout, stderr } = spawnSync(file, args, { encoding: "utf8" });
    return `${stdout}${stderr}`.trim();
  };
  return { disk, folder, run };
}

test("takes what its quota allows and no more, for all who have entered", async () => {
  const { disk, run } = await openDisk();
  expect(run("head -c 100000 /dev/zero > mine && echo taken")).toBe("taken");
  expect(run("head -c 100000 /dev/zero > yours")).toContain("No space left on device");
  expect(run("rm mine yours; head -c 100000 /dev/zero > yours && echo taken")).toBe("taken");
  expect(readFileSync(join(disk.outside, "workspace", "yours"))).toHaveLength(100_000);
});

test("that is filled has no free page until its time is over, and what needs none goes on", async () => {
  const { disk, run } = await openDisk();
  expect(run("printf x > note && echo written")).toBe("written");
  disk.fill(60_000);
  expect(run("printf x >> note && : > empty && mv empty moved && echo done")).toBe("done");
  expect(run("head -c 5000 /dev/zero >> note")).toContain("No space left on device");
  disk.fill(1);
  const isFree = (): boolean => run("head -c 5000 /dev/zero > other && echo taken") === "taken";
  while (!isFree()) await new Promise((resolve) => setImmediate(resolve));
});

test("nobody else sees it, who entered is who they were, and it ends with its processes", async () => {
  const { disk, folder, run } = await openDisk();
  expect(run("pwd; id -u")).toBe(`${join(folder, "workspace")}\n${process.getuid!()}`);
  expect(readFileSync("/proc/self/mounts", "utf8")).not.toContain(folder);
  const { outside } = disk;
  await disk.close();
  expect(() => readFileSync(join(outside, "workspace"))).toThrow("ENOENT");
});
