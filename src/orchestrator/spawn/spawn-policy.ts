import { mustBeTrue } from "../board/board.ts";
import type { CardRow } from "../board/rows.ts";
import type { Story } from "../decide/prd.ts";
import { need } from "../runs/run-stop.ts";
import { copyCard, copyLinkLabel, createCard } from "./child-card.ts";
import { listEpicCards, type EpicCards, type FanOut } from "./fan-out.ts";

/** How an epic becomes one card for each story, and how that is known. */
export interface SpawnPolicy {
  existingChildren(fanOut: FanOut): Promise<EpicCards>;
  /** Makes the card of a story that has none. @returns the card's id */
  createChild(fanOut: FanOut, story: Story): Promise<number>;
  /** Of the cards that bear the epic's reference, those that an earlier attempt left without a key. */
  adoptCopies(fanOut: FanOut, copies: readonly CardRow[]): Promise<readonly CardRow[]>;
  /** The tags that a copy keeps of its epic's. */
  tagsOfCopy(tags: readonly string[]): readonly string[];
  /** The fields of a story's card, from those that belong there. */
  fieldsOfChild(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** The outcome, from a listing after all is done. */
  judge(result: FanOutResult): "complete" | "incomplete";
}

export interface FanOutResult {
  readonly stories: readonly Story[];
  /** Stories without a card. */
  readonly missing: readonly Story[];
}

export const carefulSpawn: SpawnPolicy = {
  existingChildren: listEpicCards,
  createChild: (fanOut, story) =>
    fanOut.run.config.board.mandatoryFields ? copyCard(fanOut, story) : createCard(fanOut, story),
  adoptCopies: findCopies,
  // Tags that it shares with the epic would say that its work is done.
  tagsOfCopy: () => [],
  fieldsOfChild: (fields) => fields,
  judge: ({ missing }) => (missing.length === 0 ? "complete" : "incomplete"),
};

/** A copy is linked to its epic; one whose making was cut short may not be, but still has the epic's title. */
async function findCopies(fanOut: FanOut, candidates: readonly CardRow[]): Promise<readonly CardRow[]> {
  const { run } = fanOut;
  const copies: CardRow[] = [];
  for (const card of candidates) {
    if (card.id < run.card.id) continue;
    if (card.title !== run.card.title && !(await isLinkedCopy(fanOut, card))) continue;
    copies.push(card);
  }
  return copies;
}

async function isLinkedCopy({ run }: FanOut, card: CardRow): Promise<boolean> {
  const links = need(
    await run.board.getAllTaskLinks({ id: card.id, label: run.handle.label }),
    "read the links of a copy",
  );
  return links.some((link) => link.task_id === run.card.id && link.label === copyLinkLabel);
}

/** An epic that people gave no reference gets one: its copies could not be told from strangers otherwise. */
export async function ensureReference({ run }: FanOut): Promise<void> {
  if (run.card.reference !== "") return;
  need(mustBeTrue(await run.board.updateTask(run.handle, { reference: run.reference })), "give the epic a reference");
}
