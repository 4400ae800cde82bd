import { virtualTime } from "../../virtual-time.ts";
import { unpackEvents } from "../packed-events.ts";
import type { ViewerDocument } from "../viewer-document.ts";
import { ControlsView, moveOfKey, type Move } from "./controls-view.ts";
import { element } from "./element.ts";
import { EventSearch, everything, isMark, type EventFilter } from "./event-filter.ts";
import { EventListView } from "./event-list-view.ts";
import { FilterView } from "./filter-view.ts";
import { headerView } from "./header-view.ts";
import { Neighbour } from "./neighbour.ts";
import { Run } from "./run.ts";
import { StateHistory } from "./state-history.ts";
import { comparePanels } from "./state-comparison.ts";
import { panels, StateRows } from "./state-rows.ts";
import { StateView } from "./state-view.ts";
import { StepView } from "./step-view.ts";
import { StripView } from "./strip-view.ts";
import { TimelineView } from "./timeline-view.ts";

export function showRun(shown: ViewerDocument): Viewer {
  return new Viewer(shown);
}

/**
 * The page: one step of a run is looked at, and every view shows that step. A step is the number of an event; where a
 * violation shows at the end of the run, one more step stands for that.
 */
class Viewer {
  private readonly run: Run;
  private readonly states: StateHistory;
  private readonly rows: StateRows;
  private readonly neighbour: Neighbour | undefined;
  private readonly search: EventSearch;
  private readonly told: ReadonlySet<number>;
  private readonly violationAt: number | undefined;
  private readonly endUs: number | undefined;
  private readonly last: number;
  /** Faults, deaths of processes, and the violation, ascending. */
  private readonly marks: readonly number[];
  private readonly timeline: TimelineView;
  private readonly strip: StripView;
  private readonly list: EventListView;
  private readonly stepView: StepView;
  private readonly stateView = new StateView();
  private readonly filterView: FilterView;
  private readonly controls: ControlsView;
  private readonly live = element("p", { class: "aloud", role: "status", "aria-live": "polite" });
  private readonly compareWith: HTMLSelectElement;
  private step = 0;
  private filter: EventFilter = everything;
  /** The steps that the filter leaves, ascending. */
  private shown: readonly number[] = [];

  constructor(shown: ViewerDocument) {
    const events = unpackEvents(shown.run);
    this.run = new Run(events);
    this.states = new StateHistory(events);
    this.rows = new StateRows(this.run.cards);
    this.neighbour =
      shown.neighbour === null
        ? undefined
        : new Neighbour(events, shown.neighbour.removed, unpackEvents(shown.neighbour.run));
    this.told = new Set(shown.told);
    this.search = new EventSearch(this.run, this.told);
    const { violation } = shown;
    this.violationAt = violation === null ? undefined : Math.min(violation.eventIndex, events.length);
    this.endUs = violation?.atUs;
    this.last = this.violationAt === events.length ? events.length : Math.max(0, events.length - 1);
    this.marks = this.findMarks();
    const shared = {
      run: this.run,
      told: this.told,
      violationAt: this.violationAt,
      violationText: violation === null ? "" : `${violation.invariant} is broken`,
      endUs: this.endUs,
      neighbour: this.neighbour,
      differsFrom: this.neighbour?.sameEvents,
      stepsMax: this.last,
      describe: (step: number) => this.describe(step),
      onSelect: (step: number) => this.select(step),
    };
    this.timeline = new TimelineView(shared);
    this.strip = new StripView(shared);
    this.list = new EventListView({ ...shared, violationText: violation?.message ?? "" });
    this.stepView = new StepView({ ...shared, violationText: violation?.message ?? "" });
    this.filterView = new FilterView(this.run.lanes, this.told.size, (filter) => this.applyFilter(filter));
    this.controls = new ControlsView(
      (move) => this.move(move),
      (factor) => this.timeline.zoomBy(factor),
    );
    this.compareWith = element(
      "select",
      { "aria-label": "Compare the state with" },
      element("option", { value: "before" }, "the step before"),
      ...(this.neighbour === undefined ? [] : [element("option", { value: "neighbour" }, "the passing neighbour")]),
    );
    this.compareWith.addEventListener("input", () => this.showState());
    document.body.append(...this.layout(shown));
    this.listen();
    this.applyFilter(everything);
    this.refresh();
    this.select(stepOfHash(this.last) ?? this.violationAt ?? this.last);
    this.prepareSearch(0);
  }

