import type { Ports } from "../../src/index.ts";
import type { PeopleBoard, SeenBoard, SeenCard } from "./people-board.ts";
import type { CardSlip } from "./slips.ts";

export interface SlipPlace {
  readonly board: PeopleBoard;
  readonly seen: SeenBoard;
  readonly clock: Ports["clock"];
}

const retryMs = 20_000;
const triesMax = 10;

/** Does what the slip says to the card. Who slips stays until it is done, and done again when the board did not take it. */
export async function makeSlip(slip: CardSlip, card: SeenCard, { board, seen, clock }: SlipPlace): Promise<void> {
  const wait = (durationMs: number): Promise<boolean> => clock.sleep(durationMs, { key: slip.kind });
  const insist = async (deed: () => Promise<boolean>): Promise<void> => {
    for (let tries = 1; tries <= triesMax && !(await deed()); tries++) await wait(retryMs);
  };
  switch (slip.kind) {
    case "move-early":
      await board.move(seen, card, card.lane + 1);
      return;
    case "move-back":
      // Tags of work that is to be done again go first.
      await board.saveTags(card, []);
      await insist(() => board.move(seen, card, slip.to));
      return;
    case "label":
      await board.saveTags(card, [...card.tags, slip.tag]);
      return;
    case "form-save":
      await wait(slip.afterMs);
      await board.saveTags(card, card.tags);
      return;
    case "old-form":
      await wait(slip.afterMs);
      await board.saveTags(card, []);
      return;
    case "drag":
      await board.move(seen, card, slip.to);
      if (slip.backAfterMs === null) return;
      await wait(slip.backAfterMs);
      await insist(() => board.move(seen, card, slip.lane));
      return;
    case "remove":
      await board.remove(card);
      return;
    case "close":
      await board.close(card);
      await wait(slip.reopenAfterMs);
      await insist(() => board.open(card));
      return;
    case "edit":
      await board.edit(card, { [slip.field]: slip.value });
      await wait(slip.mendAfterMs);
      await insist(() => board.edit(card, { title: card.title, reference: card.reference }));
      return;
  }
}
