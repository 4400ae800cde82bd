import type { JsonObject } from "../base/json.ts";
import type { GitChange } from "../history/changes.ts";
import type { HttpHeaders, IncomingRequest } from "../ports/http.ts";
import type { Change } from "../ports/service.ts";

/** What is told of one run, in whichever fidelity: seen from outside of the system, and the same way in each. */
export interface Recording {
  /** In the order in which services began to serve them. */
  readonly exchanges: readonly RecordedExchange[];
  /** What changed at the services, in order. */
  readonly changes: readonly RecordedChange[];
  /** What the board itself sent, and how it was answered. */
  readonly webhooks: readonly RecordedWebhook[];
  readonly starts: readonly ProgramStart[];
  readonly commits: readonly Commit[];
  readonly lives: readonly LifeEvent[];
  /** What the system has written: text by path as the simulation names it, null for what is gone. */
  readonly files: ReadonlyMap<string, string | null>;
  /** The system did something a moment ago: it may not have come to the end of it. */
  readonly isAtWork: boolean;
  /** As `summariseBoard` tells of it, at the end. */
  readonly board: JsonObject;
  /** What a fake could not do. */
  readonly unmodelled: readonly string[];
  /** What stands for what in texts of this run, longest first: addresses and folders by their names in a simulation. */
  readonly places: readonly (readonly [here: string, simulated: string])[];
}

/** A request as a service got it, with what came of it. */
export interface RecordedExchange {
  readonly service: string;
  readonly process: string;
  readonly request: IncomingRequest;
  /** How many changes there were when it began. */
  readonly changesBefore: number;
  /** How many there were when it was answered; undefined until then. */
  changesAfter?: number;
  /** How many of these are its own. */
  ownChanges: number;
  /** Absent when it was not answered in time, or its connection broke. */
  answer?: RecordedAnswer;
}

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly text: string;
}

export interface RecordedChange {
  readonly service: string;
  readonly process: string;
  readonly change: Change;
}

export interface RecordedWebhook {
  /** As `webhook.task.create`. */
  readonly name: string;
  /** A status, or an error code; undefined when the end of the run came first. */
  result?: string;
}

export interface ProgramStart {
  readonly name: string;
  /** Of the system; `unknown` where the machine does not say. */
  readonly process: string;
  /** Undefined where the machine does not say. */
  readonly args: readonly string[] | undefined;
}

/** What git was told to keep. Its own name has moments in it. */
export interface Commit {
  readonly branch: string;
  readonly message: string;
  /** Paths that it changed. */
  readonly changed: readonly string[];
}

export interface LifeEvent {
  readonly process: string;
  readonly what: "crash" | "finish";
  readonly reason: string;
}

/** Undefined for a change of anything else. */
export function commitOf(change: Change): Commit | undefined {
  if (change.store !== "git" || change.type !== "commit") return undefined;
  const { branch, message, changed } = change as unknown as GitChange;
  return { branch, message, changed: Object.keys(changed).toSorted() };
}
