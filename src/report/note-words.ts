import type { JsonObject, JsonValue } from "../base/json.ts";
import { shortText } from "./short-text.ts";
import { listText, valueText } from "./value-text.ts";

/** What a process says of itself, in plain words; fields in braces. A name without words stands for itself, with its fields. */
export function describeNote(name: string, fields: JsonObject): string {
  const text = typeof fields["takeover"] === "boolean" && fields["takeover"] ? takeover : words.get(name);
  if (text === undefined) return `notes ${name}${describeFields(fields)}`;
  return text
    .replaceAll(/\{(\w+)\}/g, (_, field: string) => shortText(listText(fields[field] ?? "")))
    .replace(/:? $/, "");
}

/** As `: a 1, b 2`, sorted by name. */
export function describeFields(fields: Readonly<Record<string, JsonValue | undefined>>): string {
  const parts = Object.keys(fields)
    .toSorted()
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name} ${shortText(valueText(fields[name]))}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

const takeover = "takes over the lease of {scope} (generation {generation})";

const words: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "agent.finished": "the agent {agent} is done with {card}",
    "agent.started": "starts the agent {agent} on {card}",
    "alarm.cleared": "clears the alarm {alarm}",
    "alarm.raised": "raises the alarm {alarm}: {reason}",
    "answer.refused": "refuses the model's answer about {purpose} for {card}: {reason}",
    "answer.repaired": "repairs the model's answer about {purpose} for {card}",
    "artifact.locked": "locks {path} as approved ({hash})",
    "artifact.restored": "puts {path} back as it was approved",
    "artifact.unlocked": "unlocks {path}, which is to be done again",
    "breaker.closed": "trusts the service again, and closes the breaker",
    "breaker.opened": "asks no more for a while, the breaker is open: {reason}",
    "card.closed": "notes why it closed card {cardId}: {reason}",
    "child.ended": "ends a program that was left over from {scope}",
    "draft.restored": "puts the draft {path} back",
    "epic.asked": "asks for the epic {reference}",
    "failure.seen": "sees that {card} failed in lane {lane}",
    "follow.failed": "could not follow {card}: {reason}",
    "git.repaired": "repairs git in {workspace}: {damaged}",
    "git.restored": "puts {path} back as git has it",
    "git.unlocked": "removes a lock that git left in {workspace}",
    "lease.acquired": "takes the lease of {scope} (generation {generation})",
    "lease.lost": "loses the lease of {scope}: {reason}",
    "lease.released": "gives the lease of {scope} back (generation {generation})",
    "limit.reached": "comes to the limit {limit} at {card}: {value}",
    "plan.approved": "approves the plan of {epic}, with the stories {stories}",
    "poll.failed": "could not look at the board: {reason}",
    "program.flooded": "stops listening to {program}, which says too much",
    "prompt.compressed": "shortens the prompt about {purpose} for {card} by {omittedChars} characters",
    "ratchet.rebuilt": "rebuilds the ratchet of {workspace} from {artifacts} approvals",
    "reconcile.failed": "could not put {card} in order: {reason}",
    "record.corrupt": "finds the record of {card} for cause {cause} damaged",
    "run.finished": "ends the run of {card} in lane {lane} as {outcome}: {reason}",
    "run.started": "begins a run of {card} in lane {lane} (attempt {attempt}, by {trigger})",
    "slip.made": "makes a slip: {kind} {card}",
    "spawn.created": "notes that card {cardId} was made for story {story}",
    "spawn.intended": "notes that it will make a card for story {story}",
    "spawn.refused": "refuses to make {stories} cards for {epic}: the limit is {limit}",
    "story.merged": "merges {branch} of {card}",
    "story.revised": "gives story {story} of {epic} its new text",
    "trace.failed": "could not write the trace of {purpose} for {card}: {reason}",
    "webhook.accepted": "takes in a webhook about {card}",
    "webhook.refused": "refuses a webhook with {status}: {reason}",
    "worktree.forgotten": "makes git forget the work tree of story {story}",
    "worktree.removed": "removes the work tree of story {story}",
  }),
);
