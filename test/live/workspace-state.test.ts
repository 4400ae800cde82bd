import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { differences, stateOf, type EndState } from "../../tools/live/end-state.ts";
import { readWorkspaceState } from "../../tools/live/workspace-state.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stormlane-workspaces-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A workspace with one commit on `main` and one more on a branch, made at that time. */
async function makeWorkspaces(name: string, epochSeconds: number): Promise<string> {
  const root = join(folder, name, "epic-1");
  const git = async (...args: readonly string[]): Promise<void> => {
    const date = `${epochSeconds} +0000`;
    const identity = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
    await execa("git", [...identity, ...args], { cwd: root, env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } });
  };
  write(root, "DESIGN.md", "A design.\n");
  write(root, ".agentleeops/ratchet.json", JSON.stringify({ path: "DESIGN.md", lockedAt: epochSeconds }));
  await git("init", "-q", "-b", "main");
  await git("add", "DESIGN.md");
  await git("commit", "-q", "-m", "A design");
  await git("checkout", "-q", "-b", "feat/S1");
  write(root, "src/S1.py", "x = 1\n");
  await git("add", "src/S1.py");
  await git("commit", "-q", "-m", "A story");
  return root;
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function stateIn(name: string): Promise<EndState> {
  return stateOf(await readWorkspaceState(join(folder, name)));
}

test("workspaces that were made at different times, with other questions on the way, are alike", async () => {
  await makeWorkspaces("left", 1_700_000_000);
  const right = await makeWorkspaces("right", 1_700_009_999);
  write(right, ".agentleeops/traces/20260105/080000000-design-1.json", "{}");
  expect(differences(await stateIn("left"), await stateIn("right"))).toEqual([]);
});

test.for<[string, (root: string) => Promise<void> | void, RegExp]>([
  ["a file that says something else", (root) => write(root, "DESIGN.md", "Another.\n"), /^file epic-1\/DESIGN\.md: /],
  ["a file too many", (root) => write(root, "left.tmp", ""), /^file epic-1\/left\.tmp: should not be there/],
  ["a record that says something else", (root) => write(root, ".agentleeops/ratchet.json", "{}"), /ratchet\.json: /],
  [
    "a branch with other content",
    async (root) => {
      await execa("git", ["reset", "-q", "--hard", "main"], { cwd: root });
    },
    /^git epic-1 branch feat\/S1: /,
  ],
  [
    "a branch that is gone",
    async (root) => {
      await execa("git", ["checkout", "-q", "main"], { cwd: root });
      await execa("git", ["branch", "-q", "-D", "feat/S1"], { cwd: root });
    },
    /^git epic-1 branch feat\/S1: is missing/,
  ],
  [
    "a work tree that was left",
    async (root) => {
      await execa("git", ["worktree", "add", "-q", ".agentleeops/worktrees/S2", "main"], { cwd: root });
    },
    /^git epic-1 work trees: /,
  ],
])("%s is a difference", async ([, change, sentence]) => {
  await makeWorkspaces("left", 1_700_000_000);
  await change(await makeWorkspaces("right", 1_700_000_000));
  expect(differences(await stateIn("left"), await stateIn("right"))).toContainEqual(expect.stringMatching(sentence));
});
