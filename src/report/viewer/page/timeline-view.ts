import { plainLine } from "../../plain-line.ts";
import { virtualTime } from "../../virtual-time.ts";
import { element } from "./element.ts";
import { isMark } from "./event-filter.ts";
import { prepareCanvas, readPalette, type Palette } from "./palette.ts";
import type { Run, Span } from "./run.ts";
import { SpanIndex } from "./span-index.ts";
import { eventAt, timeAxis, type TimeAxis } from "./time-axis.ts";

export interface TimelineOptions {
  readonly run: Run;
  readonly told: ReadonlySet<number>;
  /** The event at which the violation shows; the number of events for the end; undefined for a run that held. */
  readonly violationAt: number | undefined;
  readonly violationText: string;
  /** From this event on the passing neighbour differs. */
  readonly differsFrom: number | undefined;
  readonly onSelect: (step: number) => void;
}

/**
 * The lanes of a run over time, drawn around the step that is looked at. Only what is in sight is drawn, so that the
 * length of a run does not matter. The list of events beside it has the same for keyboards and screen readers.
 */
export class TimelineView {
  readonly root: HTMLElement;
  private readonly canvas = element("canvas", { role: "img" });
  private readonly hint = element("div", { class: "hint", hidden: "" });
  private readonly options: TimelineOptions;
  private readonly axis: TimeAxis;
  private readonly spans: SpanIndex;
  private readonly causesByEvent = new Map<number, number[]>();
  private readonly livesByLane: ReadonlyMap<number, readonly LifeChange[]>;
  private palette: Palette = readPalette();
  private step = 0;
  private shown: ReadonlySet<number> | undefined;
  private zoom = 1;
  /** What stands at the left edge, in pixels at zoom 1. */
  private scrollX = 0;
  private width = 0;
  private frame = 0;

  constructor(options: TimelineOptions) {
    this.options = options;
    const { run } = options;
    this.axis = timeAxis(run.events);
    this.spans = new SpanIndex(run.spans, run.events.length);
    for (const { from, to } of run.causes) this.causesByEvent.set(from, [...(this.causesByEvent.get(from) ?? []), to]);
    this.livesByLane = livesOf(run);
    this.root = element("div", { class: "timeline" }, this.canvas, this.hint);
    this.canvas.setAttribute(
      "aria-label",
      `Lanes of ${run.lanes.map(({ name }) => plainLine(name, 60)).join(", ")} over virtual time. The list of events has the same as text.`,
    );
    this.listen();
  }

  show(step: number, shown: ReadonlySet<number> | undefined): void {
    this.step = step;
    this.shown = shown;
    this.reveal();
    this.draw();
  }

  zoomBy(factor: number): void {
    const at = this.xOf(this.step) - this.scrollX;
    const next = Math.min(zoomMax, Math.max(zoomMin, this.zoom * factor));
    // The step that is looked at stays where it is.
    this.scrollX = this.xOf(this.step) - (at * this.zoom) / next;
    this.zoom = next;
    this.keepInside();
    this.draw();
  }

  /** After a change of size or colours. */
  refresh(): void {
    this.palette = readPalette();
    this.width = this.root.clientWidth;
    this.canvas.style.height = `${this.height}px`;
    this.reveal();
    this.draw();
  }

  private get height(): number {
    return axisPx + this.options.run.lanes.length * this.laneHeight + bottomPx;
  }

  private get laneHeight(): number {
    if (this.isNarrow) return 34;
    return this.options.run.lanes.length > manyLanes ? 26 : 32;
  }

  private get isNarrow(): boolean {
    return this.width < 640;
  }

  private get labelWidth(): number {
    return this.isNarrow ? 0 : labelPx;
  }

  private laneY(lane: number): number {
    return axisPx + (lane + (this.isNarrow ? 0.62 : 0.5)) * this.laneHeight;
  }

  private xOf(step: number): number {
    const { xs, width } = this.axis;
    return xs[step] ?? width;
  }

  private screenX(step: number): number {
    return this.labelWidth + (this.xOf(step) - this.scrollX) * this.zoom;
  }

  /** Moves no further than needed to have the step in sight, with what comes before and after it. */
  private reveal(): void {
    const sight = (this.width - this.labelWidth) / this.zoom;
    const x = this.xOf(this.step);
    if (x < this.scrollX + sight * 0.15) this.scrollX = x - sight * 0.4;
    else if (x > this.scrollX + sight * 0.85) this.scrollX = x - sight * 0.6;
    this.keepInside();
  }

