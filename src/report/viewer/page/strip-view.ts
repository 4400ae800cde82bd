import { element } from "./element.ts";
import { isMark } from "./event-filter.ts";
import { prepareCanvas, readPalette } from "./palette.ts";
import type { Run } from "./run.ts";

export interface StripOptions {
  readonly run: Run;
  readonly stepsMax: number;
  readonly violationAt: number | undefined;
  readonly differsFrom: number | undefined;
  readonly onSelect: (step: number) => void;
  readonly describe: (step: number) => string;
}

/** The whole run on one strip, each event as far from the next: a map of the lanes that is a slider as well. */
export class StripView {
  readonly root: HTMLElement;
  private readonly canvas = element("canvas", { "aria-hidden": "true" });
  private readonly slider: HTMLInputElement;
  private readonly options: StripOptions;

  constructor(options: StripOptions) {
    this.options = options;
    this.slider = element("input", {
      type: "range",
      min: "0",
      max: String(options.stepsMax),
      step: "1",
      "aria-label": "Step of the run",
    });
    this.slider.addEventListener("input", () => options.onSelect(Number(this.slider.value)));
    this.root = element("div", { class: "strip" }, this.canvas, this.slider);
  }

  show(step: number): void {
    this.slider.value = String(step);
    this.slider.setAttribute("aria-valuetext", this.options.describe(step));
  }

  refresh(): void {
    const width = this.root.clientWidth;
    const height = this.root.clientHeight;
    if (width === 0) return;
    const { run, stepsMax, violationAt, differsFrom } = this.options;
    const palette = readPalette();
    const context = prepareCanvas(this.canvas, width, height);
    const laneHeight = (height - 8) / run.lanes.length;
    // The thumb stands on the middle of its width: so does each event.
    const xOf = (step: number): number => thumbPx / 2 + (step / Math.max(1, stepsMax)) * (width - thumbPx);
    if (differsFrom !== undefined) {
      context.fillStyle = palette.accent;
      context.globalAlpha = 0.08;
      context.fillRect(xOf(differsFrom), 0, width, height);
      context.globalAlpha = 1;
    }
    const drawn = new Set<number>();
    for (const [index, event] of run.events.entries()) {
      if (event.kind === "sent" || event.kind === "effect") continue;
      const x = Math.round(xOf(index));
      const lane = run.laneOf[index]!;
      // Thousands of events fall on one pixel; one of a kind is enough.
      const place = (x * run.lanes.length + lane) * 4 + (event.kind === "change" ? 1 : event.kind === "note" ? 2 : 0);
      if (drawn.has(place)) continue;
      drawn.add(place);
      context.fillStyle =
        event.kind === "change" ? palette.change : event.kind === "note" ? palette.note : palette.call;
      context.globalAlpha = event.kind === "answered" ? 0.45 : 1;
      context.fillRect(x, 4 + lane * laneHeight, 1.5, Math.max(1.5, laneHeight - 1));
    }
    context.globalAlpha = 1;
    context.fillStyle = palette.bad;
    for (const [index, event] of run.events.entries())
      if (isMark(event)) context.fillRect(xOf(index) - 1, 0, 2, height);
    if (violationAt !== undefined) context.fillRect(xOf(violationAt) - 2, 0, 4, height);
  }
}

/** As wide as the style makes it. */
const thumbPx = 14;
