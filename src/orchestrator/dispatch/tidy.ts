import type { Ports } from "../../ports/ports.ts";
import type { CardRow } from "../board/rows.ts";
import { referenceOf, scopeOf } from "../decide/reference.ts";
import { endLeftChildren } from "../runs/left-children.ts";
import { RunStop } from "../runs/run-stop.ts";
import type { Dispatcher } from "./dispatcher.ts";

/**
 * Claims that an owner did not give back, because it died with its work done or its card was taken away from under it.
 * Nobody else would come for them, and a program may still be running behind them. Looked for when the process starts
 * and from time to time; each is watched until its owner gives it back or falls silent.
 */
export class Tidying {
  private readonly dispatcher: Dispatcher;
  private readonly watched = new Set<string>();
  private nextLookMs: number | undefined;

  constructor(dispatcher: Dispatcher) {
    this.dispatcher = dispatcher;
  }

  async run(ports: Ports, cards: readonly CardRow[]): Promise<void> {
    const nowMs = ports.clock.monotonicMs();
    if (this.nextLookMs === undefined || nowMs >= this.nextLookMs) {
      this.nextLookMs = nowMs + this.dispatcher.policies.limits.tidyIntervalMs;
      await this.look(ports, cards);
    }
    for (const scope of this.watched) await this.tidy(ports, scope);
  }

  private async look(ports: Ports, cards: readonly CardRow[]): Promise<void> {
    for (const scope of new Set(cards.map((card) => scopeOf(referenceOf(card))))) {
      if (await this.dispatcher.claims.isHeld(ports, scope)) this.watched.add(scope);
    }
  }

  private async tidy(ports: Ports, scope: string): Promise<void> {
    const { claims, records, policies } = this.dispatcher;
    if (!(await claims.isHeld(ports, scope))) {
      this.watched.delete(scope);
      return;
    }
    const acquired = await claims.acquire(ports, scope);
    if (acquired.kind === "busy") return;
    const { lease } = acquired;
    try {
      await endLeftChildren(ports, { records, lease, diskMarginMs: policies.limits.diskMarginMs });
    } catch (error) {
      if (!(error instanceof RunStop)) throw error;
    } finally {
      await lease.release(ports);
    }
  }
}
