import type { HistoryEvent } from "../../../history/event.ts";

/** The event `from` is why `to` happened, in another process. */
export interface Cause {
  readonly from: number;
  readonly to: number;
}

/**
 * What one process or service brought about in another: a change of the board its webhook, a webhook what its receiver does, a call
 * its program. A task that a request has begun is named after it, as `webhook.task.create(EPIC-1)~0af3bfd6`, and the run of
 * a program has the site of the call as its key. Each task is told once, at its first event.
 */
export function findCauses(events: readonly HistoryEvent[]): Cause[] {
  const causes: Cause[] = [];
  const lastByCall = new Map<string, number>();
  const lastBySite = new Map<string, number>();
  const begun = new Set<string>();
  for (const [index, event] of events.entries()) {
    const task = taskOf(event);
    if (task !== undefined && !begun.has(task.id)) {
      begun.add(task.id);
      const [, call] = /^(.+\))~[\da-f]+/s.exec(task.name) ?? [];
      const from = call === undefined ? undefined : lastByCall.get(call);
      if (from !== undefined) causes.push({ from, to: index });
    }
    if (!("op" in event) || event.op === undefined) continue;
    const { name, key, site } = event.op;
    if (event.kind === "sent" && event.op.process.startsWith("program:")) {
      const from = lastBySite.get(key);
      if (from !== undefined) causes.push({ from, to: index });
    }
    if (event.kind === "answered") continue;
    lastByCall.set(`${name}(${key})`, index);
    lastBySite.set(site, index);
  }
  return causes;
}

/** A task is named by its process and life: other processes have tasks of the same name. */
function taskOf(event: HistoryEvent): { readonly id: string; readonly name: string } | undefined {
  if (event.kind === "note") return { id: `${event.process}@${event.incarnation}/${event.task}`, name: event.task };
  if (event.kind !== "sent") return undefined;
  const { process, incarnation, taskName } = event.op;
  return { id: `${process}@${incarnation}/${taskName}`, name: taskName };
}