  private keepInside(): void {
    const sight = (this.width - this.labelWidth) / this.zoom;
    this.scrollX = Math.max(0, Math.min(this.scrollX, this.axis.width + endPx - sight));
  }

  private draw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.width > 0) this.drawNow();
    });
  }

  private drawNow(): void {
    const context = prepareCanvas(this.canvas, this.width, this.height);
    context.font = canvasFont;
    context.textBaseline = "middle";
    const sight = (this.width - this.labelWidth) / this.zoom;
    const from = Math.max(0, eventAt(this.axis.xs, this.scrollX) - 1);
    const to = Math.min(this.options.run.events.length - 1, eventAt(this.axis.xs, this.scrollX + sight) + 1);
    context.save();
    context.beginPath();
    context.rect(this.labelWidth - 4, 0, this.width, this.height);
    context.clip();
    this.drawGround(context, from, to);
    for (const index of this.spans.overlapping(from, to)) this.drawSpan(context, this.options.run.spans[index]!, index);
    this.drawCauses(context, from, to);
    for (let index = from; index <= to; index++) this.drawEvent(context, index);
    this.drawStep(context);
    this.drawViolation(context);
    context.restore();
    this.drawLabels(context);
  }

  private drawGround(context: CanvasRenderingContext2D, from: number, to: number): void {
    const { run, differsFrom } = this.options;
    if (differsFrom !== undefined && differsFrom < run.events.length) this.drawDifference(context, differsFrom);
    for (let lane = 0; lane < run.lanes.length; lane++) this.drawLane(context, lane);
    this.drawAxis(context, from, to);
  }

  /** Another ground from where the passing neighbour is not the same. */
  private drawDifference(context: CanvasRenderingContext2D, from: number): void {
    const { palette } = this;
    const begins = this.screenX(from) - 5;
    const left = Math.max(this.labelWidth - 4, begins);
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.07;
    context.fillRect(left, axisPx, this.width - left, this.height - axisPx);
    context.globalAlpha = 1;
    const isInSight = begins === left;
    if (isInSight) dashedLine(context, palette.accent, left, axisPx, left, this.height - bottomPx);
    const text = `the passing neighbour ${isInSight ? "differs from here" : "has differed by now"}`;
    context.fillText(text, left + 6, this.height - bottomPx / 2);
  }

  /** A process has a line while it lives, dashed while it stands still. */
  private drawLane(context: CanvasRenderingContext2D, lane: number): void {
    const { palette } = this;
    const y = this.laneY(lane);
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    line(context, this.labelWidth, y, this.width, y);
    const lives = this.livesByLane.get(lane);
    if (lives === undefined) return;
    for (const [index, { step, state }] of lives.entries()) {
      if (state === "gone") continue;
      const start = Math.max(this.labelWidth, this.screenX(step));
      const next = lives[index + 1];
      const end = Math.min(
        this.width,
        next === undefined ? this.screenX(this.options.run.events.length) : this.screenX(next.step),
      );
      if (end <= start) continue;
      context.strokeStyle = palette.soft;
      context.globalAlpha = 0.55;
      context.lineWidth = 3;
      context.setLineDash(state === "still" ? [2, 5] : []);
      line(context, start, y, end, y);
      context.setLineDash([]);
      context.globalAlpha = 1;
    }
  }

  private drawAxis(context: CanvasRenderingContext2D, from: number, to: number): void {
    const { palette, axis } = this;
    const { events } = this.options.run;
    context.fillStyle = palette.soft;
    let free = this.labelWidth;
    let told = "";
    const folds = axis.folds.filter(({ before }) => before >= from && before <= to + 1);
    for (const { before, idleUs } of folds) {
      const middle = (this.screenX(before) + this.screenX(before - 1)) / 2;
      this.drawFold(context, middle, `${virtualTime(idleUs)} idle`);
    }
    for (let index = from; index <= to; index++) {
      const x = this.screenX(index);
      const text = virtualTime(events[index]!.atUs);
      if (x < free || text === told) continue;
      told = text;
      context.fillStyle = palette.soft;
      context.fillText(text, x, 10);
      context.strokeStyle = palette.line;
      context.lineWidth = 1;
      line(context, x, 18, x, axisPx - 4);
      free = x + context.measureText(text).width + 28;
    }
  }

  private drawFold(context: CanvasRenderingContext2D, x: number, text: string): void {
    const { palette } = this;
    context.fillStyle = palette.ground;
    context.fillRect(x - 7, axisPx, 14, this.height - axisPx - bottomPx);
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    for (const offset of [-4, 4]) {
      context.beginPath();
      for (let y = axisPx; y <= this.height - bottomPx; y += 6) {
        context.lineTo(x + offset + ((y / 6) % 2 < 1 ? -2 : 2), y);
      }
      context.stroke();
    }
    if (this.zoom < 0.7) return;
    context.save();
    context.translate(x, axisPx + (this.height - axisPx - bottomPx) / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillStyle = palette.soft;
    const width = context.measureText(text).width + 12;
    context.fillStyle = palette.ground;
    context.fillRect(-width / 2, -8, width, 16);
    context.fillStyle = palette.soft;
    context.fillText(text, 0, 0);
    context.restore();
  }

  private drawSpan(context: CanvasRenderingContext2D, span: Span, index: number): void {
    const isSelected = this.options.run.spanOf[this.step] === index;
    const from = { x: this.screenX(span.sent), y: this.laneY(span.from) };
    const isOpen = span.answered === -1;
    context.strokeStyle = this.spanColour(span);
    context.fillStyle = context.strokeStyle;
    context.lineWidth = isSelected ? 2.5 : 1.2;
    context.globalAlpha = isSelected ? 1 : this.isDim(span.sent) ? 0.15 : 0.6;
    context.setLineDash(isOpen ? [3, 3] : []);
    if (span.to === undefined || span.to === span.from) {
      const end = this.screenX(span.last);
      context.globalAlpha *= 0.5;
      line(context, from.x, from.y + 6, end, from.y + 6);
    } else {
      const y = this.laneY(span.to);
      const places = span.effects.length > 0 ? span.effects.map((event) => this.screenX(event)) : [this.halfway(span)];
      arrow(context, from, { x: places[0]!, y });
      if (places.length > 1) line(context, places[0]!, y, places.at(-1)!, y);
      if (!isOpen) arrow(context, { x: places.at(-1)!, y }, { x: this.screenX(span.answered), y: from.y });
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  /** Where a call that changed nothing met its service is not in the history. */
  private halfway(span: Span): number {
    const sent = this.screenX(span.sent);
    return (sent + (span.answered === -1 ? sent + 40 * this.zoom : this.screenX(span.answered))) / 2;
  }

  private spanColour({ outcome }: Span): string {
    const { palette } = this;
    if (outcome === "fail") return palette.bad;
    return outcome === "unknown" || outcome === "pending" ? palette.warn : palette.call;
  }

  private drawCauses(context: CanvasRenderingContext2D, from: number, to: number): void {
    const { run } = this.options;
    for (let index = from; index <= to; index++) {
      for (const caused of this.causesByEvent.get(index) ?? []) {
        const isSelected = index === this.step || caused === this.step;
        context.strokeStyle = this.palette.note;
        context.fillStyle = this.palette.note;
        context.lineWidth = isSelected ? 2.5 : 1.4;
        context.globalAlpha = isSelected ? 1 : 0.65;
        context.setLineDash([5, 3]);
        const start = { x: this.screenX(index), y: this.laneY(run.laneOf[index]!) };
        arrow(context, start, { x: this.screenX(caused), y: this.laneY(run.laneOf[caused]!) });
        context.setLineDash([]);
        context.globalAlpha = 1;
      }
    }
  }

  private drawEvent(context: CanvasRenderingContext2D, index: number): void {
    const { run, told } = this.options;
    const { palette } = this;
    const event = run.events[index]!;
    const x = this.screenX(index);
    const y = this.laneY(run.laneOf[index]!);
    context.globalAlpha = this.isDim(index) ? 0.2 : 1;
    if (told.has(index)) {
      context.fillStyle = palette.accent;
      context.globalAlpha *= 0.2;
      disc(context, x, y, 8);
      context.globalAlpha = this.isDim(index) ? 0.2 : 1;
    }
    switch (event.kind) {
      case "sent":
        context.fillStyle = palette.call;
        disc(context, x, y, 2.4);
        break;
      case "answered":
        context.strokeStyle =
          event.outcome === "fail" ? palette.bad : event.outcome === "ok" ? palette.call : palette.warn;
        context.fillStyle = palette.ground;
        context.lineWidth = 1.6;
        disc(context, x, y, 2.8);
        context.stroke();
        break;
      case "effect":
        context.fillStyle = palette.call;
        context.fillRect(x - 2.5, y - 2.5, 5, 5);
        break;
      case "change":
        context.fillStyle = palette.change;
        context.fillRect(x - 3.5, y - 3.5, 7, 7);
        break;
      case "note":
        context.fillStyle = palette.note;
        polygon(context, [x, y - 5], [x + 5, y], [x, y + 5], [x - 5, y]);
        break;
      case "fault":
        this.drawFault(context, x, y);
        break;
      case "process":
        context.fillStyle = isMark(event) ? palette.bad : palette.ink;
        if (isMark(event)) cross(context, palette.bad, x, y, 5);
        else if (event.what === "finish") context.fillRect(x - 1.5, y - 6, 3, 12);
        else polygon(context, [x - 4, y - 6], [x + 6, y], [x - 4, y + 6]);
        break;
    }
    context.globalAlpha = 1;
  }

  /** A bolt, and a line down all lanes: it should be found at a glance. */
  private drawFault(context: CanvasRenderingContext2D, x: number, y: number): void {
    const { palette } = this;
    context.globalAlpha = 0.35;
    dashedLine(context, palette.bad, x, axisPx, x, this.height - bottomPx);
    context.globalAlpha = 1;
    context.fillStyle = palette.bad;
    polygon(context, [x + 1, y - 11], [x - 6, y + 2], [x - 1, y + 2], [x - 2, y + 10], [x + 6, y - 3], [x + 1, y - 3]);
    context.textAlign = "center";
    context.fillText("fault", x, axisPx - 1);
    context.textAlign = "start";
  }

  private drawViolation(context: CanvasRenderingContext2D): void {
    const { violationAt, violationText } = this.options;
    if (violationAt === undefined) return;
    const x = this.screenX(violationAt);
    if (x < this.labelWidth || x > this.width) return;
    context.fillStyle = this.palette.bad;
    context.fillRect(x - 1.5, 20, 3, this.height - bottomPx - 20);
    const width = context.measureText(violationText).width + 12;
    const left = Math.min(this.width - width - 2, Math.max(this.labelWidth, x - width / 2));
    context.fillRect(left, 18, width, 16);
    context.fillStyle = this.palette.ground;
    context.fillText(violationText, left + 6, 26.5);
  }

  private drawStep(context: CanvasRenderingContext2D): void {
    const { run } = this.options;
    const { palette } = this;
    const x = this.screenX(this.step);
    context.fillStyle = palette.accent;
    context.fillRect(x - 0.75, 18, 1.5, this.height - bottomPx - 18);
    polygon(context, [x - 5, 16], [x + 5, 16], [x, 22]);
    const lane = run.laneOf[this.step];
    if (lane === undefined) return;
    context.strokeStyle = palette.accent;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, this.laneY(lane), 8, 0, 2 * Math.PI);
    context.stroke();
  }

  private drawLabels(context: CanvasRenderingContext2D): void {
    const { palette } = this;
    for (const [lane, { name, kind }] of this.options.run.lanes.entries()) {
      context.fillStyle = kind === "process" ? palette.ink : palette.soft;
      context.font = kind === "process" ? `600 ${canvasFont}` : canvasFont;
      const y = this.isNarrow ? axisPx + lane * this.laneHeight + 7 : this.laneY(lane);
      const text = fitText(context, plainLine(name, 60), this.isNarrow ? 160 : this.labelWidth - 16);
      context.fillText(text, this.isNarrow ? 2 : 4, y);
    }
    context.font = canvasFont;
  }

  private isDim(index: number): boolean {
    return this.shown !== undefined && !this.shown.has(index);
  }

  /** @returns the event that is drawn nearest to a place, or undefined where none is near */
  private nearest(x: number, y: number): number | undefined {
    const { run } = this.options;
    const at = this.scrollX + (x - this.labelWidth) / this.zoom;
    const middle = eventAt(this.axis.xs, at);
    let best: { readonly index: number; readonly distance: number } | undefined;
    for (
      let index = Math.max(0, middle - nearEvents);
      index <= Math.min(run.events.length - 1, middle + nearEvents);
      index++
    ) {
      const across = Math.abs(this.screenX(index) - x);
      const distance = across + Math.abs(this.laneY(run.laneOf[index]!) - y) / 2;
      if (across < 24 && (best === undefined || distance < best.distance)) best = { index, distance };
    }
    return best?.index;
  }

  private listen(): void {
    let grabbed: { readonly x: number; readonly scrollX: number } | undefined;
    let moved = false;
    this.canvas.addEventListener("pointerdown", ({ offsetX, pointerId }) => {
      grabbed = { x: offsetX, scrollX: this.scrollX };
      moved = false;
      this.canvas.setPointerCapture(pointerId);
    });
    this.canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
      if (grabbed === undefined) return this.point(offsetX, offsetY);
      if (Math.abs(offsetX - grabbed.x) > 4) moved = true;
      if (!moved) return;
      this.hint.hidden = true;
      this.scrollX = grabbed.scrollX - (offsetX - grabbed.x) / this.zoom;
      this.keepInside();
      this.draw();
    });
    this.canvas.addEventListener("pointerup", ({ offsetX, offsetY }) => {
      grabbed = undefined;
      const step = moved ? undefined : this.nearest(offsetX, offsetY);
      if (step !== undefined) this.options.onSelect(step);
    });
    this.canvas.addEventListener("pointercancel", () => (grabbed = undefined));
    this.canvas.addEventListener("pointerleave", () => (this.hint.hidden = true));
    this.canvas.addEventListener(
      "wheel",
      (event) => {
        const isZoom = event.ctrlKey || event.metaKey;
        const along = event.shiftKey ? event.deltaY : event.deltaX;
        // Down is for the page.
        if (!isZoom && along === 0) return;
        event.preventDefault();
        if (isZoom) return this.zoomBy(event.deltaY < 0 ? 1.15 : 1 / 1.15);
        this.scrollX += along / this.zoom;
        this.keepInside();
        this.draw();
      },
      { passive: false },
    );
  }

  /** Says what is under the pointer. */
  private point(x: number, y: number): void {
    const { run } = this.options;
    const index = this.nearest(x, y);
    this.hint.hidden = index === undefined;
    if (index === undefined) return;
    this.hint.textContent = `${index} · ${virtualTime(run.events[index]!.atUs)} · ${run.actor(index)}: ${run.text(index).slice(0, 160)}`;
    this.hint.style.left = `${Math.max(0, Math.min(x + 12, this.width - 320))}px`;
    this.hint.style.top = `${y + 16}px`;
  }
}

