import { beforeAll, expect, test } from "vitest";
import { crashAnywhere } from "../../scenarios/crash-anywhere/scenario.ts";
import { smallEpic } from "../../scenarios/board-world/stories.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import type { Fault } from "../../src/faults/fault.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { runCase } from "../../src/sim/run-case.ts";

beforeAll(() => installGuards());

const batch: Workload = {
  epics: [smallEpic(1, 3)],
  journey: "batch",
  pollers: 1,
  webhookServers: 0,
  pollIntervalMs: 20_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  slips: [],
};

interface Played {
  readonly verdict: unknown;
  /** By the card's reference: first lines of the comments, names of the files, and the last lane. */
  readonly cards: ReadonlyMap<string, { readonly comments: string[]; readonly files: string[]; lane: string }>;
  readonly outcomes: readonly string[];
}

async function play(workload: Partial<Workload>, faults: readonly Fault[] = []): Promise<Played> {
  const scenario = crashAnywhere.build();
  const { verdict, history } = await runCase(scenario, {
    ...emptyCase(scenario, 1, { ...batch, ...workload }),
    faults,
  });
  const cards = new Map<string, { comments: string[]; files: string[]; lane: string }>();
  const byNumber = new Map<unknown, string>();
  const outcomes: string[] = [];
  for (const event of history.events) {
    if (event.kind === "note" && event.name === "run.finished") {
      outcomes.push(
        `${event.fields["card"] as string} ${event.fields["lane"] as number} ${event.fields["outcome"] as string}`,
      );
    }
    if (event.kind !== "change") continue;
    const { change } = event;
    if (change.type === "card.created") {
      byNumber.set(change["card"], change["reference"] as string);
      cards.set(change["reference"] as string, { comments: [], files: [], lane: change["column"] as string });
    }
    const card = cards.get(byNumber.get(change["card"]) ?? "");
    if (change.type === "comment.created") card?.comments.push((change["text"] as string).split("\n")[0]!);
    else if (change.type === "file.created") card?.files.push(change["name"] as string);
    else if (change.type === "card.moved" && card !== undefined) card.lane = change["to"] as string;
  }
  return { verdict, cards, outcomes };
}

test("the stories of an epic are worked together on its card, and each on its own card's files and comments", async () => {
  const { verdict, cards, outcomes } = await play({});
  expect(verdict).toEqual({ kind: "held" });
  expect(cards.get("EPIC-1")!.lane).toBe("11. Done");
  expect(outcomes.filter((outcome) => !outcome.startsWith("EPIC-1 "))).toEqual([]);
  for (const story of ["S1", "S2", "S3"]) {
    const { comments, files, lane } = cards.get(`EPIC-1/${story}`)!;
    expect(lane).toBe("5. Plan Approved");
    expect(files).toEqual([`TEST_PLAN_${story}.md`, `test_${story}.py`]);
    expect(comments.at(-1)).toContain(`src/${story}.py is committed on feat/${story}`);
  }
  expect(cards.get("EPIC-1")!.comments).toContain("Done for EPIC-1/S1, EPIC-1/S2, EPIC-1/S3: see their cards.");
});

test("a story that fails stops no other, and the lane is not done: the epic's card names the story", async () => {
  const site = "poller-a@0/card EPIC-1 lane 7 attempt 1/model.complete(planner/EPIC-1/S2/test-code)";
  const faults = [0, 1, 2].map((nth) => ({ site: `${site}#${nth}`, kind: "service-fault", name: "empty" }) as const);
  const { cards, outcomes } = await play({}, faults);
  expect(outcomes.at(-1)).toBe("EPIC-1 7 failed");
  expect(cards.get("EPIC-1")!.comments.at(-1)).toBe("**tests-coding-failed**: 1 of 3 stories failed.");
  expect(cards.get("EPIC-1/S1")!.files).toContain("test_S1.py");
  expect(cards.get("EPIC-1/S2")!.files).not.toContain("test_S2.py");
  expect(cards.get("EPIC-1/S3")!.files).toContain("test_S3.py");
});

test("a story whose card people moved on by themselves is not part of the batch", async () => {
  const slips: Workload["slips"] = [{ kind: "move-early", card: "EPIC-1/S2", lane: 5 }];
  const { cards, outcomes } = await play({ slips });
  expect(outcomes).toContain("EPIC-1/S2 6 done");
  expect(outcomes).toContain("EPIC-1 8 done");
  expect(cards.get("EPIC-1")!.comments).toContain("Done for EPIC-1/S1, EPIC-1/S3: see their cards.");
  expect(cards.get("EPIC-1/S2")!.files).toEqual(["TEST_PLAN_S2.md"]);
  // Its review waits for the story that goes its own way.
  expect(outcomes.at(-1)).toBe("EPIC-1 9 failed");
});
