import { mustBeTrue, type CardHandle } from "../board/board.ts";
import type { Story } from "../decide/prd.ts";
import { storyReference } from "../decide/reference.ts";
import { digestOfStory } from "../decide/basis.ts";
import { need, tryLater } from "../runs/run-stop.ts";
import type { Run } from "../runs/run.ts";
import type { FanOut } from "./fan-out.ts";

const childLinkLabel = "is a child of";
export const copyLinkLabel = "duplicates";
/** Names the entry of the plan that the card was made, or last revised, from. */
export const planEntryField = "plan_entry";

/** Makes the card with its key in one call: no moment exists in which it is there without being known. */
export async function createCard(fanOut: FanOut, story: Story): Promise<number> {
  const { run, columnId } = fanOut;
  const reference = storyReference(run.reference, story.id);
  run.ports.log.event("spawn.intended", { epic: run.reference, story: story.id });
  const answer = await run.board.createTask({
    projectId: run.projectId,
    title: childTitle(story),
    description: story.description,
    reference,
    columnId,
    swimlaneId: run.card.swimlane_id,
  });
  const id = need(answer, `create the card of story ${story.id}`);
  if (id === false) tryLater(`the board refused the card of story ${story.id}`);
  run.ports.log.event("spawn.created", { epic: run.reference, story: story.id, cardId: id });
  await completeChild(fanOut, story, { id, label: reference });
  return id;
}

/**
 * Copies the epic. The copy exists before it has a key, so that the story is written down first: whoever resumes finds
 * a copy without a key and knows what it may be for.
 */
export async function copyCard(fanOut: FanOut, story: Story): Promise<number> {
  const { run } = fanOut;
  const reference = storyReference(run.reference, story.id);
  run.ports.log.event("spawn.intended", { epic: run.reference, story: story.id });
  need(await run.record.saveIntent(`copy:${story.id}`, true), "write down the intent");
  const id = need(
    await run.board.duplicateTask(run.card.id, run.projectId, reference),
    `copy the epic for story ${story.id}`,
  );
  if (id === false) tryLater(`the board refused the copy for story ${story.id}`);
  await keyCopy(fanOut, story, id);
  return id;
}

/** Makes a copy the card of a story. Its reference comes last: with it the card counts as complete. */
export async function keyCopy(fanOut: FanOut, story: Story, id: number): Promise<void> {
  const { run } = fanOut;
  const reference = storyReference(run.reference, story.id);
  const handle = { id, label: reference };
  const tags = run.policies.spawn.tagsOfCopy(run.tagsAtDispatch ?? []);
  need(mustBeTrue(await run.board.setTaskTags(run.projectId, handle, tags)), "clear the tags of a copy");
  await completeChild(fanOut, story, handle);
  const values = { title: childTitle(story), description: story.description, reference };
  need(mustBeTrue(await run.board.updateTask(handle, values)), `name the card of story ${story.id}`);
  run.ports.log.event("spawn.created", { epic: run.reference, story: story.id, cardId: id });
}

/** Fields and link of a child. Doing it again changes nothing. */
export async function completeChild(fanOut: FanOut, story: Story, child: CardHandle): Promise<void> {
  const { run } = fanOut;
  const values = await childMetadata(run, story);
  need(mustBeTrue(await run.board.saveTaskMetadata(child, values)), `save the fields of story ${story.id}`);
  const linkId = await childLinkId(run);
  if (linkId === undefined) return;
  const linked = need(await run.board.createTaskLink(child, run.card.id, linkId), `link story ${story.id}`);
  if (linked !== false) return;
  // The board refuses a link that exists, and gives no reason.
  const links = need(await run.board.getAllTaskLinks(child), `read the links of story ${story.id}`);
  if (!links.some((link) => link.task_id === run.card.id && link.label === childLinkLabel)) {
    tryLater(`the board refused the link of story ${story.id}`);
  }
}

export function childTitle(story: Story): string {
  return `[${story.id}] ${story.title}`;
}

async function childMetadata(run: Run, story: Story): Promise<Readonly<Record<string, string>>> {
  const epic = await run.metadata();
  return run.policies.spawn.fieldsOfChild({
    atomic_id: story.id,
    parent_id: String(run.card.id),
    dirname: epic["dirname"] ?? "",
    // The epic has made the workspace: its stories find it.
    context_mode: epic["context_mode"] ?? "NEW",
    agent_status: "pending",
    acceptance_criteria: story.acceptanceCriteria.join("\n"),
    [planEntryField]: digestOfStory(story),
  });
}

async function childLinkId(run: Run): Promise<number | undefined> {
  const types = await run.linkTypes();
  return types.find((type) => type.label === childLinkLabel)?.id;
}
