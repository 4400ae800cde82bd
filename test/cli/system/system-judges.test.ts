import { expect, test } from "vitest";
import { systemJudges } from "../../../src/cli/system/system-judges.ts";
import type { HistoryEvent } from "../../../src/history/event.ts";

/** What the judge of comments finds in these changes of card 1, each by a process. */
function commentsTwice(
  changes: readonly (readonly [process: string, type: "comment.created" | "card.moved"])[],
): number {
  let found = 0;
  const judge = systemJudges.find(({ id }) => id === "comment-twice")!.start(() => found++);
  for (const [index, [process, type]] of changes.entries()) {
    const change = { store: "board", type, card: 1, text: "done" };
    judge.observe({ kind: "change", atUs: index, op: { process }, change } as unknown as HistoryEvent, index);
  }
  return found;
}

test("a comment may stand again once people have moved the card, and not before, nor by a move of the system's own", () => {
  const said = ["agent", "comment.created"] as const;
  expect(commentsTwice([said, said])).toBe(1);
  expect(commentsTwice([said, ["people", "card.moved"], said])).toBe(0);
  expect(commentsTwice([said, ["agent", "card.moved"], said])).toBe(1);
  expect(commentsTwice([said, ["people", "card.moved"], said, said])).toBe(1);
});