  private layout(shown: ViewerDocument): HTMLElement[] {
    const legend = element(
      "p",
      {},
      "Each event has room of its own, so the time axis is not linear; idle time is folded away. ● sent ○ answered ■ change ◆ note ⚡ fault ✕ death; red calls failed, amber ones nobody knows.",
    );
    const compare = element("label", { class: "compare" }, "State after this step, against ", this.compareWith);
    return [
      headerView(shown, toggleTheme),
      element(
        "main",
        {},
        element(
          "section",
          { class: "lanes", "aria-label": "Timeline" },
          this.timeline.root,
          this.strip.root,
          this.controls.root,
        ),
        element(
          "div",
          { class: "columns" },
          element(
            "section",
            { class: "left", "aria-label": "Events of the run" },
            this.filterView.root,
            this.list.root,
          ),
          this.stepView.root,
          element("section", { class: "world", "aria-label": "State of the world" }, compare, this.stateView.root),
        ),
      ),
      element("footer", { class: "soft" }, legend, element("p", {}, keysText)),
      this.live,
    ];
  }

  private findMarks(): number[] {
    const marks = this.run.events.flatMap((event, index) => (isMark(event) ? [index] : []));
    if (this.violationAt !== undefined) marks.push(this.violationAt);
    return [...new Set(marks)].toSorted((left, right) => left - right);
  }

  private select(step: number): void {
    this.step = Math.max(0, Math.min(step, this.last));
    this.timeline.show(this.step, this.shownSet);
    this.strip.show(this.step);
    this.list.show(this.step);
    this.controls.show(this.step < this.run.events.length ? `${this.step} of ${this.run.events.length - 1}` : "end");
    this.live.textContent = this.describe(this.step);
    this.showState();
    // One entry of the history of the browser for a page, and not one for each step.
    history.replaceState(null, "", `#event=${this.step}`);
  }

  private showState(): void {
    const { step, neighbour } = this;
    const length = Math.min(step + 1, this.run.events.length);
    const before = step < this.run.events.length ? this.states.after(step) : this.states.after(length);
    const state = this.states.after(length);
    const changed = comparePanels({ state, rows: this.rows }, { state: before, rows: this.rows });
    this.stepView.show(
      step,
      panels.flatMap((panel) => changed[panel].differing),
    );
    if (this.compareWith.value !== "neighbour" || neighbour === undefined) return this.stateView.show(changed);
    const beside = neighbour.states.after(neighbour.lengthBeside(length));
    this.stateView.show(comparePanels({ state, rows: this.rows }, { state: beside, rows: neighbour.rows }));
  }

  private describe(step: number): string {
    const event = this.run.events[step];
    if (event === undefined) return `End of the run, ${virtualTime(this.endUs ?? 0)}: the rule is not kept`;
    const broken = step === this.violationAt ? ". The rule is broken here" : "";
    return `Event ${step} of ${this.run.events.length - 1}, ${virtualTime(event.atUs)}, ${this.run.actor(step)}: ${this.run.text(step)}${broken}`;
  }

  private applyFilter(filter: EventFilter): void {
    this.filter = filter;
    const found = this.search.find(filter);
    // The end is no event that a filter could speak of; a search for it would be in vain.
    if (this.last === this.run.events.length) found.push(this.last);
    this.shown = found;
    this.shownIndex = isEverything(filter) ? undefined : new Set(found);
    this.filterView.showCount(found.filter((step) => step < this.run.events.length).length, this.run.events.length);
    this.list.setRows(found);
    this.timeline.show(this.step, this.shownSet);
  }

  private shownIndex: ReadonlySet<number> | undefined;

