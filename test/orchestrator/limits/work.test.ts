import { describe, expect, test } from "vitest";
import { defaultLimits, defaultPolicies, type Limits } from "../../../src/orchestrator/orchestrator.ts";
import { sumSpending } from "../../../src/orchestrator/runs/spending.ts";
import type { HttpRequest } from "../../../src/ports/http.ts";
import type { BoardHands, PlannedStory } from "../board-world.ts";
import { play } from "../play.ts";
import { wrapHttp } from "../wrapped-http.ts";
import { failureOf, limitedPlay, playLimited, showsFailure, type LimitedPlay } from "./limited-play.ts";

function stories(count: number, from = 1): readonly PlannedStory[] {
  return Array.from({ length: count }, (_, index) => ({ id: `S${from + index}`, description: "One thing." }));
}

describe("stories of an epic", () => {
  test("a plan with as many as are allowed is spawned, one with more makes no card", async () => {
    const allowed = await playLimited({ childrenPerEpicMax: 3 }, { storiesPerEpic: 3 });
    expect(allowed.reached).toEqual([]);
    expect(allowed.hands.card("EPIC-1/S3")).toBeDefined();
    const refused = await playLimited({ childrenPerEpicMax: 2 }, { storiesPerEpic: 3 });
    expect(refused.reached).toEqual(["childrenPerEpicMax EPIC-1"]);
    expect(showsFailure(refused.hands.card("EPIC-1"), "spawning-failed")).toBe(true);
    expect(refused.hands.card("EPIC-1/S1")).toBeUndefined();
  });

  /** The epic goes back to planning twice, each time when its one story has a card, and comes with another one. */
  async function planThrice(childrenPerEpicMax: number): Promise<LimitedPlay> {
    const policies = { ...defaultPolicies, limits: { ...defaultLimits, childrenPerEpicMax } };
    const isSpawned = (board: BoardHands): boolean => board.card("EPIC-1")?.tags.includes("spawned") === true;
    return limitedPlay(
      await play(
        { policies, plan: (earlier) => stories(1, 1 + earlier), storiesPerEpic: 0 },
        isSpawned,
        async (board, ports) => {
          await board.moveBack(ports, "EPIC-1", 4);
          while (!isSpawned(board)) await ports.clock.sleep(100, { key: "watch" });
          await board.moveBack(ports, "EPIC-1", 4);
        },
      ),
    );
  }

  test("those of earlier plans count, closed ones too", async () => {
    const allowed = await planThrice(3);
    expect(allowed.reached).toEqual([]);
    for (const [story, isOpen] of [
      ["S1", false],
      ["S2", false],
      ["S3", true],
    ] as const) {
      expect(allowed.hands.card(`EPIC-1/${story}`)?.isOpen).toBe(isOpen);
    }
    const refused = await planThrice(2);
    expect(refused.reached).toEqual(["childrenPerEpicMax EPIC-1"]);
    expect(showsFailure(refused.hands.card("EPIC-1"), "spawning-failed")).toBe(true);
    expect(refused.hands.card("EPIC-1/S3")).toBeUndefined();
  });
});

describe("attempts of a card in a lane", () => {
  /** The first questions get no answer; each attempt asks once. */
  function playFailing(failures: number): Promise<LimitedPlay> {
    let asked = 0;
    const request = (each: HttpRequest): boolean => each.name === "model.complete" && ++asked <= failures;
    return playLimited(
      { attemptsPerCauseMax: 2, modelRequestsMax: 1 },
      {
        ports: (ports) =>
          wrapHttp(ports, {
            request: async (each, send) =>
              request(each) ? { kind: "fail", error: { code: "ECONNREFUSED", message: "away" } } : send(each),
          }),
      },
    );
  }

  test("the last that is allowed may still succeed", async () => {
    const { outcomes, reached } = await playFailing(1);
    expect(outcomes.slice(0, 2)).toEqual(["EPIC-1 lane 2 retry", "EPIC-1 lane 2 done"]);
    expect(reached).toEqual([]);
  });

  test("when it does not, one more shows the failure and runs no agent", async () => {
    const { outcomes, reached, hands, notes } = await playFailing(2);
    expect(outcomes).toEqual(["EPIC-1 lane 2 retry", "EPIC-1 lane 2 retry", "EPIC-1 lane 2 failed"]);
    expect(reached).toEqual(["attemptsPerCauseMax EPIC-1"]);
    expect(notes.filter(({ name }) => name === "agent.started")).toHaveLength(2);
    expect(showsFailure(hands.card("EPIC-1"), "design-failed")).toBe(true);
  });
});

