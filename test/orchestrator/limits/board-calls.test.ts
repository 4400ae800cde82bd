import { beforeAll, describe, expect, test } from "vitest";
import { Body } from "../../../src/base/body.ts";
import { defaultLimits, defaultPolicies } from "../../../src/orchestrator/orchestrator.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { config } from "../board-world.ts";
import { play } from "../play.ts";
import { failureOf, limitedPlay, playLimited, showsFailure, type LimitedPlay } from "./limited-play.ts";

const task = "card EPIC-1 lane 2 attempt 1";

function requestsOf({ events }: LimitedPlay): number {
  return events.filter(
    (event) => event.kind === "sent" && event.op.taskName === task && event.op.name.startsWith("board."),
  ).length;
}

describe("board calls of a run", () => {
  let usual: number;
  beforeAll(async () => {
    usual = requestsOf(await playLimited({}));
  });

  test("as many as are allowed are no trouble", async () => {
    const played = await playLimited({ boardCallsPerRunMax: usual });
    expect(played.outcomes[0]).toBe("EPIC-1 lane 2 done");
    expect(requestsOf(played)).toBe(usual);
  });

  test("a run that needs one more fails where people see it", async () => {
    const played = await playLimited({ boardCallsPerRunMax: usual - 1 });
    expect(played.outcomes).toEqual(["EPIC-1 lane 2 failed"]);
    expect(played.reached).toEqual(["boardCallsPerRunMax EPIC-1"]);
    const card = played.hands.card("EPIC-1");
    expect(showsFailure(card, "design-failed")).toBe(true);
    expect(failureOf(card)).toContain(`the board was asked ${usual - 1} times`);
  });

  test("a run that may ask nothing at all still shows that it failed", async () => {
    const played = await playLimited({ boardCallsPerRunMax: 1 });
    expect(played.outcomes).toEqual(["EPIC-1 lane 2 failed"]);
    expect(showsFailure(played.hands.card("EPIC-1"), "design-failed")).toBe(true);
    expect(requestsOf(played)).toBeLessThanOrEqual(1 + 4 * defaultLimits.boardTriesMax);
  });
});

describe("board calls of a tick", () => {
  test("a tick that has made enough ends, and the next one goes on, until everything is done", async () => {
    const played = await playLimited({ boardCallsPerTickMax: 1 }, { epics: 3, failuresAllowed: false });
    expect(played.reached.length).toBeGreaterThan(0);
    expect(new Set(played.reached.map((each) => each.split(" ")[0]))).toEqual(new Set(["boardCallsPerTickMax"]));
    for (const epic of ["EPIC-1", "EPIC-2", "EPIC-3"]) expect(played.hands.card(epic)?.lane).toBe(11);
  });

  test("a tick with calls to spare comes to all cards", async () => {
    const played = await playLimited({}, { epics: 3, failuresAllowed: false });
    expect(played.reached).toEqual([]);
  });

  test("a card that costs calls at each look and never runs keeps no other waiting", async () => {
    const limits = { ...defaultLimits, boardCallsPerTickMax: 1 };
    const { hands, reached } = limitedPlay(
      await play(
        { policies: { ...defaultPolicies, limits } },
        (board) => board.card("EPIC-1/S1") !== undefined,
        (_, ports) => createCopy(ports),
      ),
    );
    expect(reached).toContain("boardCallsPerTickMax EPIC-1/S1");
    expect(hands.card("EPIC-1/S1")?.lane).toBe(11);
  });
});

/** A card with an epic's reference, in the lane before those of the stories: it may be a copy on its way to a key. */
async function createCopy(ports: Ports): Promise<void> {
  const values = { title: "Another", project_id: 1, reference: "EPIC-1", column_id: 5, tags: ["needs-human"] };
  await ports.http.request({
    name: "board.createTask",
    key: "copy",
    method: "POST",
    url: config.board.url,
    headers: { authorization: `Basic ${Buffer.from(`jsonrpc:${config.board.token}`).toString("base64")}` },
    body: Body.ofJson({ jsonrpc: "2.0", method: "createTask", id: 1, params: values }),
    timeoutMs: 60_000,
  });
}
