import { createLogUpdate } from "log-update";
import type { Segment } from "../../campaign/explore-seeds.ts";
import type { Failure } from "../../campaign/failure.ts";
import type { Tally } from "../../campaign/tally.ts";
import { noPaint, type Paint } from "../../report/paint.ts";
import { plainLine } from "../../report/plain-line.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { Host } from "../host.ts";
import type { Progress } from "../progress.ts";
import { terminalPaint } from "../terminal-paint.ts";
import { liveLines, type LiveStanding } from "./live-lines.ts";
import { LiveTotals } from "./live-totals.ts";
import type { ProgressOptions } from "./start-progress.ts";
import { holdTerminal, type Key, type Terminal } from "./terminal.ts";

/** Draws a campaign at the foot of the terminal, five times a second, and obeys its keys. */
export class LiveProgress implements Progress {
  private readonly options: ProgressOptions;
  private readonly terminal: Terminal;
  private readonly totals: LiveTotals;
  private readonly paint: Paint;
  private readonly block: ReturnType<typeof createLogUpdate>;
  private readonly timer: NodeJS.Timeout;
  private readonly giveBack: () => void;
  private isTelling = false;
  private showsHelp = false;
  private isStopped = false;

  constructor(options: ProgressOptions, terminal: Terminal) {
    this.options = options;
    this.terminal = terminal;
    this.totals = new LiveTotals(options.plan);
    this.paint = terminal.hasColours ? terminalPaint : noPaint;
    // The cursor is hidden and shown by who holds the terminal.
    this.block = createLogUpdate(screenOf(options.host, terminal), { showCursor: true });
    this.giveBack = holdTerminal({
      terminal,
      write: options.host.writeError,
      onKey: (key) => this.obey(key),
      onResized: () => this.draw(),
      onResumed: () => {
        // Begins a new block: the old one is part of what the terminal has shown.
        this.block.done();
        this.draw();
      },
      fullScreen: false,
    });
    this.timer = setInterval(() => this.draw(), redrawMs);
  }

  begin(scenario: Scenario, recorded?: Tally): void {
    this.isTelling = false;
    this.totals.begin(scenario, recorded);
    this.draw();
  }

  add(runs: number, ops: number, failures: number, segments: readonly Segment[]): void {
    this.totals.add(runs, ops, failures, segments);
  }

  fail(failure: Failure): void {
    this.totals.fail(failure);
    this.draw();
  }

  end(seeds: number): void {
    this.isTelling = true;
    this.totals.end(seeds);
  }

  clear(): void {
    this.block.clear();
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
    this.clear();
    this.giveBack();
  }

  private draw(): void {
    const { controls } = this.options;
    const figures = this.totals.figures(controls.stopwatch.elapsedMs());
    this.block(liveLines(figures, this.standing(), this.terminal.size(), this.paint).join("\n"));
  }

  private standing(): LiveStanding {
    const { controls } = this.options;
    const busy = this.isTelling ? "telling" : "exploring";
    const phase = controls.stopped.aborted ? "stopping" : controls.isPaused ? "paused" : busy;
    return { phase, hasKeys: this.terminal.keyboard !== undefined, showsHelp: this.showsHelp };
  }

  private obey({ name }: Key): void {
    const { controls } = this.options;
    switch (name) {
      case "ctrl-c":
        this.terminal.interrupt();
        break;
      case "s":
      case "q":
        controls.stop();
        break;
      case "p":
      case "space":
        if (controls.isPaused) controls.resume();
        else controls.pause();
        break;
      case "o":
        void this.tellLast();
        break;
      case "?":
        this.showsHelp = !this.showsHelp;
        break;
    }
    this.draw();
  }

  /** Above the block, where it stays. Whatever is wrong with the telling, the campaign goes on. */
  private async tellLast(): Promise<void> {
    const { lastFailure } = this.totals;
    const lines =
      lastFailure === undefined
        ? ["No run has failed so far."]
        : await this.options.tell(lastFailure, this.paint).catch((error: unknown) => [cannotTell(error)]);
    if (this.isStopped) return;
    this.clear();
    this.options.host.writeError(`${lines.join("\n")}\n\n`);
    this.draw();
  }
}

function cannotTell(error: unknown): string {
  return `The last failure cannot be told: ${plainLine(error instanceof Error ? error.message : String(error), 300)}`;
}

/** What log-update needs of a stream. */
function screenOf(host: Host, terminal: Terminal): NodeJS.WritableStream {
  const screen = {
    isTTY: true,
    write: host.writeError,
    get columns() {
      return terminal.size().columns;
    },
    get rows() {
      return terminal.size().rows;
    },
  };
  return screen as unknown as NodeJS.WritableStream;
}

const redrawMs = 200;
