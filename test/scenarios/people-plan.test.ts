import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SeenBoard, SeenCard } from "../../scenarios/board-world/people-board.ts";
import { planDeeds } from "../../scenarios/board-world/people-plan.ts";
import { smallEpic } from "../../scenarios/board-world/stories.ts";
import { humanMisClick } from "../../scenarios/human-mis-click/scenario.ts";

const workload = humanMisClick.workloadForEpic(smallEpic(1, 1));

function boardOf(...cards: readonly Partial<SeenCard>[]): SeenBoard {
  const seen = cards.map((card, index) => ({ id: index + 1, reference: "", title: "", lane: 1, tags: [], ...card }));
  const columns = Array.from({ length: 11 }, (_, index) => index + 1);
  return { cards: seen.map((card) => ({ swimlane: 1, movedS: 0, ...card })), columns, seenMs: 0 };
}

describe("of what stands in the inbox, people", () => {
  test("release the epic that they asked for", () => {
    expect(planDeeds(workload, boardOf({ reference: "EPIC-1" }), new Set())).toMatchObject([
      { kind: "release", to: 2 },
    ]);
  });

  test("put a story back to where stories begin", () => {
    const board = boardOf({ reference: "EPIC-1", lane: 5 }, { reference: "EPIC-1/S1", tags: ["coding-started"] });
    expect(planDeeds(workload, board, new Set())).toMatchObject([{ kind: "move", card: { id: 2 }, to: 5 }]);
  });

  test("leave alone what bears a reference that nobody asked for", () => {
    const board = boardOf({ reference: "EPIC-1", lane: 5 }, { reference: "EPIC-9" });
    expect(planDeeds(workload, board, new Set())).toEqual([]);
  });
});

test("whatever slips have made of the board, people release what they asked for, and move cards to lanes that there are", () => {
  const card = fc.record({
    reference: fc.constantFrom("EPIC-1", "EPIC-1/S1", "EPIC-1/S9", "EPIC-9", "Tset", ""),
    lane: fc.integer({ min: 1, max: 11 }),
    tags: fc.subarray(["design-generated", "plan-locked", "spawned", "coding-started", "review-complete"]),
  });
  const journey = fc.constantFrom("whole" as const, "planning" as const, "fan-out" as const, "batch" as const);
  fc.assert(
    fc.property(fc.array(card, { maxLength: 5 }), journey, (cards, kind) => {
      for (const deed of planDeeds({ ...workload, journey: kind }, boardOf(...cards), new Set())) {
        if (deed.kind === "release") expect(deed.card.reference).toBe("EPIC-1");
        if (deed.kind === "release" || deed.kind === "move") expect(deed.to).toBeGreaterThan(deed.card.lane);
        if (deed.kind === "release" || deed.kind === "move") expect(deed.to).toBeLessThanOrEqual(11);
      }
    }),
    { numRuns: 500 },
  );
});
