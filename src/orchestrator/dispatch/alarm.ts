import type { Ports } from "../../ports/ports.ts";

/** What the core needs and may have to do without for a while. */
export type AlarmName = "board" | `model ${string}`;

/**
 * One alarm for each trouble, however long it lasts: raised when a service has failed so often in a row, cleared when it
 * works again. Not for single failures, which are the daily business of retries.
 */
export class Alarm {
  private readonly name: AlarmName;
  private readonly failuresMin: number;
  private failures = 0;
  /** Wall clock of the first of the failures in a row. */
  private sinceMs = 0;

  /** @param failuresMin in a row, >= 1 */
  constructor(name: AlarmName, failuresMin: number) {
    this.name = name;
    this.failuresMin = failuresMin;
  }

  failed(ports: Ports, reason: string): void {
    this.failures += 1;
    if (this.failures === 1) this.sinceMs = ports.clock.nowMs();
    if (this.failures === this.failuresMin) {
      ports.log.event("alarm.raised", { alarm: this.name, since: this.sinceMs, reason });
    }
  }

  worked(ports: Ports): void {
    if (this.failures >= this.failuresMin) ports.log.event("alarm.cleared", { alarm: this.name, since: this.sinceMs });
    this.failures = 0;
  }
}
