import type { ChangeEvent } from "../../history/event.ts";
import { pattern, sample, type ReadRun } from "./calls.ts";
import type { Detector, Sighting } from "./foot-gun.ts";

/** A program is started for each request that comes in, or for each small part of one piece of work. */
export const processPerRequest: Detector = {
  kind: "process-per-request",
  title: "A process for each request",
  leastFix: "put what comes in on a queue with a bound, and let one process work through it",
  look(run) {
    return [...startsByPlace(run)].flatMap(([place, starts]) => sightingOf(place, starts));
  },
};

/** Starts of one program in one task. */
const startsPerTaskMin = 20;
/** Requests that each started the program. */
const requestsMin = 5;

/** Starts of one program at one place, by task. */
type Starts = Map<string, { readonly program: string; readonly isRequest: boolean; readonly indexes: number[] }>;

function startsByPlace({ events }: ReadRun): ReadonlyMap<string, Starts> {
  const places = new Map<string, Starts>();
  for (const [index, event] of events.entries()) {
    if (event.kind !== "change" || event.change.type !== "program.started" || event.op === undefined) continue;
    const { process, incarnation, taskName } = event.op;
    if (process.startsWith("program:")) continue;
    const program = event.change["name"] as string;
    const place = `${pattern(process)} ${placeOfTask(event)} ${program}`;
    const starts: Starts = places.get(place) ?? new Map();
    places.set(place, starts);
    const task = `${process}@${incarnation}/${taskName}`;
    const ofTask = starts.get(task) ?? { program, isRequest: isOfRequest(taskName), indexes: [] };
    starts.set(task, ofTask);
    ofTask.indexes.push(index);
  }
  return places;
}

function sightingOf(place: string, starts: Starts): readonly Sighting[] {
  const requests = [...starts.values()].filter(({ isRequest }) => isRequest);
  if (requests.length >= requestsMin) {
    const indexes = requests.flatMap((each) => each.indexes);
    const { program } = requests[0]!;
    const words = `${requests.length} requests that came in started ${program} ${indexes.length} times.`;
    return [{ place, events: sample(indexes), count: indexes.length, words }];
  }
  const [worst] = [...starts].toSorted(([, left], [, right]) => right.indexes.length - left.indexes.length);
  if (worst === undefined || worst[1].indexes.length < startsPerTaskMin) return [];
  const [task, { program, indexes }] = worst;
  return [
    {
      place,
      events: sample(indexes),
      count: indexes.length,
      words: `${task} started ${program} ${indexes.length} times.`,
    },
  ];
}

/** Tasks of a server are named by the request: by its label, or by method and path. */
function isOfRequest(taskName: string): boolean {
  return /^(?:webhook[. ]|http\.|GET |POST |PUT |request\b)/.test(taskName);
}

/** The digest that tells requests of one name apart is left out. */
function placeOfTask({ op }: ChangeEvent): string {
  return pattern(op!.taskName.replace(/~[0-9a-f]+$/, ""));
}
