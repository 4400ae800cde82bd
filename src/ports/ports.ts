import type { ClockPort } from "./clock.ts";
import type { FilesPort } from "./files.ts";
import type { HttpPort } from "./http.ts";
import type { LogPort } from "./log.ts";
import type { RandomPort } from "./random.ts";
import type { SubprocessPort } from "./subprocess.ts";

/**
 * All of the world that one process can reach. There is no second door.
 *
 * A handle is bound to one task: one causal chain, named by its cause. What is called through the handle belongs to
 * that task, however deep the await chain. Two calls of one name and key may not be pending at once in one task;
 * `fork` gives concurrent chains names of their own.
 */
export interface Ports {
  readonly clock: ClockPort;
  readonly random: RandomPort;
  readonly http: HttpPort;
  readonly files: FilesPort;
  readonly subprocess: SubprocessPort;
  readonly log: LogPort;
  /** A handle for a task of its own. `name` must come from the cause (card and lane, scheduled tick), never from an arrival count. */
  fork(name: string): Ports;
}

/**
 * How a call is named in logs, traces and fault sites.
 * `key` is the resource in the words of the workload (card reference, story, path): never an id the service gave out.
 */
export interface CallLabel {
  /** As `board.getTask`. */
  readonly name?: string;
  readonly key?: string;
}