interface LifeChange {
  readonly step: number;
  readonly state: "runs" | "still" | "gone";
}

function livesOf({ events, laneOf }: Run): Map<number, LifeChange[]> {
  const lives = new Map<number, LifeChange[]>();
  for (const [step, event] of events.entries()) {
    if (event.kind !== "process" || event.what === "clock-jump") continue;
    const state =
      event.what === "start" || event.what === "resume" ? "runs" : event.what === "pause" ? "still" : "gone";
    const lane = laneOf[step]!;
    const known = lives.get(lane);
    if (known === undefined) lives.set(lane, [{ step, state }]);
    else known.push({ step, state });
  }
  return lives;
}

function line(context: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}

function dashedLine(
  context: CanvasRenderingContext2D,
  colour: string,
  ...[x, y, toX, toY]: readonly [number, number, number, number]
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  line(context, x, y, toX, toY);
  context.setLineDash([]);
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function arrow(context: CanvasRenderingContext2D, from: Place, to: Place): void {
  line(context, from.x, from.y, to.x, to.y);
  const length = Math.sqrt((to.x - from.x) ** 2 + (to.y - from.y) ** 2);
  if (length < 12) return;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  // The tip stands off the glyph that it points to.
  const [x, y] = [to.x - dx * 4, to.y - dy * 4];
  polygon(context, [x, y], [x - 6 * dx - 3 * dy, y - 6 * dy + 3 * dx], [x - 6 * dx + 3 * dy, y - 6 * dy - 3 * dx]);
}

function polygon(context: CanvasRenderingContext2D, ...points: readonly (readonly [number, number])[]): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.closePath();
  context.fill();
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function cross(
  context: CanvasRenderingContext2D,
  colour: string,
  ...[x, y, half]: readonly [number, number, number]
): void {
  context.strokeStyle = colour;
  context.lineWidth = 3;
  line(context, x - half, y - half, x + half, y + half);
  line(context, x - half, y + half, x + half, y - half);
}

function fitText(context: CanvasRenderingContext2D, text: string, widthMax: number): string {
  let fitted = text;
  while (fitted.length > 1 && context.measureText(fitted).width > widthMax) fitted = `${fitted.slice(0, -2)}…`;
  return fitted;
}

const canvasFont = "11px system-ui, sans-serif";
const axisPx = 40;
const bottomPx = 18;
const labelPx = 104;
/** Room for the end of the run behind its last event. */
const endPx = 40;
const zoomMin = 0.15;
const zoomMax = 4;
const nearEvents = 60;
const manyLanes = 6;
