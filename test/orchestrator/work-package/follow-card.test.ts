import { describe, expect, test } from "vitest";
import { openLease } from "../../../src/orchestrator/claims/open-lease.ts";
import { lanePrograms } from "../../../src/orchestrator/decide/lanes.ts";
import {
  followCard,
  laneProgramOf,
  startRefusals,
  type Followed,
} from "../../../src/orchestrator/work-package/follow-card.ts";
import type { PackageShelf } from "../../../src/orchestrator/work-package/open-package.ts";
import type { HostDisk } from "../../../src/sim/disk/host-disk.ts";
import { runWorld } from "../../sim/world-run.ts";

const folder = "/srv/work-packages";
const workspace = "/srv/projects/login";

interface Board {
  readonly disk: HostDisk;
  readonly shelf: PackageShelf;
  readonly move: (lane: number, change?: Readonly<{ workspace: string }>) => Promise<Followed>;
}

/** A board with one card, worked by `play`. */
async function withBoard(play: (board: Board) => Promise<void>): Promise<void> {
  let failure: Error | undefined = new Error("the play did not end");
  await runWorld((world) => {
    const { disk } = world.host();
    for (const each of ["/srv", "/srv/projects", workspace]) disk.makeFolder(each);
    world.process("core", async (ports) => {
      const shelf = { ports, folder, guard: openLease("EPIC-1", 60_000), diskMarginMs: 0, generation: 1 };
      const artifacts = [
        { kind: "design", path: "DESIGN.md" },
        { kind: "planning", path: "prd.json" },
      ] as const;
      const move: Board["move"] = async (lane, change) => {
        const card = {
          reference: "EPIC-1",
          title: "Log in",
          workspace,
          artifacts,
          who: "board",
          reason: "",
          cause: "",
        };
        const answer = await followCard(shelf, { ...card, ...change, lane });
        if (answer.kind !== "ok") throw new Error(answer.reason);
        return answer.value;
      };
      failure = await play({ disk, shelf, move }).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
    });
  });
  if (failure !== undefined) throw failure;
}

describe("a package that follows its card", () => {
  test("goes one step over a gate as the approval of what stands in the workspace", () =>
    withBoard(async ({ disk, move }) => {
      await move(2);
      disk.write(`${workspace}/DESIGN.md`, "# Log in");
      const { opened, refusals } = await move(3);
      expect(refusals).toEqual([]);
      expect(opened.work.stage).toBe("design-approved");
      expect(opened.status.artifacts).toMatchObject([{ path: "DESIGN.md", state: "approved" }]);
      expect(startRefusals({ opened, refusals }, "pm")).toEqual([]);
    }));

  test("stays where it is when a card is dragged over gates, says so once, and lets no agent start", () =>
    withBoard(async ({ disk, move }) => {
      disk.write(`${workspace}/DESIGN.md`, "# Log in");
      disk.write(`${workspace}/prd.json`, "{}");
      for (let tick = 0; tick < 3; tick++) {
        const followed = await move(5);
        expect(followed.opened.work.stage).toBe("inbox");
        expect(followed.refusals).toEqual([
          "the design artifacts are not approved",
          "the planning artifacts are not approved",
        ]);
        expect(startRefusals(followed, "governance")[0]).toContain("still in inbox");
      }
      const names = disk.list(`${folder}/EPIC-1/approvals`).map(({ name }) => name);
      expect(names.filter((name) => name.includes("refusal"))).toHaveLength(1);
      expect(names.filter((name) => name.includes("approval"))).toEqual([]);
      expect(disk.readText(`${folder}/EPIC-1/dashboard/README.md`)).toContain("Refused: the way to plan-approved");
      const { opened } = await move(2);
      expect(opened.work.refusal).toBeUndefined();
    }));

  test("does not starve behind a neighbour of which a crash left half", () =>
    withBoard(async ({ disk, move }) => {
      disk.makeFolder(`${folder}/EPIC-0`);
      disk.write(`${folder}/EPIC-0/manifest.json`, '{"version":1');
      await move(1);
      disk.write(`${folder}/EPIC-1/manifest.json`, '{"ver');
      const { opened } = await move(2);
      expect(opened.work.stage).toBe("design-draft");
      expect(JSON.parse(disk.readText(`${folder}/EPIC-1/manifest.json`))).toMatchObject({ stage: "design-draft" });
    }));

  test("looks at the workspace that the card has now", () =>
    withBoard(async ({ disk, move }) => {
      await move(2);
      disk.makeFolder("/srv/projects/other");
      disk.write("/srv/projects/other/DESIGN.md", "# Elsewhere");
      const { opened, refusals } = await move(3, { workspace: "/srv/projects/other" });
      expect(refusals).toEqual([]);
      expect(opened.work.workspace).toBe("/srv/projects/other");
    }));

  test("takes nothing through a link that leads out of the workspace", () =>
    withBoard(async ({ disk, move }) => {
      await move(2);
      disk.write("/srv/secret", "x");
      disk.makeLink("/srv/secret", `${workspace}/DESIGN.md`);
      expect((await move(3)).refusals).toEqual(["there are no design artifacts to approve"]);
    }));
});

test("in single-card mode no lane spawns, and all else is as on a board", () => {
  for (let lane = 0; lane <= 12; lane++) {
    expect(laneProgramOf("board", lane)).toBe(lanePrograms[lane]);
    const program = laneProgramOf("single-card", lane);
    if (lane === 5) expect(program).toMatchObject({ lane: 5, agents: ["governance"], completedTag: "plan-locked" });
    else expect(program).toBe(lanePrograms[lane]);
  }
});
