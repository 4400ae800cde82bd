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

/** Starts by calls of one name in one task: more than a loop of a few fixes takes. */
const startsPerTaskMin = 30;
/** Requests that each started one. */
const requestsMin = 5;

/** Starts by calls of one name at one place, by task. */
type Starts = Map<string, { readonly call: string; readonly isRequest: boolean; readonly indexes: number[] }>;

function startsByPlace({ events }: ReadRun): ReadonlyMap<string, Starts> {
  const places = new Map<string, Starts>();
  for (const [index, event] of events.entries()) {
    if (event.kind !== "change" || event.change.type !== "program.started") continue;
    const starter = starterOf(event);
    if (starter === undefined) continue;
    const { process, taskName, task, call } = starter;
    const place = `${pattern(process)} ${placeOfTask(taskName)} ${call}`;
    const starts: Starts = places.get(place) ?? new Map();
    places.set(place, starts);
    const ofTask = starts.get(task) ?? { call, isRequest: isOfRequest(taskName), indexes: [] };
    starts.set(task, ofTask);
    ofTask.indexes.push(index);
  }
  return places;
}

function sightingOf(place: string, starts: Starts): readonly Sighting[] {
  const requests = [...starts.values()].filter(({ isRequest }) => isRequest);
  if (requests.length >= requestsMin) {
    const indexes = requests.flatMap((each) => each.indexes);
    const { call } = requests[0]!;
    const words = `${requests.length} requests that came in started a program by ${call} ${indexes.length} times.`;
    return [{ place, events: sample(indexes), count: indexes.length, words }];
  }
  const [worst] = [...starts].toSorted(([, left], [, right]) => right.indexes.length - left.indexes.length);
  if (worst === undefined || worst[1].indexes.length < startsPerTaskMin) return [];
  const [task, { call, indexes }] = worst;
  return [
    {
      place,
      events: sample(indexes),
      count: indexes.length,
      words: `${task} started a program by ${call} ${indexes.length} times.`,
    },
  ];
}

/** Tasks of a server are named by the request that they answer, and a digest that tells requests of one name apart. */
function isOfRequest(taskName: string): boolean {
  return /\)~[0-9a-f]{8}(?:\/|$)/.test(taskName);
}

/** Without the digest. */
function placeOfTask(taskName: string): string {
  return pattern(taskName.replace(/~[0-9a-f]{8}/, ""));
}

interface Starter {
  readonly process: string;
  readonly taskName: string;
  readonly task: string;
  /** As `git.commit`. */
  readonly call: string;
}

/** The task that started a program: the program's own operation has the site of its start as its key. */
function starterOf({ op }: ChangeEvent): Starter | undefined {
  const [, process, life, taskName, call] = /^([^@]+)@(\d+)\/(.+)\/([\w.-]+)\(.*\)#\d+$/.exec(op?.key ?? "") ?? [];
  // Programs that programs start are not for the system to change.
  if (process === undefined || taskName === undefined || call === undefined || process.startsWith("program:"))
    return undefined;
  return { process, taskName, task: `${process}@${life}/${taskName}`, call };
}
