import type { FileCall } from "../../ports/files.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Guard } from "../guard.ts";
import { RunStop } from "../runs/run-stop.ts";
import { claimPath } from "./claim-files.ts";

/** The right to act for a scope, for as long as it is renewed. */
export interface Lease extends Guard {
  readonly scope: string;
  readonly generation: number;
  readonly ttlMs: number;
  /** The owner before did not give it back: it may have left something running. */
  readonly takeover: boolean;
  /** Renews until the release or the loss. Call once, with a handle of its own. */
  keep(ports: Ports): void;
  /** Gives the scope back, unless the lease is lost. Nothing may be under way for the scope. */
  release(ports: Ports): Promise<void>;
}

export interface HeldLeaseOptions {
  readonly scope: string;
  readonly generation: number;
  readonly ttlMs: number;
  readonly takeover: boolean;
  /** The folder of the scope's claims. */
  readonly folder: string;
  /** Monotonic. */
  readonly validUntilMs: number;
}

/**
 * A lease that a claim file of its generation stands for. Its owner trusts it for `ttlMs` from before the claim or
 * renewal left; another process takes over only when it saw no renewal for a quarter longer than that. Renewing an
 * expired lease would therefore be a lie: it is lost instead.
 */
export class HeldLease implements Lease {
  readonly scope: string;
  readonly generation: number;
  readonly ttlMs: number;
  readonly takeover: boolean;

  private readonly folder: string;
  private readonly call: FileCall;
  private readonly ports: Ports;
  private readonly work = new AbortController();
  private readonly keeper = new AbortController();
  private keeping: Promise<void> | undefined;
  private validUntilMs: number;
  private lostReason: string | undefined;

  constructor(ports: Ports, options: HeldLeaseOptions) {
    this.ports = ports;
    this.scope = options.scope;
    this.generation = options.generation;
    this.ttlMs = options.ttlMs;
    this.takeover = options.takeover;
    this.folder = options.folder;
    this.validUntilMs = options.validUntilMs;
    this.call = { key: `claim:${options.scope}` };
  }

  get signal(): AbortSignal {
    return this.work.signal;
  }

  require(marginMs: number): void {
    if (this.lostReason === undefined) {
      const leftMs = this.validUntilMs - this.ports.clock.monotonicMs();
      if (leftMs >= marginMs) return;
      this.lose(leftMs > 0 ? "too little time left" : "expired");
    }
    throw new RunStop({ kind: "lost", reason: this.lostReason! });
  }

  keep(ports: Ports): void {
    this.keeping ??= this.renewUntilReleased(ports);
  }

  async release(ports: Ports): Promise<void> {
    this.keeper.abort(reasonOfEnd);
    await this.keeping;
    if (this.lostReason !== undefined) return;
    if (ports.clock.monotonicMs() >= this.validUntilMs) return this.lose("expired");
    this.lostReason = "released";
    const path = claimPath(this.folder, this.generation, "released");
    let answer = await ports.files.write(path, "", this.call);
    // An unreleased claim costs the next owner a whole term of waiting, so one more try is cheap.
    if (answer.kind !== "ok") answer = await ports.files.write(path, "", this.call);
    if (answer.kind === "ok") ports.log.event("lease.released", { scope: this.scope, generation: this.generation });
  }

  private async renewUntilReleased(ports: Ports): Promise<void> {
    let waitMs = this.ttlMs / 3;
    while (await ports.clock.sleep(waitMs, { key: "renewal", signal: this.keeper.signal })) {
      if (this.lostReason !== undefined) return;
      waitMs = (await this.renew(ports)) ? this.ttlMs / 3 : this.ttlMs / 12;
      if (this.keeper.signal.aborted) return;
    }
  }

  /** @returns false when it could not be renewed this time, or is lost */
  private async renew(ports: Ports): Promise<boolean> {
    const beforeMs = ports.clock.monotonicMs();
    if (beforeMs >= this.validUntilMs) return this.loseNow("expired");
    const beats = claimPath(this.folder, this.generation, "beats");
    const beat = await ports.files.write(beats, ".", { ...this.call, mode: "append" });
    if (ports.clock.monotonicMs() >= this.validUntilMs) return this.loseNow("renewed too late");
    if (beat.kind !== "ok") return false;
    const next = await ports.files.stat(claimPath(this.folder, this.generation + 1, "claim"), this.call);
    if (next.kind === "ok") return this.loseNow("taken over");
    if (ports.clock.monotonicMs() >= this.validUntilMs) return this.loseNow("renewed too late");
    if (next.error.code !== "ENOENT") return false;
    this.validUntilMs = beforeMs + this.ttlMs;
    return true;
  }

  private loseNow(reason: string): false {
    if (this.lostReason === undefined) this.lose(reason);
    return false;
  }

  private lose(reason: string): void {
    this.lostReason = reason;
    this.keeper.abort(reasonOfEnd);
    this.work.abort(reasonOfEnd);
    this.ports.log.event("lease.lost", { scope: this.scope, generation: this.generation, reason });
  }
}

/** Nobody reads it. Without one, each abort makes an exception with a stack. */
const reasonOfEnd = "the lease ended";
