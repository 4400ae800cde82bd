import type { JsonObject } from "../base/json.ts";
import type { FaultSpec, Seam } from "../faults/fault.ts";
import type { EventPlace } from "./incident-event.ts";

/**
 * A fault that the logs show. What they leave open, which of several faults looked so and at which of several operations it
 * struck, is for the search to draw.
 */
export interface LoggedFault {
  /** As `the board did not answer`. */
  readonly words: string;
  readonly evidence: Pick<EventPlace, "source" | "line" | "atMs">;
  /** Any of these looks like that; at least one, unless there is a menu. */
  readonly specs: readonly FaultSpec[];
  /** By where it strikes, for what only its consequence is known of. */
  readonly menu?: Readonly<Record<Seam, readonly FaultSpec[]>>;
  /** It may also have been nothing of the kind, but an order of steps: some runs do without it. */
  readonly isDoubtful?: boolean;
  /** Where it may strike; anywhere when empty. */
  readonly seams: readonly Seam[];
  /** The operation, where the logs name it. */
  readonly operation: { readonly name: string; readonly key: string } | undefined;
  /** How many operations that fit may pass before it strikes, at most. */
  readonly passedMax: number;
  /** It struck after this, and whoever said so. */
  readonly after: Anchor | undefined;
}

/** An event of the orchestrator that a simulation shows as well. */
export interface Anchor {
  readonly name: string;
  /** What it said, as far as it is the same in a simulation. */
  readonly fields: JsonObject;
  /** How many equal ones there were before it. */
  readonly occurrence: number;
}

/** What the logs would show if it had happened: the search leaves these faults out, but for those that they do show. */
export interface ShownKinds {
  /** The orchestrator logs tell when a process starts and stops. */
  readonly crashes: boolean;
  /** There is a log of deliveries beside one of the board. */
  readonly webhooks: boolean;
  /** There are traces of every request to models. */
  readonly answers: boolean;
  /** Operations that failed were written down one by one. */
  readonly operations: boolean;
}

/** Whether the logs would have shown this fault here. */
export function isShown(shown: ShownKinds, { kind }: FaultSpec, seam: Seam): boolean {
  if (kind === "kill" || kind === "host-crash") return shown.crashes;
  // What goes wrong between two processes and is made good without either of them noticing, no log has.
  const isSilent = kind === "request-delayed" || kind === "answer-delayed" || kind === "request-duplicated";
  if (seam === "webhook") return shown.webhooks;
  if (isSilent || kind === "pause" || kind === "clock-jump") return false;
  return (seam === "model" && shown.answers) || shown.operations;
}
