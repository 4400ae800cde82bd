import { hash32 } from "../base/digest.ts";
import { Operation } from "./operation.ts";

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

  private readonly latest = new Map<string, Map<string, Operation>>();
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
    let byKey = this.latest.get(name);
    if (byKey === undefined) this.latest.set(name, (byKey = new Map()));
    const before = byKey.get(key);
    if (before?.pending === true) throw new AmbiguousSite(before.site);
    const operation = new Operation(id, this, name, key, before === undefined ? 0 : before.occurrence + 1);
    byKey.set(key, operation);
    return operation;
  }

  /** How many draws for this purpose came before, in this task. */
  countDraw(purpose: string): number {
    this.drawCounts ??= new Map();
    const count = this.drawCounts.get(purpose) ?? 0;
    this.drawCounts.set(purpose, count + 1);
    return count;
  }
}

/** Two operations of one name and key are pending at once in one task. Fork the handle to tell them apart. */
export class AmbiguousSite extends Error {
  override readonly name = "AmbiguousSite";
  readonly site: string;

  constructor(site: string) {
    super(`two operations of site ${site} are pending at once`);
    this.site = site;
  }
}
