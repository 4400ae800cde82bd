import { mustBeCreated, mustBeTrue, type Board, type CardHandle } from "../board/board.ts";
import { need } from "../runs/run-stop.ts";

export interface Attachment {
  readonly projectId: number;
  readonly card: CardHandle;
  readonly name: string;
  readonly content: string;
}

/**
 * Leaves exactly one attachment of that name, with this content. Others of the name are removed first: the board stores
 * files of one name and second under one path, so that removing an old one later could take the new content along.
 */
export async function attach(board: Board, attachment: Attachment): Promise<void> {
  const { card, name, content, projectId } = attachment;
  const key = `${card.label}/${name}`;
  const files = need(await board.getAllTaskFiles(card), "read the attachments");
  const sameName = files.filter((file) => file.name === name);
  const blob = Buffer.from(content);
  if (sameName.length === 1 && sameName[0]!.size === blob.length) {
    const stored = need(await board.downloadTaskFile(sameName[0]!.id, key), `read the attachment ${name}`);
    if (stored === blob.toString("base64")) return;
  }
  for (const file of sameName) {
    const removed = await board.removeTaskFile(file.id, key);
    // `false`: somebody else removed it, or an earlier try of ours did.
    if (removed.kind !== "ok") need(mustBeTrue(removed), `replace the attachment ${name}`);
  }
  need(mustBeCreated(await board.createTaskFile(projectId, card, { name, content })), `attach ${name}`);
}

/** The text of the newest attachment of that name; undefined when there is none. */
export async function readAttachment(board: Board, card: CardHandle, name: string): Promise<string | undefined> {
  const files = need(await board.getAllTaskFiles(card), "read the attachments");
  const newest = files.filter((file) => file.name === name).toSorted((left, right) => right.id - left.id)[0];
  if (newest === undefined) return undefined;
  const blob = need(await board.downloadTaskFile(newest.id, `${card.label}/${name}`), `read the attachment ${name}`);
  return Buffer.from(blob, "base64").toString("utf8");
}
