import { virtualTime } from "../../virtual-time.ts";
import { element } from "./element.ts";
import { isMark } from "./event-filter.ts";
import type { Run } from "./run.ts";

export interface EventListOptions {
  readonly run: Run;
  readonly told: ReadonlySet<number>;
  readonly violationAt: number | undefined;
  readonly violationText: string;
  /** Of the violation, where it shows at the end. */
  readonly endUs: number | undefined;
  readonly onSelect: (step: number) => void;
}

/** The events as a list box: real elements for what is in sight, and room for all the others. */
export class EventListView {
  readonly root: HTMLElement;
  private readonly sheet = element("div", { class: "sheet", role: "presentation" });
  private readonly options: EventListOptions;
  /** Steps, ascending. */
  private rows: readonly number[] = [];
  private step = 0;
  private frame = 0;
  private rowHeight = 0;

  constructor(options: EventListOptions) {
    this.options = options;
    this.root = element(
      "div",
      { class: "events", role: "listbox", tabindex: "0", "aria-label": "Events", id: "events" },
      this.sheet,
    );
    const { run, endUs = 0 } = options;
    const longest = Math.max(virtualTime(run.events.at(-1)?.atUs ?? 0).length, virtualTime(endUs).length);
    const actors = Math.max(...run.lanes.map(({ name }) => name.length), "fault".length);
    this.root.style.setProperty("--time-width", `${longest}ch`);
    this.root.style.setProperty("--actor-width", `${Math.min(16, actors + 2)}ch`);
    this.root.addEventListener("scroll", () => this.draw());
    this.root.addEventListener("click", ({ target }) => {
      const row = (target as Element).closest<HTMLElement>("[data-step]");
      if (row !== null) options.onSelect(Number(row.dataset["step"]));
    });
  }

  /** @param rows the steps that the list has */
  setRows(rows: readonly number[]): void {
    this.rows = rows;
    this.refresh();
  }

  show(step: number): void {
    this.step = step;
    this.reveal();
    this.draw();
  }

  refresh(): void {
    this.rowHeight = Number.parseFloat(getComputedStyle(this.root).getPropertyValue("--row"));
    this.sheet.style.height = `${this.rows.length * this.rowHeight}px`;
    this.reveal();
    this.draw();
  }

  private reveal(): void {
    const top = this.indexOf(this.step) * this.rowHeight;
    const height = this.root.clientHeight;
    if (top < this.root.scrollTop) this.root.scrollTop = Math.max(0, top - height * 0.3);
    else if (top + this.rowHeight > this.root.scrollTop + height) this.root.scrollTop = top - height * 0.6;
  }

  private draw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.drawNow();
    });
  }

  private drawNow(): void {
    const first = Math.max(0, Math.floor(this.root.scrollTop / this.rowHeight) - spareRows);
    const count = Math.ceil(this.root.clientHeight / this.rowHeight) + 2 * spareRows;
    const visible = this.rows.slice(first, first + count);
    this.sheet.replaceChildren(...visible.map((step, offset) => this.row(step, first + offset)));
    // An option that is not in the document cannot be the active one.
    if (visible.includes(this.step)) this.root.setAttribute("aria-activedescendant", rowId(this.step));
    else this.root.removeAttribute("aria-activedescendant");
  }

  private row(step: number, index: number): HTMLElement {
    const { run, told, violationAt, violationText, endUs } = this.options;
    const event = run.events[step];
    const kind = event === undefined ? "violation" : event.kind;
    const row = element(
      "div",
      {
        class: `event ${kind}${told.has(step) ? " told" : ""}`,
        role: "option",
        id: rowId(step),
        "data-step": String(step),
        "aria-selected": String(step === this.step),
        "aria-posinset": String(index + 1),
        "aria-setsize": String(this.rows.length),
      },
      element("span", { class: "number" }, event === undefined ? "end" : String(step)),
      element("span", { class: "time" }, virtualTime(event?.atUs ?? endUs ?? 0)),
      element("span", { class: "actor" }, event === undefined ? "" : run.actor(step)),
      element(
        "span",
        { class: "text" },
        event === undefined ? `the rule is not kept: ${violationText}` : run.text(step),
      ),
    );
    if (event?.kind === "answered" && event.outcome !== "ok") row.classList.add(event.outcome);
    if (event !== undefined && isMark(event)) row.classList.add("mark");
    if (step === violationAt) row.classList.add("breaks");
    row.style.top = `${index * this.rowHeight}px`;
    return row;
  }

  /** Of the step, or of the last one before it. */
  private indexOf(step: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle]! <= step) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

function rowId(step: number): string {
  return `event-${step}`;
}

const spareRows = 8;
