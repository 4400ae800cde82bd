import type { SeenBoard, SeenCard } from "./people-board.ts";
import { isCardSlip, type CardSlip } from "./slips.ts";
import type { Workload } from "./workload.ts";

/** What people do after a look at the board. */
export type Deed =
  | { readonly kind: "create"; readonly reference: string }
  /** A second card of an epic that was typed in once. */
  | { readonly kind: "close-double"; readonly card: SeenCard }
  /** Checks the fields of a new epic, then moves it on. */
  | { readonly kind: "release"; readonly card: SeenCard; readonly to: number }
  /** Reads the plan, then approves it. */
  | { readonly kind: "approve-plan"; readonly card: SeenCard }
  | { readonly kind: "move"; readonly card: SeenCard; readonly to: number }
  | { readonly kind: "slip"; readonly slip: CardSlip; readonly card: SeenCard };

const completedTags: Readonly<Record<number, string>> = {
  2: "design-generated",
  3: "locked",
  4: "planning-generated",
  5: "spawned",
  6: "tests-generated",
  7: "tests-coding-generated",
  8: "coding-complete",
  9: "review-complete",
};
const startedTags: Readonly<Record<number, string>> = {
  2: "design-started",
  3: "locking",
  4: "planning-started",
  5: "spawning-started",
  6: "tests-started",
  7: "tests-coding-started",
  8: "coding-started",
  9: "review-started",
};
const allStarted: ReadonlySet<string> = new Set([...Object.values(startedTags), "plan-locking"]);
const inbox = 1;
const planDraft = 4;
const planApproved = 5;
const codeReview = 9;
const finalReview = 10;
const done = 11;
/** Two moves between two looks of the system are one drag over both lanes: who approves by moving takes the time to read. */
const finalReviewMs = 180_000;

/**
 * What people do next: approve what is complete, in the order of the cards' numbers; one deed for each card and look.
 *
 * @param slipped indexes of the slips that have happened
 */
export function planDeeds(workload: Workload, board: SeenBoard, slipped: ReadonlySet<number>): readonly Deed[] {
  const deeds: Deed[] = [];
  for (const { reference } of workload.epics) {
    if (!board.cards.some((card) => card.reference === reference)) deeds.push({ kind: "create", reference });
  }
  for (const card of board.cards) {
    // A copy bears the same reference for a while; what people mean is the older card.
    const isMeant = board.cards.find((each) => each.reference === card.reference) === card;
    const deed = (isMeant ? slipOn(workload, card, slipped) : undefined) ?? nextDeed(workload, board, card);
    if (deed !== undefined) deeds.push(deed);
  }
  return deeds;
}

function slipOn(workload: Workload, card: SeenCard, slipped: ReadonlySet<number>): Deed | undefined {
  for (const [index, slip] of workload.slips.entries()) {
    if (!slipped.has(index) && isCardSlip(slip) && tempts(slip, card)) return { kind: "slip", slip, card };
  }
  return undefined;
}

function tempts(slip: CardSlip, card: SeenCard): boolean {
  if (slip.card !== card.reference || slip.lane !== card.lane) return false;
  switch (slip.kind) {
    case "move-early":
      return !isComplete(card) && !isFailed(card);
    case "move-back":
      // Without any tag, they had begun and were called away.
      return isComplete(card) || (card.tags.length === 0 && card.lane > 2 && !isStory(card));
    case "drag":
      return card.lane === inbox || isAtWork(card);
    default:
      return isAtWork(card);
  }
}

function isAtWork(card: SeenCard): boolean {
  return card.tags.includes(startedTags[card.lane] ?? "");
}

function nextDeed(workload: Workload, board: SeenBoard, card: SeenCard): Deed | undefined {
  const { lane } = card;
  if (isFailed(card)) return undefined;
  if (lane === inbox) {
    const first = board.cards.find((each) => each.reference === card.reference);
    if (first !== card) return { kind: "close-double", card };
    // Somebody dragged it here: it goes back to where stories begin.
    if (isStory(card)) return workload.journey === "whole" ? { kind: "move", card, to: planApproved } : undefined;
    if (!workload.epics.some(({ reference }) => reference === card.reference)) return undefined;
    return { kind: "release", card, to: workload.journey === "fan-out" ? planApproved : inbox + 1 };
  }
  if (isStory(card)) {
    if (workload.journey !== "whole") return undefined;
    if (lane === planApproved || lane === finalReview) return { kind: "move", card, to: lane + 1 };
    return isComplete(card) ? { kind: "move", card, to: lane + 1 } : undefined;
  }
  if (lane === finalReview) {
    const isRead = workload.journey !== "single" || board.seenMs - 1_000 * card.movedS >= finalReviewMs;
    return isRead ? { kind: "move", card, to: done } : undefined;
  }
  if (!isComplete(card)) return undefined;
  if (lane === planDraft) return { kind: "approve-plan", card };
  if (lane !== planApproved || worksOnItself(workload)) return { kind: "move", card, to: lane + 1 };
  if (workload.journey !== "whole") return undefined;
  const stories = storiesOf(board, card);
  return stories.length > 0 && stories.every((story) => story.lane === done)
    ? { kind: "move", card, to: codeReview }
    : undefined;
}

/** Nothing is under way, and nothing more can happen unless somebody acts. */
export function isSettled(workload: Workload, board: SeenBoard): boolean {
  return (
    workload.epics.every(({ reference }) => board.cards.some((card) => card.reference === reference)) &&
    board.cards.every((card) => isAtRest(workload, board, card)) &&
    !hasTwins(board)
  );
}

/** Two open cards of one story: one of them is closed as soon as somebody looks for such. */
function hasTwins(board: SeenBoard): boolean {
  const stories = board.cards.filter((card) => isStory(card) && !isFailed(card)).map(({ reference }) => reference);
  return new Set(stories).size < stories.length;
}

function isAtRest(workload: Workload, board: SeenBoard, card: SeenCard): boolean {
  if (card.tags.some((tag) => allStarted.has(tag))) return false;
  if (card.lane === done || isFailed(card)) return true;
  if (card.lane !== planApproved) return false;
  if (isStory(card)) return workload.journey !== "whole";
  if (!isComplete(card) || worksOnItself(workload)) return false;
  if (workload.journey !== "whole") return true;
  // Otherwise people would move it on.
  return storiesOf(board, card).some((story) => story.lane !== done);
}

/** What a look shows of all cards, to tell whether anything has changed. */
export function signatureOfBoard(board: SeenBoard): string {
  return board.cards.map((card) => `${card.id}@${card.lane}:${card.reference}:${card.tags.join(",")}`).join(" ");
}

export function isFailed(card: SeenCard): boolean {
  return card.tags.some((tag) => tag.endsWith("-failed") || tag === "needs-human");
}

function isComplete(card: SeenCard): boolean {
  return (
    card.tags.includes(completedTags[card.lane] ?? "") ||
    (card.lane === planApproved && card.tags.includes("plan-locked"))
  );
}

/** The epic's card goes on by itself, without waiting for cards of stories. */
function worksOnItself({ journey }: Workload): boolean {
  return journey === "batch" || journey === "single";
}

function isStory(card: SeenCard): boolean {
  return card.reference.indexOf("/") > 0;
}

function storiesOf(board: SeenBoard, epic: SeenCard): readonly SeenCard[] {
  return board.cards.filter((card) => card.reference.startsWith(`${epic.reference}/`));
}
