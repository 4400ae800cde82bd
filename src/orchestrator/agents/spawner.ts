import type { CardRow } from "../board/rows.ts";
import { closeCard } from "../cards/close-card.ts";
import { chooseChild } from "../decide/duplicates.ts";
import { parsePrd, type Story } from "../decide/prd.ts";
import { isStory } from "../decide/reference.ts";
import type { Run } from "../runs/run.ts";
import { fail, need, tryLater } from "../runs/run-stop.ts";
import { digestOfStory } from "../decide/basis.ts";
import { completeChild, keyCopy, planEntryField } from "../spawn/child-card.ts";
import { closeVanished, reviseChild } from "../spawn/revise-children.ts";
import { openFanOut, type EpicCards, type FanOut } from "../spawn/fan-out.ts";
import { ensureReference } from "../spawn/spawn-policy.ts";
import { refuseStale } from "./approved.ts";
import { openVerified, prdPath, readArtifact } from "./artifacts.ts";
import { comment } from "./report.ts";

/** Lane 5: one card for each story of the locked plan. */
export async function spawner(run: Run): Promise<void> {
  if (isStory(run.reference))
    fail("nothing was spawned", "a story has no stories", "Move the card on to its next lane.");
  const stories = await lockedStories(run);
  refuseTooMany(run, stories.length);
  const fanOut = openFanOut(run, stories);
  await ensureReference(fanOut);
  await spawnMissing(fanOut);
  await settle(fanOut);
  await comment(run, "spawned", `One card stands for each of the ${stories.length} stories.`);
}

async function lockedStories(run: Run): Promise<readonly Story[]> {
  const workspace = await openVerified(run);
  const content = await readArtifact(workspace, prdPath);
  const advice = "Move the card back into the planning lane.";
  await refuseStale(run, workspace, prdPath);
  if (content === undefined || !workspace.isLocked(prdPath))
    fail("nothing was spawned", `${prdPath} is not locked`, advice);
  const check = parsePrd(content);
  if (check.kind === "invalid") fail("nothing was spawned", `${prdPath}: ${check.errors.join("; ")}`, advice);
  return check.stories;
}

/** In the epic's whole life: a plan that is approved again and again must not come to any number of cards. */
function refuseTooMany(run: Run, stories: number): void {
  const limit = run.limits.childrenPerEpicMax;
  if (stories <= limit) return;
  run.ports.log.event("spawn.refused", { epic: run.reference, stories, limit });
  run.ports.log.event("limit.reached", { limit: "childrenPerEpicMax", card: run.reference, value: stories });
  fail(
    "nothing was spawned",
    `the epic would come to ${stories} stories, those of earlier plans included, and it may have ${limit}`,
    "Split the epic, or ask for a plan with fewer stories.",
  );
}

async function spawnMissing(fanOut: FanOut): Promise<void> {
  const { run, stories } = fanOut;
  const { spawn } = run.policies;
  const existing = await spawn.existingChildren(fanOut);
  refuseTooMany(run, existing.storiesEver);
  const copies = [...(existing.copies.length === 0 ? [] : await spawn.adoptCopies(fanOut, existing.copies))];
  for (const story of stories) {
    const child = existing.children.get(story.id)?.[0];
    if (child === undefined) {
      const copy = copies.shift();
      if (copy === undefined) await spawn.createChild(fanOut, story);
      else await keyCopy(fanOut, story, copy.id);
    } else if (child.is_active !== 0) {
      await completeExisting(fanOut, story, child);
    }
  }
}

/** An attempt that was cut off may have left a card without its fields. One that has them is left as people have it. */
async function completeExisting(fanOut: FanOut, story: Story, child: CardRow): Promise<void> {
  const handle = { id: child.id, label: child.reference };
  const metadata = need(await fanOut.run.board.getTaskMetadata(handle), `read the fields of story ${story.id}`);
  const links = need(await fanOut.run.board.getAllTaskLinks(handle), `read the links of story ${story.id}`);
  const linked = links.some((link) => link.task_id === fanOut.run.card.id && link.label === "is a child of");
  const entry = metadata[planEntryField];
  if (metadata["atomic_id"] === story.id && entry !== undefined && entry !== digestOfStory(story)) {
    await reviseChild(fanOut, story, child);
  } else if (metadata["atomic_id"] !== story.id || entry === undefined || !linked) {
    await completeChild(fanOut, story, handle);
  }
}

/** What one more listing shows: nothing may be missing, and nothing may stand twice. */
async function settle(fanOut: FanOut): Promise<void> {
  const { run, stories } = fanOut;
  const found = await run.policies.spawn.existingChildren(fanOut);
  const missing = stories.filter((story) => !found.children.has(story.id));
  if (run.policies.spawn.judge({ stories, missing }) === "incomplete") {
    tryLater(`stories without a card: ${missing.map((story) => story.id).join(", ")}`);
  }
  await closeSurplus(fanOut, found);
  await closeVanished(fanOut, found.others);
}

async function closeSurplus(fanOut: FanOut, found: EpicCards): Promise<void> {
  const { run } = fanOut;
  for (const [story, cards] of found.children) {
    const open = cards.filter((card) => card.is_active !== 0);
    if (open.length < 2) continue;
    const complete = new Set<number>();
    for (const card of open) {
      const metadata = need(
        await run.board.getTaskMetadata({ id: card.id, label: card.reference }),
        "read a card's fields",
      );
      if (metadata["atomic_id"] !== undefined) complete.add(card.id);
    }
    const { kept, surplus } = chooseChild(open, (card) => complete.has(card.id));
    for (const card of surplus) {
      await closeCard(run.board, card, `story ${story} has its card already, with the number ${kept.id}.`);
    }
  }
  if (found.copies.length === 0) return;
  for (const copy of await run.policies.spawn.adoptCopies(fanOut, found.copies)) {
    await closeCard(run.board, copy, "a copy of the epic that no story needs.");
  }
}
