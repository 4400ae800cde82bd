import type { HistoryEvent, OpIdentity } from "../../../history/event.ts";

export interface Lane {
  readonly name: string;
  readonly kind: "process" | "service";
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  /** By the name of a lane, and by that of each program. */
  readonly laneByName: ReadonlyMap<string, number>;
}

/** Processes first, in the order in which they appear, and below them the services that they use. */
export function findLanes(events: readonly HistoryEvent[]): Lanes {
  const processes = new Set<string>();
  const services = new Set<string>();
  const programs = new Set<string>();
  const addActor = ({ process }: OpIdentity): void => {
    const service = serviceOf(process);
    if (service !== undefined) services.add(service);
    if (process.startsWith("program:")) programs.add(process);
  };
  for (const event of events) {
    if (event.kind === "process" || event.kind === "note") processes.add(event.process);
    if (event.kind === "change") services.add(event.change.store === "program" ? "programs" : event.change.store);
    if (event.kind !== "sent") continue;
    addActor(event.op);
    const service = event.op.name.slice(0, event.op.name.indexOf("."));
    if (knownServices.includes(service)) services.add(service);
  }
  const actors = new Set(
    events.flatMap((event) => ("op" in event && event.op !== undefined ? [event.op.process] : [])),
  );
  // What acts and never started: a service that sends requests of its own, or the world around all processes.
  for (const actor of actors) if (serviceOf(actor) === undefined && !processes.has(actor)) services.add(actor);
  const order = [...knownServices, "programs"];
  const lanes: Lane[] = [
    ...[...processes].filter((name) => !services.has(name)).map((name) => ({ name, kind: "process" as const })),
    ...[...services]
      .toSorted((left, right) => rank(order, left) - rank(order, right))
      .map((name) => ({ name, kind: "service" as const })),
  ];
  const laneByName = new Map(lanes.map(({ name }, index) => [name, index]));
  for (const program of programs) laneByName.set(program, laneByName.get(serviceOf(program)!)!);
  return { lanes, laneByName };
}

/** The lane of a service or program that acts itself; undefined for a process. */
export function serviceOf(actor: string): string | undefined {
  if (actor === "program:git") return "git";
  if (actor.startsWith("program:")) return "programs";
  return knownServices.includes(actor) ? actor : undefined;
}

function rank(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at === -1 ? order.length : at;
}

const knownServices: readonly string[] = ["board", "model", "disk", "git"];
