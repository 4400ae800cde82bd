import { history } from "./history.ts";
import { subjectOf } from "./object.ts";
import type { ObjectId } from "./object.ts";
import type { Repository } from "./repository.ts";
import { abbreviated, resolveCommit } from "./revision.ts";
import type { Session } from "./session.ts";

/** As `HEAD detached at v1`, or `from` when it has moved on since. */
export function detachedText(repository: Repository): string | undefined {
  const from = repository.detachedFrom();
  if (from === undefined) return undefined;
  const isReference = from.name.startsWith("refs/heads/") || repository.tags().includes(from.name);
  const leadsThere = isReference && resolveCommit(repository, from.name) === from.id;
  const where = leadsThere ? from.name : abbreviated(from.id);
  return `HEAD detached ${repository.headCommitId() === from.id ? "at" : "from"} ${where}`;
}

export function printDetachedAdvice(session: Session, name: string): void {
  if (session.config("advice.detachedhead") === "false") return;
  session.printError(
    `Note: switching to '${name}'.\n\n` +
      "You are in 'detached HEAD' state. You can look around, make experimental\n" +
      "changes and commit them, and you can discard any commits you make in this\n" +
      "state without impacting any branches by switching back to a branch.\n\n" +
      "If you want to create a new branch to retain commits you create, you may\n" +
      "do so (now or later) by using -c with the switch command. Example:\n\n" +
      "  git switch -c <new-branch-name>\n\n" +
      "Or undo this operation with:\n\n" +
      "  git switch -\n\n" +
      "Turn off this advice by setting config variable advice.detachedHead to false\n",
  );
}

/** What is said when a detached HEAD moves elsewhere: where it was, or which commits nothing leads to any more. */
export function printLeaving(session: Session, left: ObjectId, target: ObjectId): void {
  const { repository } = session;
  const tips = [
    ...repository.branches().map((branch) => `refs/heads/${branch}`),
    ...repository.tags().map((tag) => `refs/tags/${tag}`),
  ].map((reference) => resolveCommit(repository, reference)!);
  const lost = [...history(repository, [left], { without: [...tips, target] })];
  const line = (id: ObjectId): string => `${abbreviated(id)} ${subjectOf(repository.readCommit(id))}`;
  if (lost.length === 0) {
    session.printError(`Previous HEAD position was ${line(left)}`);
    return;
  }
  const shown = lost.length > LOST_SHOWN_MAX ? lost.slice(0, LOST_SHOWN_MAX - 1) : lost;
  const more = lost.length - shown.length;
  const one = lost.length === 1;
  session.printError(
    `Warning: you are leaving ${lost.length} commit${one ? "" : "s"} behind, not connected to\n` +
      `any of your branches:\n\n${shown.map((id) => `  ${line(id)}\n`).join("")}` +
      `${more > 0 ? ` ... and ${more} more.\n` : ""}\n` +
      `If you want to keep ${one ? "it" : "them"} by creating a new branch, this may be a good time\n` +
      `to do so with:\n\n git branch <new-branch-name> ${abbreviated(left)}\n`,
  );
}

const LOST_SHOWN_MAX = 4;
