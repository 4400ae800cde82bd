import { describe, expect, test } from "vitest";
import { Explorer } from "../../../src/explore/explorer.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import { boardScenario, type BoardHands, type BoardWorldOptions } from "../board-world.ts";
import { play, small, type Played } from "../play.ts";

const folder = "/srv/state/work-packages/EPIC-1";
const single: BoardWorldOptions = {
  ...small,
  storiesPerEpic: 0,
  mode: "single-card",
  failuresAllowed: false,
  plan: () => ["S1", "S2"].map((id) => ({ id, description: "One thing." })),
};

const triggers = [
  ["poller", { pollers: 1 }],
  ["webhook", { pollers: 0, webhook: true }],
  ["manual", { pollers: 0, manual: true }],
] as const;

function isDone(hands: BoardHands): boolean {
  return hands.card("EPIC-1")?.lane === 11;
}

/** What happened to the package, in order, without times. */
function eventsOf({ hands }: Played): readonly string[] {
  const { disk } = hands.world.host("server");
  return disk.list(`${folder}/approvals`).map(({ name }) => {
    const event = JSON.parse(disk.readText(`${folder}/approvals/${name}`)) as Record<string, string | undefined>;
    const { type, kind, path, to } = event;
    return [type, kind, path, to].filter((each) => each !== undefined).join(" ");
  });
}

function stageOf(hands: BoardHands): unknown {
  return (JSON.parse(hands.world.host("server").disk.readText(`${folder}/manifest.json`)) as { stage: unknown }).stage;
}

describe("a card in single-card mode", () => {
  test.each(triggers)("goes from the inbox to done by %s, through each gate, without children", async (_, options) => {
    const played = await play({ ...single, ...options }, isDone, async () => {});
    expect(stageOf(played.hands)).toBe("done");
    expect(played.notes.filter(({ name }) => name.startsWith("spawn."))).toEqual([]);
    const events = eventsOf(played);
    for (const kind of ["design", "planning", "tests", "implementation"]) {
      expect(events.filter((event) => event.startsWith(`approval ${kind}`)).length).toBeGreaterThan(0);
    }
    expect(events.filter((event) => event.startsWith("refusal"))).toEqual([]);
    const started = played.notes.filter(({ name }) => name === "agent.started").map(({ fields }) => fields["agent"]);
    expect(started).not.toContain("spawner");
    expect(started).toContain("codeReview");
    expect(played.file("src/EPIC_1.py")).toContain("answer");
  });

  test("has the same package whatever starts it", async () => {
    const histories = [];
    for (const [, options] of triggers) {
      histories.push(eventsOf(await play({ ...single, ...options }, isDone, async () => {})));
    }
    expect(histories[1]).toEqual(histories[0]);
    expect(histories[2]).toEqual(histories[0]);
  });

  test.each(triggers)("dragged over its gates is refused visibly, and no agent starts, by %s", async (_, options) => {
    const { hands, notes } = await play(
      { ...single, ...options, failuresAllowed: true },
      (board) => board.card("EPIC-1")?.tags.includes("design-generated") === true,
      (board, ports) => board.moveBack(ports, "EPIC-1", 8),
    );
    const card = hands.card("EPIC-1")!;
    expect(card.tags).toContain("coding-failed");
    expect(card.comments.at(-1)).toContain("a gate of the work package is closed");
    expect(notes.filter(({ name, fields }) => name === "agent.started" && fields["agent"] === "ralph")).toEqual([]);
  });

  test("survives faults of every kind, wherever they strike", { timeout: 120_000 }, async () => {
    const scenario = boardScenario({ ...single, pollers: 2, webhook: true, failuresAllowed: true });
    await inMacrotask(() => {
      const explorer = new Explorer(scenario, "random", runCaseNow);
      for (let seed = 0; seed < 30; seed++) {
        const plan = explorer.plan(seed);
        expect([seed, runCaseNow(scenario, plan.case, plan.exploration).verdict]).toEqual([seed, { kind: "held" }]);
      }
    });
  });
});
