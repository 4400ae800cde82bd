import { expect, test } from "vitest";
import { sha256 } from "../../src/base/digest.ts";
import { approvalFileName } from "../../src/orchestrator/governance/approval.ts";
import { named, play, type Played } from "./play.ts";

/** The epic's workspace, from where the code of a story runs. */
const workspace = "../../..";
const nobody = async (): Promise<void> => {};

/** A story is coded by a model whose code does something whenever it is run; it ends well all the same. */
async function withCode(...does: readonly string[]): Promise<Played> {
  const codeDoes = does.map((what) => `# side effect: ${what}`).join("\n");
  const played = await play({ codeDoes }, () => true, nobody);
  expect(played.hands.card("EPIC-1/S1")).toMatchObject({ lane: 11 });
  return played;
}

function told({ hands }: Played, path: string): number {
  return hands.card("EPIC-1/S1")!.comments.filter((text) => text.startsWith(`${path} was changed`)).length;
}

test("a file that would steer the tests is set aside, and the card says so", async () => {
  const played = await withCode(`write ${workspace}/conftest.py collect_ignore = ["tests"]`);
  expect(played.file("conftest.py")).toBeUndefined();
  expect(played.file(".agentleeops/aside/conftest.py")).toContain("collect_ignore");
  // Once for each lane that ran the code.
  expect(told(played, "conftest.py")).toBe(2);
});

test("settings of git that the code wrote are put back, and the card says so", async () => {
  const played = await withCode(`write ${workspace}/.git/config {"core.worktree":"/tmp"}`);
  expect(played.file(".git/config")).not.toContain("core.worktree");
  expect(told(played, ".git/config")).toBe(2);
});

test("a record of approval that the code forged opens nothing", async () => {
  const hash = sha256("anything");
  const basis = "0".repeat(16);
  const forged = approvalFileName({ kind: "unlock", path: "prd.json", hash, generation: 9, basis });
  const played = await withCode(`write ${workspace}/.agentleeops/approvals/${forged} {}`);
  expect(played.file(`.agentleeops/approvals/${forged}`)).toBeUndefined();
  expect(played.file(".agentleeops/ratchet.json")).not.toContain("UNLOCKED");
  expect(told(played, ".agentleeops/approvals")).toBe(2);
});

test("what the code leaves in the work tree of its story is neither committed nor used", async () => {
  const played = await withCode("write src/helper.py print()", "write pytest.py raise SystemExit(0)");
  expect(told(played, "the work tree of S1")).toBe(2);
  expect(played.file("src/helper.py")).toBeUndefined();
  expect(played.file("src/S1.py")).toContain("answer_S1");
});

test("approved tests and plans that somebody removed are back before they are used, and the card says so", async () => {
  const played = await play(
    {},
    (board) => board.card("EPIC-1/S1")?.lane === 8,
    async (_, { files }) => {
      await files.remove("/srv/projects/epic-1/tests/test_S1.py");
      await files.remove("/srv/projects/epic-1/prd.json");
    },
  );
  expect(named(played.notes, "artifact.restored")).toEqual(["prd.json", "tests/test_S1.py"]);
  expect([told(played, "prd.json"), told(played, "tests/test_S1.py")]).toEqual([1, 1]);
});

test("two stories have work trees and indexes of their own, which go when the epic is reviewed", async () => {
  const seen = new Set<string>();
  const { hands } = await play(
    { storiesPerEpic: 2 },
    (board) => {
      const { disk } = board.world.host("server");
      const folder = "/srv/projects/epic-1/.agentleeops/worktrees";
      for (const { name } of disk.stat(folder) === null ? [] : disk.list(folder)) seen.add(name);
      return board.card("EPIC-1")?.lane === 11;
    },
    nobody,
  );
  const { disk } = hands.world.host("server");
  expect([...seen].toSorted()).toEqual(["S1", "S2"]);
  expect(disk.list("/srv/projects/epic-1/.agentleeops/worktrees")).toEqual([]);
  for (const story of ["S1", "S2"]) expect(disk.stat(`/srv/projects/epic-1/src/${story}.py`)?.kind).toBe("file");
});

test.each(["HEAD", "gitdir", "commondir", "index"])(
  "a work tree whose %s a crash cut short is made anew without the loss of a commit",
  async (name) => {
    const { hands } = await play(
      {},
      (board) => board.card("EPIC-1/S1")?.tags.includes("coding-complete") === true,
      async (_, { files }) => void (await files.write(`/srv/projects/epic-1/.git/worktrees/S1/${name}`, "")),
    );
    expect(hands.card("EPIC-1/S1")).toMatchObject({ lane: 11 });
    expect(hands.card("EPIC-1")).toMatchObject({ lane: 11 });
  },
);

test("a branch that others changed in the same place is not merged: the review fails and names it", async () => {
  const { hands } = await play(
    {},
    (board) => board.card("EPIC-1/S1")?.lane === 11,
    async (_, { files, subprocess }) => {
      const cwd = "/srv/projects/epic-1";
      await files.makeFolder(`${cwd}/src`);
      await files.write(`${cwd}/src/S1.py`, "# by hand\n");
      const env = {
        GIT_AUTHOR_NAME: "P",
        GIT_AUTHOR_EMAIL: "p@x",
        GIT_COMMITTER_NAME: "P",
        GIT_COMMITTER_EMAIL: "p@x",
      };
      for (const args of [
        ["add", "src/S1.py"],
        ["commit", "-q", "-m", "by hand"],
      ]) {
        const started = await subprocess.spawn({ name: `hand.${args[0]!}`, key: "S1", command: "git", args, cwd, env });
        if (started.kind !== "ok") throw new Error("git does not start");
        started.value.closeInput();
        while ((await started.value.read()) !== null);
        await started.value.exited;
      }
    },
  );
  expect(hands.card("EPIC-1")).toMatchObject({ lane: 9 });
  expect(hands.card("EPIC-1")!.tags).toContain("review-failed");
  expect(hands.card("EPIC-1")!.comments.join("\n")).toContain("merge: feat/S1: both sides changed src/S1.py");
});
