import { hash32 } from "../base/digest.ts";
import { purpose, type Draws } from "../kernel/draws.ts";
import type { DeliveryFault } from "../serving/fault-spec.ts";
import type { Held } from "./boundary.ts";

/**
 * Kinds of trouble. `requests`: to the board and models. `streams`: the bodies of their answers. `webhooks`: from the
 * board. `kills`: SIGKILL, and a start again. `disk`: no room on it.
 */
export const faultFamilies = ["requests", "streams", "webhooks", "kills", "disk"] as const;
export type FaultFamily = (typeof faultFamilies)[number];

/** What befalls one arrival at the boundary. */
export interface PlannedFault {
  readonly site: string;
  readonly fault: LiveFault;
}

export type LiveFault = ArrivalFault | DiskFull;

/** What befalls who arrives, and nobody else. */
export type ArrivalFault =
  | DeliveryFault
  /** The process dies by SIGKILL where it asks: before its request has any effect, or when it has had all of it. */
  | { readonly kind: "kill"; readonly effect: "none" | "done" };

/** From this arrival on the disk of the run has no free page, for so long. */
export interface DiskFull {
  readonly kind: "disk-full";
  readonly durationMs: number;
}

/** Each member of a family that may befall what is held. Delays are shorter than most time limits. */
export function faultsFor({ kind }: Pick<Held, "kind">, families: readonly FaultFamily[]): readonly LiveFault[] {
  return families.flatMap((family) => (strikable[family].includes(kind) ? faultsOf[family] : []));
}

/** As many as asked for, each at a place of its own, among the arrivals of a run in which nothing went wrong. */
export function drawFaults(
  seen: readonly Pick<Held, "site" | "kind">[],
  {
    count,
    families,
    draws,
  }: { readonly count: number; readonly families: readonly FaultFamily[]; readonly draws: Draws },
): readonly PlannedFault[] {
  const places = seen.filter((held) => faultsFor(held, families).length > 0);
  const planned = new Map<string, LiveFault>();
  for (let number = 0; number < count && places.length > 0; number++) {
    const key = hash32(`fault ${number}`);
    const place = places[draws.int(key, purpose("place"), places.length)]!;
    const choices = faultsFor(place, families);
    planned.set(place.site, choices[draws.int(key, purpose("kind"), choices.length)]!);
  }
  return [...planned].map(([site, fault]) => ({ site, fault }));
}

const strikable: Readonly<Record<FaultFamily, readonly Held["kind"][]>> = {
  requests: ["request"],
  streams: ["request"],
  webhooks: ["webhook"],
  kills: ["request", "program"],
  disk: ["request", "program", "webhook"],
};

const requestFaults: readonly LiveFault[] = [
  { kind: "answer-lost" },
  { kind: "answer-reset" },
  { kind: "refused" },
  { kind: "request-duplicated", afterMs: 50 },
  { kind: "answered-with", status: 500, effect: "none" },
  { kind: "answered-with", status: 502, effect: "done" },
  { kind: "answered-with", status: 429, effect: "none", retryAfterS: 1 },
  { kind: "answer-truncated", keepPermille: 500 },
];

/** In the first event of a stream and in a later one. A whole answer is one event, and breaks in its middle. */
const streamFaults: readonly LiveFault[] = [
  { kind: "body-stalled", afterPieces: 0 },
  { kind: "body-stalled", afterPieces: 4 },
  { kind: "body-cut", afterPieces: 0 },
  { kind: "body-cut", afterPieces: 4 },
  { kind: "body-dripped", pieceChars: 32, everyMs: 50 },
];

const webhookFaults: readonly LiveFault[] = [
  { kind: "refused" },
  { kind: "request-duplicated", afterMs: 50 },
  { kind: "answer-lost" },
  { kind: "request-delayed", delayMs: 500 },
];

const killFaults: readonly LiveFault[] = [
  { kind: "kill", effect: "none" },
  { kind: "kill", effect: "done" },
];

/** For a moment, and to the end of the run. */
const diskFaults: readonly LiveFault[] = [
  { kind: "disk-full", durationMs: 500 },
  { kind: "disk-full", durationMs: 3_600_000 },
];

const faultsOf: Readonly<Record<FaultFamily, readonly LiveFault[]>> = {
  requests: requestFaults,
  streams: streamFaults,
  webhooks: webhookFaults,
  kills: killFaults,
  disk: diskFaults,
};
