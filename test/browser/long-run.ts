import type { HistoryEvent, OpIdentity } from "../../src/history/event.ts";

/** A run repeated, each time later and with cards, calls and pids of its own, until there are so many events. */
export function longRun(events: readonly HistoryEvent[], length: number): HistoryEvent[] {
  const lastUs = events.at(-1)!.atUs;
  return Array.from({ length }, (_, index) => {
    const round = Math.floor(index / events.length);
    return later(events[index % events.length]!, round, lastUs);
  });
}

function later(event: HistoryEvent, round: number, lastUs: number): HistoryEvent {
  const atUs = event.atUs + round * (lastUs + 5_000_000);
  if (!("op" in event)) return { ...event, atUs };
  const op = event.op && laterOp(event.op, round);
  if (event.kind !== "change") return { ...event, atUs, op: op! };
  const { change } = event;
  const moved = Object.fromEntries(
    Object.entries(change).map(([name, value]) => {
      if (typeof value === "number" && idNames.has(name)) return [name, value + round * 1_000];
      return [name, pathNames.has(name) && typeof value === "string" ? `/round-${round}${value}` : value];
    }),
  );
  return { ...event, atUs, op, change: { ...change, ...moved } };
}

function laterOp(op: OpIdentity, round: number): OpIdentity {
  const { process, incarnation, name, key, occurrence } = op;
  const taskName = round === 0 ? op.taskName : `${op.taskName} round ${round}`;
  const site = `${process}@${incarnation}/${taskName}/${name}(${key})#${occurrence}`;
  return { id: op.id + round * 1_000_000, site, process, incarnation, taskName, name, key, occurrence };
}

const idNames: ReadonlySet<string> = new Set(["card", "opposite", "pid"]);
const pathNames: ReadonlySet<string> = new Set(["path", "from", "to"]);
