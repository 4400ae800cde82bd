import { wholeNumber } from "../report/table.ts";
import type { Host } from "./host.ts";

const redrawMs = 200;
const plainLineMs = 5_000;

/** How far a campaign is, on standard error: a line that redraws on a terminal, a plain line now and then elsewhere. */
export class Progress {
  private readonly host: Host;
  private readonly seedsTotal: number | undefined;
  private readonly durationMs: number;
  private readonly startMs = performance.now();
  private readonly timer: NodeJS.Timeout;
  private scenario = "";
  private runs = 0;
  private ops = 0;
  private failures = 0;
  /** Seeds that will not be run: their scenario failed before. */
  private skipped = 0;
  private runsBefore = 0;

  /** @param seedsTotal undefined when time decides; then `durationMs` is the time */
  constructor(host: Host, seedsTotal: number | undefined, durationMs: number) {
    this.host = host;
    this.seedsTotal = seedsTotal;
    this.durationMs = durationMs;
    this.timer = setInterval(() => this.draw(), host.errorIsTerminal ? redrawMs : plainLineMs);
  }

  begin(scenario: string): void {
    this.scenario = scenario;
    this.runsBefore = this.runs;
  }

  add(runs: number, ops: number, failures: number): void {
    this.runs += runs;
    this.ops += ops;
    this.failures += failures;
  }

  /** The scenario is done, perhaps before its last seed. */
  end(seeds: number): void {
    if (this.seedsTotal !== undefined) this.skipped += Math.max(0, seeds - (this.runs - this.runsBefore));
  }

  /** Takes the line away, so that something else can be printed. */
  pause(): void {
    if (this.host.errorIsTerminal) this.host.writeError("\r\u001b[2K");
  }

  stop(): void {
    clearInterval(this.timer);
    this.pause();
  }

  private draw(): void {
    const line = this.line();
    this.host.writeError(this.host.errorIsTerminal ? `\r\u001b[2K${line}` : `${line}\n`);
  }

  private line(): string {
    const elapsedMs = performance.now() - this.startMs;
    const perSecond = (count: number): string => wholeNumber((count * 1000) / Math.max(1, elapsedMs));
    const total = this.seedsTotal === undefined ? "" : `/${wholeNumber(this.seedsTotal - this.skipped)}`;
    return [
      `${this.scenario}: ${wholeNumber(this.runs)}${total} runs`,
      `${perSecond(this.runs)} runs/s`,
      `${perSecond(this.ops)} ops/s`,
      `ETA ${Math.ceil(this.leftMs(elapsedMs) / 1000)} s`,
      `${this.failures} failed`,
    ].join(", ");
  }

  private leftMs(elapsedMs: number): number {
    if (this.seedsTotal === undefined) return Math.max(0, this.durationMs - elapsedMs);
    const left = this.seedsTotal - this.skipped - this.runs;
    return this.runs === 0 ? 0 : Math.max(0, (elapsedMs * left) / this.runs);
  }
}
