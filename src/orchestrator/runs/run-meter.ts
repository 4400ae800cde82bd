import type { Ports } from "../../ports/ports.ts";
import type { Lease } from "../claims/lease.ts";
import type { Limits } from "../limits.ts";
import type { OpenRecord } from "./run-records.ts";
import { fail } from "./run-stop.ts";

/**
 * The lease of a run that also knows how long the run may take and how much it may ask of the board. Looked at before
 * each effect, so a run can pass its time by one effect's own time limit. What shows a failure is exempt.
 */
export class RunMeter implements Lease {
  private readonly lease: Lease;
  private readonly ports: Ports;
  private readonly limits: Limits;
  private readonly reference: string;
  private readonly record: OpenRecord;
  private agent = "";
  private agentStartMs: number;
  private boardCalls = 0;
  private isExempt = false;

  constructor(lease: Lease, run: { ports: Ports; limits: Limits; record: OpenRecord }) {
    this.lease = lease;
    this.ports = run.ports;
    this.limits = run.limits;
    this.reference = run.record.value.reference;
    this.record = run.record;
    this.agentStartMs = run.ports.clock.monotonicMs();
  }

  get scope(): string {
    return this.lease.scope;
  }

  get generation(): number {
    return this.lease.generation;
  }

  get ttlMs(): number {
    return this.lease.ttlMs;
  }

  get takeover(): boolean {
    return this.lease.takeover;
  }

  get signal(): AbortSignal {
    return this.lease.signal;
  }

  beginAgent(agent: string): void {
    this.agent = agent;
    this.agentStartMs = this.ports.clock.monotonicMs();
  }

  /** From now on the failure is shown, whatever that takes. */
  exempt(): void {
    this.isExempt = true;
  }

  require(marginMs: number): void {
    this.lease.require(marginMs);
    if (this.isExempt) return;
    const { agentMsMax, causeMsMax } = this.limits;
    const agentMs = this.ports.clock.monotonicMs() - this.agentStartMs;
    if (agentMs > agentMsMax)
      this.stop("agentMsMax", agentMs, `${this.agent} is at work for ${seconds(agentMs)}`, seconds(agentMsMax));
    const { workedMs } = this.record;
    if (workedMs > causeMsMax) {
      this.stop("causeMsMax", workedMs, `all attempts together took ${seconds(workedMs)}`, seconds(causeMsMax));
    }
  }

  /** Before each call of the board, repeated ones too. */
  countBoardCall(): void {
    this.boardCalls += 1;
    const { boardCallsPerRunMax } = this.limits;
    if (this.isExempt || this.boardCalls <= boardCallsPerRunMax) return;
    this.stop(
      "boardCallsPerRunMax",
      this.boardCalls,
      `the board was asked ${boardCallsPerRunMax} times`,
      `${boardCallsPerRunMax} calls`,
    );
  }

  keep(ports: Ports): void {
    this.lease.keep(ports);
  }

  release(ports: Ports): Promise<void> {
    return this.lease.release(ports);
  }

  private stop(limit: keyof Limits, value: number, why: string, allowed: string): never {
    this.ports.log.event("limit.reached", { limit, card: this.reference, value: Math.round(value) });
    fail(
      "the run came to a limit",
      `${why}; ${allowed} are allowed`,
      "Look at what it was busy with, then move the card back into this lane.",
    );
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
