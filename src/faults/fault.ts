import type { JsonObject } from "../base/json.ts";

/**
 * What goes wrong, as data. Each kind says whether the effect of the struck operation happens:
 * `none`, `done` (the caller does not learn it), or `later`.
 */
export type FaultSpec =
  // Delivery: requests of processes to services, and of services to processes (webhooks).
  /** none; the caller waits until its time limit */
  | { readonly kind: "request-lost" }
  /** none; the caller learns it */
  | { readonly kind: "refused" }
  /** done; the caller waits until its time limit */
  | { readonly kind: "answer-lost" }
  /** done; the connection breaks when the answer should come */
  | { readonly kind: "answer-reset" }
  /** later */
  | { readonly kind: "request-delayed"; readonly delayMs: number }
  /** done */
  | { readonly kind: "answer-delayed"; readonly delayMs: number }
  /** done, twice */
  | { readonly kind: "request-duplicated"; readonly afterMs: number }
  /** done; the body stops early */
  | { readonly kind: "answer-truncated"; readonly keepPermille: number }
  /** none or done; a proxy answers instead */
  | {
      readonly kind: "answered-with";
      readonly status: number;
      readonly effect: "none" | "done";
      readonly retryAfterS?: number;
    }
  /** none; nothing passes between this process and this service for a while, in one direction or both */
  | { readonly kind: "partition"; readonly durationMs: number; readonly direction: "both" | "requests" | "answers" }
  /** A failure of the service itself, by the name the service gives it. */
  | { readonly kind: "service-fault"; readonly name: string }
  // Disk
  /** none */
  | { readonly kind: "disk-fails"; readonly code: "EIO" | "ENOSPC" }
  /** a prefix is written, then EIO: unknown to the caller */
  | { readonly kind: "write-torn"; readonly keepPermille: number }
  /** the file has lost its end before it is read */
  | { readonly kind: "file-truncated"; readonly keepPermille: number }
  /** none for a write: from here on, for a while, the disk takes no more content */
  | { readonly kind: "disk-full"; readonly durationMs: number }
  /** done, late */
  | { readonly kind: "disk-slow"; readonly delayMs: number }
  // Programs
  /** none */
  | { readonly kind: "spawn-fails"; readonly code: "ENOENT" | "EACCES" | "EAGAIN" | "EMFILE" }
  /** The program runs, but badly; `behaviour` is what the fake program offers. */
  | { readonly kind: "program-misbehaves"; readonly behaviour: JsonObject }
  // Processes and clocks
  /** `before` the operation leaves, when it is on its way (`during`), or when its answer arrives (`after`) */
  | { readonly kind: "kill"; readonly when: Moment; readonly restartAfterMs: number }
  | { readonly kind: "host-crash"; readonly when: Moment; readonly restartAfterMs: number }
  /** The process stands still when the answer arrives. */
  | { readonly kind: "pause"; readonly durationMs: number }
  | { readonly kind: "clock-jump"; readonly byMs: number };

export type Moment = "before" | "during" | "after";

export type FaultKind = FaultSpec["kind"];

/** A fault at its place. A fault plan is a list of these, at most one for each site. */
export type Fault = FaultSpec & { readonly site: string };

/** Where a fault may strike: the kind of operation. */
export type Seam = "board" | "model" | "webhook" | "service" | "disk-read" | "disk-write" | "spawn" | "clock";

/** Which faults make up a family, and so are switched on and off together. */
export type FaultFamily = "delivery" | "board" | "model" | "disk" | "program" | "crash" | "clock";

export const familyOf: Readonly<Record<FaultKind, FaultFamily>> = {
  "request-lost": "delivery",
  refused: "delivery",
  "answer-lost": "delivery",
  "answer-reset": "delivery",
  "request-delayed": "delivery",
  "answer-delayed": "delivery",
  "request-duplicated": "delivery",
  "answer-truncated": "delivery",
  "answered-with": "delivery",
  partition: "delivery",
  "service-fault": "board",
  "disk-fails": "disk",
  "write-torn": "disk",
  "file-truncated": "disk",
  "disk-full": "disk",
  "disk-slow": "disk",
  "spawn-fails": "program",
  "program-misbehaves": "program",
  kill: "crash",
  "host-crash": "crash",
  pause: "clock",
  "clock-jump": "clock",
};