  private get shownSet(): ReadonlySet<number> | undefined {
    return this.shownIndex;
  }

  private move(move: Move): void {
    switch (move) {
      case "first":
        return this.select(this.shown[0] ?? this.step);
      case "last":
        return this.select(this.shown.at(-1) ?? this.step);
      case "back":
        return this.moveBy(-1);
      case "back10":
        return this.moveBy(-bigStep);
      case "forward":
        return this.moveBy(1);
      case "forward10":
        return this.moveBy(bigStep);
      case "previousMark":
        return this.select(this.marks.findLast((step) => step < this.step) ?? this.step);
      case "nextMark":
        return this.select(this.marks.find((step) => step > this.step) ?? this.step);
    }
  }

  /** Among the steps that the filter leaves. */
  private moveBy(count: number): void {
    const { shown } = this;
    if (shown.length === 0) return;
    const after = lowerBound(shown, this.step);
    const isHere = shown[after] === this.step;
    // From between two steps, the first move on goes to the next one.
    const target = count > 0 && !isHere ? after + count - 1 : after + count;
    this.select(shown[Math.max(0, Math.min(target, shown.length - 1))]!);
  }

  private listen(): void {
    document.addEventListener("keydown", (event) => this.press(event));
    window.addEventListener("hashchange", () => this.select(stepOfHash(this.last) ?? this.step));
    new ResizeObserver(() => this.refresh()).observe(this.timeline.root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.refresh());
    new MutationObserver(() => this.refresh()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  private press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    const move = moveOfKey(event);
    if (move !== undefined && isScrolling(event, this.list.root)) return;
    if (move !== undefined) this.move(move);
    else if (event.key === "/") this.filterView.focus();
    else if (event.key === "t") toggleTheme();
    else if (event.key === "+") this.timeline.zoomBy(1.5);
    else if (event.key === "-") this.timeline.zoomBy(1 / 1.5);
    else if (event.key === "d" && this.neighbour !== undefined) this.select(this.neighbour.sameEvents);
    else return;
    event.preventDefault();
  }

  private refresh(): void {
    this.timeline.refresh();
    this.strip.refresh();
    this.list.refresh();
  }

  /** What is searched, a few thousand events at a time, while nothing else is to be done. */
  private prepareSearch(from: number): void {
    if (from >= this.run.events.length) return;
    this.search.prepare(from, from + preparedEvents);
    setTimeout(() => this.prepareSearch(from + preparedEvents), 0);
  }
}

function isEverything({ search, actor, kind, onlyTold }: EventFilter): boolean {
  return search.trim() === "" && actor === "" && kind === "all" && !onlyTold;
}

/** Of a link such as `#event=123`. */
function stepOfHash(last: number): number | undefined {
  const [, digits] = /^#event=(\d{1,9})$/.exec(location.hash) ?? [];
  return digits === undefined ? undefined : Math.min(Number(digits), last);
}

/** Whether it takes the keys itself: where text is typed, and where something is chosen. A slider moves as the page does. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="range"]), select, textarea');
}

/** Up and down, and from end to end, are for the list of events; elsewhere they scroll. */
function isScrolling({ key, target }: KeyboardEvent, list: HTMLElement): boolean {
  if (target instanceof Node && list.contains(target)) return false;
  if (/^(?:Arrow(?:Up|Down)|Page(?:Up|Down))$/.test(key)) return true;
  return /^(?:Home|End)$/.test(key) && target instanceof HTMLElement && target.matches("pre, .panel");
}

function toggleTheme(): void {
  const root = document.documentElement;
  const isDark =
    root.dataset["theme"] === undefined
      ? matchMedia("(prefers-color-scheme: dark)").matches
      : root.dataset["theme"] === "dark";
  root.dataset["theme"] = isDark ? "light" : "dark";
}

/** The first index whose value is not below. */
function lowerBound(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const bigStep = 10;
const preparedEvents = 2_000;
const keysText =
  "← → a step, in the list also ↑ ↓ (Shift: ten) · Home End · n p next and previous fault or violation · d where the neighbour differs · / search · + − zoom · t light or dark";
