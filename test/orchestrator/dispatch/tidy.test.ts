import { describe, expect, test } from "vitest";
import { freshRecord, serialiseRecord } from "../../../src/orchestrator/runs/run-record.ts";
import type { BoardHands } from "../board-world.ts";
import { play } from "../play.ts";

const runs = "/srv/state/runs/EPIC-1";
const claims = "/srv/state/claims/EPIC-1";

function isDone(hands: BoardHands): boolean {
  return hands.card("EPIC-1")?.lane === 11;
}

function namesIn(hands: BoardHands, folder: string): readonly string[] {
  return hands.world
    .host("server")
    .disk.list(folder)
    .map(({ name }) => name);
}

describe("what earlier runs left", () => {
  test("records go when many cards have moved on", async () => {
    const { hands, notes } = await play({ storiesPerEpic: 6 }, isDone, async () => {});
    expect(notes.filter(({ name }) => name === "run.started").length).toBeGreaterThan(25);
    expect(namesIn(hands, runs).filter((name) => name.endsWith(".json")).length).toBeLessThanOrEqual(16);
  });

  test("half-written records and folders of coders go", async () => {
    const { hands } = await play({}, isDone, async ({ world }) => {
      const { disk } = world.host("server");
      disk.write(`${runs}/1-lane2-1767603601.json.g7.tmp`, '{"ver');
      disk.makeFolder(`${runs}/2-lane8-1767603610.scratch-1-2`);
      disk.write(`${runs}/2-lane8-1767603610.scratch-1-2/notes.txt`, "x");
    });
    expect(namesIn(hands, runs).filter((name) => /tmp|scratch/.test(name))).toEqual([]);
  });

  test("the started tag of a run that was cut off goes from a card that has left the lane", async () => {
    const { hands, notes } = await play({}, isDone, async (board, ports) => {
      const { id, tags } = board.card("EPIC-1")!;
      const cause = { cardId: id, lane: 2, dateMoved: 1_767_603_000 };
      const record = serialiseRecord({ ...freshRecord(cause, "EPIC-1"), attempts: 1 });
      board.world.host("server").disk.write(`${runs}/${id}-lane2-1767603000.json`, record);
      await board.setTags(ports, "EPIC-1", [...tags, "design-started", "mine"]);
    });
    const { tags } = hands.card("EPIC-1")!;
    expect(tags).not.toContain("design-started");
    expect(tags).toContain("mine");
    expect(notes.filter(({ name, fields }) => name === "run.started" && fields["lane"] === 2)).toHaveLength(1);
  });

  test("a failed run keeps its record while its card stays, and does not run again", async () => {
    const { hands, notes } = await play(
      { storiesPerEpic: 21, failuresAllowed: true, pollers: 2 },
      (board) => board.card("EPIC-1")?.tags.includes("spawning-failed") === true,
      async () => {},
    );
    expect(namesIn(hands, runs).filter((name) => name.includes("-lane5-"))).toHaveLength(1);
    expect(notes.filter(({ name, fields }) => name === "run.started" && fields["lane"] === 5)).toHaveLength(1);
  });

  test("files of claims that are long past go, and the last ones stay", async () => {
    const { hands } = await play({ storiesPerEpic: 3, pollers: 2 }, isDone, async () => {});
    const names = namesIn(hands, claims);
    expect(names.length).toBeLessThan(20);
    expect(names.some((name) => name.endsWith(".released"))).toBe(true);
    expect(Number(names.at(-1)!.split(".")[0])).toBeGreaterThan(20);
  });
});
