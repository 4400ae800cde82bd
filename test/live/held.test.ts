import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { whatIsHeld } from "../../tools/live/held.ts";
import { endProcesses, runningPrograms } from "../../tools/live/left-programs.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "stormlane-held-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text = ""): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function held(): readonly string[] {
  return whatIsHeld({ folder, stateFolder: join(folder, "state"), projectsFolder: join(folder, "projects") });
}

describe("what is held at the end", () => {
  test("is nothing where all leases were given back or taken over, and all runs and programs ended", () => {
    write("state/claims/E/000000000001.claim");
    write("state/claims/E/000000000002.claim");
    write("state/claims/E/000000000002.released");
    write("state/runs/E/1-lane2-5.json", '{"status":"done"}');
    write("state/runs/E/1-lane4-6.json", '{"status":"open"}');
    write("state/runs/E/children", "+12\n-12\n+12\n-12\n");
    write("projects/e/DESIGN.md", "A design.");
    write("projects/e/.git/index");
    expect(held()).toEqual([]);
  });

  test.for([
    ["a lease of the latest owner", "state/claims/E/000000000003.claim", ""],
    ["a run that failed", "state/runs/E/1-lane2-5.json", '{"status":"failed"}'],
    ["a program that nobody saw end", "state/runs/E/children", "+12\n-12\n+13\n"],
    ["a temporary file of a record", "state/runs/E/1-lane2-5.json.g1.tmp", "{}"],
    ["a folder of a coder", "state/runs/E/1-lane2-5.scratch-1-1/last-message.txt", ""],
    ["a lock of git", "projects/e/.git/index.lock", ""],
  ] as const)("names %s", ([, path, text]) => {
    write("state/claims/E/000000000002.claim");
    write("state/claims/E/000000000002.released");
    write(path, text);
    expect(held()).not.toEqual([]);
  });

  test.runIf(process.platform === "linux")("names a program that works there, until it is ended", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      cwd: folder,
      stdio: ["pipe", "ignore", "ignore"],
    });
    await once(child, "spawn");
    const exited = once(child, "exit");
    expect(runningPrograms(folder).map(({ pid }) => pid)).toEqual([child.pid]);
    expect(held()).toHaveLength(1);
    await endProcesses(folder);
    expect(await exited).toEqual([null, "SIGKILL"]);
    expect(held()).toEqual([]);
  });
});
