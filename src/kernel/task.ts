import { hash32 } from "../base/digest.ts";
import { callHashOf, Operation } from "./operation.ts";

/** One causal chain inside a process (or a service), named by its cause. It counts its operations by name and key. */
export class Task {
  /** The process, service or program it belongs to. */
  readonly owner: string;
  readonly incarnation: number;
  readonly name: string;
  /** `owner@incarnation/name`: how its sites begin. */
  readonly path: string;
  readonly siteHash: number;
  pendingCount = 0;

  /** The latest operation of each name and key, while they are few: most tasks have two or three, and there are many tasks. */
  private few: Operation[] | undefined = [];
  /** The same by hash, once they are many; those that have one hash in common stand under that and the next ones. */
  private many: Map<number, Operation> | undefined;
  private drawCounts: Map<string, number> | undefined;

  constructor(owner: string, incarnation: number, name: string) {
    this.owner = owner;
    this.incarnation = incarnation;
    this.name = name;
    this.path = `${owner}@${incarnation}/${name}`;
    this.siteHash = hash32(this.path);
  }

  /**
   * The next operation of that name and key.
   * @throws AmbiguousSite when the one before is still pending: which of the two is which would depend on the schedule
   */
  operation(id: number, name: string, key: string): Operation {
    const callHash = callHashOf(this, name, key);
    const before = this.latest(callHash, name, key);
    if (before?.pending === true) throw new AmbiguousSite(before.site);
    const operation = new Operation(id, this, name, key, before === undefined ? 0 : before.occurrence + 1, callHash);
    this.keep(operation, before);
    return operation;
  }

  private latest(callHash: number, name: string, key: string): Operation | undefined {
    if (this.few === undefined) return this.many!.get(this.placeOf(callHash, name, key));
    for (const operation of this.few) {
      if (operation.callHash === callHash && operation.name === name && operation.key === key) return operation;
    }
    return undefined;
  }

  private keep(operation: Operation, before: Operation | undefined): void {
    if (this.few !== undefined) {
      if (before !== undefined) this.few[this.few.indexOf(before)] = operation;
      else if (this.few.length < fewMax) this.few.push(operation);
      else {
        this.many = new Map();
        for (const each of this.few) this.file(each);
        this.few = undefined;
        this.file(operation);
      }
      return;
    }
    this.file(operation);
  }

  private file(operation: Operation): void {
    this.many!.set(this.placeOf(operation.callHash, operation.name, operation.key), operation);
  }

  /** Where the latest operation of that name and key stands in `many`, or would. */
  private placeOf(callHash: number, name: string, key: string): number {
    for (let place = callHash; ; place++) {
      const there = this.many!.get(place);
      if (there === undefined || (there.name === name && there.key === key)) return place;
    }
  }

  /** How many draws for this purpose came before, in this task. */
  countDraw(purpose: string): number {
    this.drawCounts ??= new Map();
    const count = this.drawCounts.get(purpose) ?? 0;
    this.drawCounts.set(purpose, count + 1);
    return count;
  }
}

const fewMax = 8;

/** Two operations of one name and key are pending at once in one task. Fork the handle to tell them apart. */
export class AmbiguousSite extends Error {
  override readonly name = "AmbiguousSite";
  readonly site: string;

  constructor(site: string) {
    super(`two operations of site ${site} are pending at once`);
    this.site = site;
  }
}
