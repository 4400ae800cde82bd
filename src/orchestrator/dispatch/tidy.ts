import type { Ports } from "../../ports/ports.ts";
import type { CardRow } from "../board/rows.ts";
import type { Lease } from "../claims/lease.ts";
import { referenceOf, scopeOf } from "../decide/reference.ts";
import { endLeftChildren } from "../runs/left-children.ts";
import { RunStop } from "../runs/run-stop.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { RecordTidying } from "./tidy-records.ts";

/**
 * What earlier processes left behind in the state folder: claims that nobody gave back, programs behind them, records
 * and files that nobody will need. Looked for in the scopes of open cards, when the process starts and from time to
 * time. Costs no call of the board unless something is found.
 */
export class Tidying {
  private readonly dispatcher: Dispatcher;
  private readonly records: RecordTidying;
  /** Held when they were looked at: each is watched until its owner gives it back or falls silent. */
  private readonly watched = new Set<string>();
  private nextLookMs: number | undefined;

  constructor(dispatcher: Dispatcher) {
    this.dispatcher = dispatcher;
    this.records = new RecordTidying(dispatcher);
  }

  async run(ports: Ports, cards: readonly CardRow[]): Promise<void> {
    const nowMs = ports.clock.monotonicMs();
    if (this.nextLookMs === undefined || nowMs >= this.nextLookMs) {
      this.nextLookMs = nowMs + this.dispatcher.policies.limits.tidyIntervalMs;
      const scopes = new Set(cards.map((card) => scopeOf(referenceOf(card))));
      for (const scope of scopes) await this.look(ports, scope, cards);
    }
    for (const scope of this.watched) await this.takeOver(ports, scope);
  }

  private async look(ports: Ports, scope: string, cards: readonly CardRow[]): Promise<void> {
    if (await this.dispatcher.claims.look(ports, scope)) this.watched.add(scope);
    else if (await this.records.isUntidy(ports, scope, cards)) {
      await this.underLease(ports, scope, (lease) => this.records.tidy(ports, lease));
    }
  }

  /** Nobody else would come for a claim whose owner died with its work done, or its card taken away from under it. */
  private async takeOver(ports: Ports, scope: string): Promise<void> {
    const { claims, records, policies } = this.dispatcher;
    if (!(await claims.look(ports, scope))) {
      this.watched.delete(scope);
      return;
    }
    const { diskMarginMs } = policies.limits;
    await this.underLease(ports, scope, (lease) => endLeftChildren(ports, { records, lease, diskMarginMs }));
  }

  /** Without effect while somebody works there: it is looked at again. */
  private async underLease(ports: Ports, scope: string, work: (lease: Lease) => Promise<void>): Promise<void> {
    const acquired = await this.dispatcher.claims.acquire(ports, scope);
    if (acquired.kind === "busy") return;
    const { lease } = acquired;
    try {
      await work(lease);
    } catch (error) {
      if (!(error instanceof RunStop)) throw error;
    } finally {
      await lease.release(ports);
    }
  }
}
