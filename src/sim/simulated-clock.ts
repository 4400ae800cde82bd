import type { ClockPort, SleepOptions } from "../ports/clock.ts";
import { Call, never, type CallContext } from "./call.ts";

/** Timers fire late, never early: an event loop that is busy, a machine that is slow. */
const timerSlackUs = 5_000;

export class SimulatedClock implements ClockPort {
  private readonly context: CallContext;

  constructor(context: CallContext) {
    this.context = context;
  }

  nowMs(): number {
    const { world, incarnation } = this.context;
    return incarnation.process.clock.wallMs(world.kernel.nowUs);
  }

  monotonicMs(): number {
    const { world, incarnation } = this.context;
    return incarnation.process.clock.monotonicMs(world.kernel.nowUs);
  }

  sleep(durationMs: number, options: SleepOptions = {}): Promise<boolean> {
    if (this.context.incarnation.state === "dead") return never();
    if (options.signal?.aborted === true) return Promise.resolve(false);
    return new Sleep(this.context, durationMs, options).send();
  }
}

class Sleep extends Call<boolean> {
  private readonly durationMs: number;
  private readonly signal: AbortSignal | undefined;
  private aborted = false;

  constructor(context: CallContext, durationMs: number, options: SleepOptions) {
    super(context, "clock.sleep", options.key ?? "", "clock");
    this.durationMs = durationMs;
    this.signal = options.signal;
  }

  override get isTimer(): boolean {
    return true;
  }

  protected override leave(): void {
    const { world, incarnation } = this.context;
    world.kernel.schedule(this, incarnation.process.clock.trueUs(this.durationMs), timerSlackUs);
    this.signal?.addEventListener("abort", this.onAbort);
  }

  override fire(): void {
    this.signal?.removeEventListener("abort", this.onAbort);
    this.finish("ok", this.aborted ? "aborted" : "", !this.aborted);
  }

  private readonly onAbort = (): void => {
    if (this.queueIndex === -1) return;
    this.aborted = true;
    this.world.kernel.cancel(this);
    this.world.kernel.schedule(this, 0, 0);
  };
}
