import { expect, test } from "vitest";
import type { BoardHands } from "../board-world.ts";
import { play } from "../play.ts";

/** The epic waits for its stories; nobody moves it, and no agent works on it. */
function waitsForStories(hands: BoardHands): boolean {
  return hands.card("EPIC-1")?.tags.includes("spawned") === true && hands.card("EPIC-1/S1")?.lane === 8;
}

test.each([
  ["a poller mends", { pollers: 1 }],
  ["a webhook server mends", { pollers: 0, webhook: true }],
  ["two pollers mend, without a word to each other,", { pollers: 2 }],
])("%s tags that an old form wiped, and runs nothing again", async (_, options) => {
  // Without the tag people would wait for ever, and the run would not hold.
  const { notes } = await play({ ...options, failuresAllowed: false }, waitsForStories, (hands, ports) =>
    hands.saveForm(ports, "EPIC-1", ["mine"]),
  );
  expect(notes.filter(({ name, fields }) => name === "run.started" && fields["lane"] === 5)).toHaveLength(1);
});

test("a started tag that an old form brought back goes, and the tags of people stay", async () => {
  const { hands } = await play({ failuresAllowed: false }, waitsForStories, (board, ports) =>
    board.saveForm(ports, "EPIC-1", ["mine", "spawning-started"]),
  );
  expect(hands.card("EPIC-1")!.tags).toContain("mine");
  expect(hands.card("EPIC-1")!.tags).not.toContain("spawning-started");
});

test("two forms saved within one second of the check are both noticed", async () => {
  const { notes } = await play({ failuresAllowed: false }, waitsForStories, async (hands, ports) => {
    await hands.saveForm(ports, "EPIC-1", []);
    while (hands.card("EPIC-1")?.tags.includes("spawned") !== true) await ports.clock.sleep(10, { key: "mended" });
    await hands.saveForm(ports, "EPIC-1", []);
  });
  expect(notes.filter(({ name, fields }) => name === "run.started" && fields["lane"] === 5)).toHaveLength(1);
});
