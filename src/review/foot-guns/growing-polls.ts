import { isRequest, pattern, sample, type ReadRun, type SystemCall } from "./calls.ts";
import type { Detector, Sighting } from "./foot-gun.ts";

/** The more cards are finished, the more a look over the board asks for, though nothing is to be done for them. */
export const growingPolls: Detector = {
  kind: "growing-polls",
  title: "Polling that grows with finished cards",
  leastFix: "leave out what is finished: ask for the open cards of the lanes that have work",
  look(run) {
    return [...idleLooks(run)].flatMap(([poller, looks]) => sightingOf(poller, looks));
  },
};

/** Finished cards between the two looks that are compared. */
const finishedMin = 4;
/** Requests that each of them costs. */
const requestsPerCard = 0.5;

interface Look {
  readonly index: number;
  readonly requests: number;
  readonly finished: number;
}

/** Looks that changed nothing on the board, by who took them. */
function idleLooks({ events, byTask }: ReadRun): ReadonlyMap<string, readonly Look[]> {
  const finishedAt = finishedCards(events);
  const looks = new Map<string, Look[]>();
  for (const [task, calls] of byTask) {
    const { process, taskName } = calls[0]!;
    for (const part of looksOf(taskName, calls)) {
      const requests = part.filter(isRequest).length;
      const [first, last] = [part[0]!, part.at(-1)!];
      if (requests === 0 || hasChanged(events, task, first.index, last.index)) continue;
      const poller = `${pattern(process)} ${taskName === "main" ? "main" : taskName.replace(/ ?\d+$/, "")}`;
      const ofPoller = looks.get(poller) ?? [];
      looks.set(poller, ofPoller);
      ofPoller.push({ index: first.index, requests, finished: finishedAt(first.index) });
    }
  }
  return looks;
}

/** A task for each look, named by the tick; or the main loop, between its waits. */
function looksOf(taskName: string, calls: readonly SystemCall[]): readonly (readonly SystemCall[])[] {
  if (/^(?:tick|poll|look|scan|resync) \d+$/.test(taskName)) return [calls];
  if (taskName !== "main") return [];
  const parts: SystemCall[][] = [[]];
  for (const call of calls) {
    if (call.name.startsWith("clock.")) parts.push([]);
    else parts.at(-1)!.push(call);
  }
  return parts.filter((part) => part.length > 0);
}

function sightingOf(poller: string, looks: readonly Look[]): readonly Sighting[] {
  const early = looks.filter(({ finished }) => finished === looks[0]!.finished);
  const [latest] = looks.toSorted((left, right) => right.finished - left.finished);
  const late = looks.filter(({ finished }) => finished === latest!.finished);
  const most = early.reduce((worst, each) => (each.requests > worst.requests ? each : worst));
  const least = late.reduce((best, each) => (each.requests < best.requests ? each : best));
  const finished = least.finished - most.finished;
  if (finished < finishedMin || least.requests < most.requests + finished * requestsPerCard) return [];
  return [
    {
      place: poller,
      events: sample([most.index, least.index]),
      count: least.requests - most.requests,
      words: `A look of ${poller} over the board took ${most.requests} requests with ${most.finished} cards finished, and ${least.requests} with ${least.finished}, though nothing was to be done.`,
    },
  ];
}

/** @returns how many cards are closed, or stand in a column that says done, before an event */
function finishedCards(events: ReadRun["events"]): (index: number) => number {
  const finished = new Set<unknown>();
  const steps: { readonly index: number; readonly count: number }[] = [];
  for (const [index, event] of events.entries()) {
    if (event.kind !== "change" || event.change.store !== "board") continue;
    const { type, card, to } = event.change as {
      readonly type: string;
      readonly card?: unknown;
      readonly to?: unknown;
    };
    if (type === "card.closed" || type === "card.removed") finished.add(card);
    else if (type === "card.opened") finished.delete(card);
    else if (type !== "card.moved") continue;
    else if (/\bdone\b/i.test(String(to))) finished.add(card);
    else finished.delete(card);
    steps.push({ index, count: finished.size });
  }
  return (index) => steps.findLast((step) => step.index < index)?.count ?? 0;
}

function hasChanged(events: ReadRun["events"], task: string, first: number, last: number): boolean {
  return events
    .slice(first, last + 1)
    .some(
      (event) =>
        event.kind === "change" &&
        event.change.store === "board" &&
        event.op !== undefined &&
        `${event.op.process}@${event.op.incarnation}/${event.op.taskName}` === task,
    );
}