test("the loop tries as many fixes as are allowed, and then the card shows that the tests never passed", async () => {
  // The coder of this world needs two.
  const allowed = await playLimited({ ralphIterationsMax: 2 });
  expect(allowed.reached).toEqual([]);
  expect(allowed.outcomes).toContain("EPIC-1/S1 lane 8 done");
  const refused = await playLimited({ ralphIterationsMax: 1 });
  expect(refused.reached).toEqual(["ralphIterationsMax EPIC-1/S1"]);
  expect(showsFailure(refused.hands.card("EPIC-1/S1"), "coding-failed")).toBe(true);
});

test("a file of as many bytes as are allowed is written, a larger one is not, and the card says how large it was", async () => {
  const sizeBytes = Buffer.byteLength((await playLimited({})).file("DESIGN.md")!);
  const allowed = await playLimited({ artifactBytesMax: sizeBytes });
  expect(allowed.outcomes[0]).toBe("EPIC-1 lane 2 done");
  const refused = await playLimited({ artifactBytesMax: sizeBytes - 1 });
  expect(refused.outcomes).toEqual(["EPIC-1 lane 2 failed"]);
  expect(refused.reached).toEqual(["artifactBytesMax EPIC-1"]);
  expect(refused.file("DESIGN.md")).toBeUndefined();
  expect(failureOf(refused.hands.card("EPIC-1"))).toContain(`DESIGN.md would have ${sizeBytes} bytes`);
});

test("a card may have as many comments as are allowed, over all lanes, and one more that tells of the failure", async () => {
  const usual = (await playLimited({})).hands.card("EPIC-1")!.comments.length;
  const allowed = await playLimited({ commentsPerCardMax: usual });
  expect(allowed.reached).toEqual([]);
  expect(allowed.hands.card("EPIC-1")?.lane).toBe(11);
  const refused = await playLimited({ commentsPerCardMax: usual - 1 });
  expect(refused.reached).toEqual(["commentsPerCardMax EPIC-1"]);
  const card = refused.hands.card("EPIC-1");
  expect(card?.comments).toHaveLength(usual);
  expect(failureOf(card)).toContain("too many comments");
});

describe("a comment that stands there from an attempt before", () => {
  /** The design is told, and then the tags cannot be changed for a while. */
  function playInterrupted(limits: Partial<Limits>): Promise<LimitedPlay> {
    let failures = 0;
    let isTold = false;
    const fails = ({ name }: HttpRequest): boolean => {
      if (name === "board.createComment") isTold = true;
      return name === "board.setTaskTags" && isTold && ++failures <= defaultLimits.boardTriesMax;
    };
    return playLimited(limits, {
      ports: (ports) =>
        wrapHttp(ports, {
          request: async (each, send) =>
            fails(each) ? { kind: "fail", error: { code: "ECONNREFUSED", message: "away" } } : send(each),
        }),
    });
  }

  test("counts once", async () => {
    const { hands, outcomes } = await playInterrupted({});
    expect(outcomes.slice(0, 2)).toEqual(["EPIC-1 lane 2 retry", "EPIC-1 lane 2 done"]);
    const spent = sumSpending(hands.world.host("server").disk.readText("/srv/state/runs/EPIC-1/1-spent"));
    expect(spent.comments).toBe(hands.card("EPIC-1")?.comments.length);
  });

  test("needs no room: the attempt that finds it goes on", async () => {
    const { outcomes } = await playInterrupted({ commentsPerCardMax: 1 });
    expect(outcomes.slice(0, 3)).toEqual(["EPIC-1 lane 2 retry", "EPIC-1 lane 2 done", "EPIC-1 lane 3 failed"]);
  });
});
