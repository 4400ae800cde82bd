import { hash32, mix32 } from "../base/digest.ts";
import type { Task } from "./task.ts";

/**
 * One effect that leaves a process, under its stable name: `process@incarnation/task/name(key)#occurrence`.
 * The same site in two runs of one workload is the same logical operation, whatever the schedule.
 */
export class Operation {
  /** In order of sending; unique in a run. Not part of the name. */
  readonly id: number;
  readonly task: Task;
  readonly name: string;
  readonly key: string;
  readonly occurrence: number;
  readonly siteHash: number;
  /** Of task, name and key: the same for all occurrences. */
  readonly callHash: number;
  /** Whether the caller still waits. */
  pending = true;

  private siteText: string | undefined;

  constructor(
    id: number,
    task: Task,
    name: string,
    key: string,
    occurrence: number,
    callHash = callHashOf(task, name, key),
  ) {
    this.id = id;
    this.task = task;
    this.name = name;
    this.key = key;
    this.occurrence = occurrence;
    this.callHash = callHash;
    this.siteHash = mix32(callHash, occurrence);
  }

  get process(): string {
    return this.task.owner;
  }

  get incarnation(): number {
    return this.task.incarnation;
  }

  get taskName(): string {
    return this.task.name;
  }

  get site(): string {
    return (this.siteText ??= `${this.task.path}/${this.name}(${this.key})#${this.occurrence}`);
  }
}

/** Names a call in its task: all its occurrences have it in common. */
export function callHashOf(task: Task, name: string, key: string): number {
  return mix32(mix32(task.siteHash, nameHash(name)), hash32(key)) | 0;
}

/** Names are few and repeat in every operation. A cache, not state: it holds nothing a run could tell apart. */
const nameHashes = new Map<string, number>();

function nameHash(name: string): number {
  let hash = nameHashes.get(name);
  if (hash === undefined) {
    hash = hash32(name);
    if (nameHashes.size < 10_000) nameHashes.set(name, hash);
  }
  return hash;
}
