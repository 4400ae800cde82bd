import { button, element } from "./element.ts";
import { lineDifference, linesOf, type ComparedRow } from "./row-differences.ts";
import type { ComparedPanels } from "./state-comparison.ts";
import { panels, type Field, type Panel } from "./state-rows.ts";

/** The state of the world as tabs, one for each part; a number on a tab says how much of it differs. */
export class StateView {
  readonly root: HTMLElement;
  private readonly tabs = new Map<Panel, HTMLElement>();
  private readonly content = element("div", { class: "panel", role: "tabpanel", tabindex: "0", id: "panel" });
  private panel: Panel = "board";
  private compared: ComparedPanels | undefined;
  private showsAll = false;

  constructor() {
    const tabs = panels.map((panel) => {
      const tab = element("button", { type: "button", role: "tab", id: `tab-${panel}`, "aria-controls": "panel" });
      tab.addEventListener("click", () => this.open(panel));
      tab.addEventListener("keydown", (event) => this.moveTab(event));
      this.tabs.set(panel, tab);
      return tab;
    });
    this.root = element(
      "div",
      { class: "state" },
      element("div", { class: "tabs", role: "tablist", "aria-label": "State of the world" }, ...tabs),
      this.content,
    );
  }

  show(compared: ComparedPanels): void {
    this.compared = compared;
    this.draw();
  }

  private open(panel: Panel): void {
    this.panel = panel;
    this.showsAll = false;
    this.draw();
  }

  private moveTab(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.open(panels[(panels.indexOf(this.panel) + step + panels.length) % panels.length]!);
    this.tabs.get(this.panel)!.focus();
  }

  private draw(): void {
    if (this.compared === undefined) return;
    for (const [panel, tab] of this.tabs) {
      const isOpen = panel === this.panel;
      const { count, differing } = this.compared[panel];
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      tab.replaceChildren(
        `${panel} `,
        element("span", { class: "count" }, String(count)),
        ...(differing.length === 0
          ? []
          : [
              element(
                "span",
                { class: "differs" },
                `±${differing.length}`,
                element("span", { class: "aloud" }, " differ"),
              ),
            ]),
      );
    }
    this.content.setAttribute("aria-labelledby", `tab-${this.panel}`);
    const rows = this.compared[this.panel].rows();
    const chosen = this.showsAll || rows.length <= rowsMax ? rows : mostTelling(rows);
    const scrollTop = this.content.scrollTop;
    this.content.replaceChildren(
      ...(rows.length === 0 ? [element("p", { class: "empty" }, emptyTexts[this.panel])] : []),
      ...(this.panel === "board"
        ? chosen.map(cardElement)
        : chosen.length === 0
          ? []
          : [tableElement(this.panel, chosen)]),
      ...(chosen.length === rows.length
        ? []
        : [
            button(`Show all ${rows.length}`, { class: "more" }, () => {
              this.showsAll = true;
              this.draw();
            }),
          ]),
    );
    this.content.scrollTop = scrollTop;
  }
}

/** What differs, and then the first of the others. */
function mostTelling(rows: readonly ComparedRow[]): ComparedRow[] {
  const differing = rows.filter(({ what }) => what !== "same").slice(0, rowsMax);
  const chosen = new Set([
    ...differing,
    ...rows.filter(({ what }) => what === "same").slice(0, rowsMax - differing.length),
  ]);
  return rows.filter((row) => chosen.has(row));
}

function cardElement(compared: ComparedRow): HTMLElement {
  const { row, what } = compared;
  const [column, state, ...others] = row.fields;
  const filled = others.filter(({ name, value }) => value !== "" || compared.before.has(name));
  return element(
    "article",
    { class: `card ${what}${state!.value === "closed" ? " closed" : ""}` },
    element(
      "header",
      {},
      ...markOf(what),
      element("strong", {}, row.title),
      element("span", { class: "column" }, ...valueNodes(column!, compared)),
      element("span", { class: `open-state ${state!.value}` }, ...valueNodes(state!, compared)),
    ),
    element(
      "dl",
      {},
      ...filled.flatMap((field) => [
        element("dt", {}, field.name),
        element("dd", { class: field.name }, ...valueNodes(field, compared)),
      ]),
    ),
  );
}

function tableElement(panel: Panel, rows: readonly ComparedRow[]): HTMLElement {
  const names = rows[0]!.row.fields.map(({ name }) => name);
  return element(
    "table",
    {},
    element("caption", { class: "aloud" }, panel),
    element(
      "thead",
      {},
      element("tr", {}, ...[firstColumns[panel], ...names].map((name) => element("th", { scope: "col" }, name))),
    ),
    element(
      "tbody",
      {},
      ...rows.map((compared) =>
        element(
          "tr",
          { class: compared.what },
          element("th", { scope: "row" }, ...markOf(compared.what), compared.row.title),
          ...compared.row.fields.map((field) => element("td", {}, ...valueNodes(field, compared))),
        ),
      ),
    ),
  );
}

/** A sign and a word: a colour alone says nothing to some. */
function markOf(what: ComparedRow["what"]): HTMLElement[] {
  if (what === "same") return [];
  const signs = { added: "+", removed: "−", changed: "±" } as const;
  return [
    element("span", { class: `sign ${what}`, "aria-hidden": "true" }, signs[what]),
    element("span", { class: "aloud" }, `${what}: `),
  ];
}

/** The lines of a value; where it differs, what is gone and what is new. */
function valueNodes({ name, value }: Field, { before }: ComparedRow): HTMLElement[] {
  const was = before.get(name);
  if (was === undefined) return linesOf(value).map((text) => element("span", { class: "value" }, text));
  const { removed, added } = lineDifference(was, value);
  const isNew = new Set(added);
  return [
    ...removed.map((text) => element("del", { class: "value" }, text)),
    ...linesOf(value).map((text) => element(isNew.has(text) ? "ins" : "span", { class: "value" }, text)),
  ];
}

const firstColumns: Readonly<Record<Panel, string>> = {
  board: "card",
  files: "path",
  git: "commit",
  leases: "scope",
  processes: "process",
};
const emptyTexts: Readonly<Record<Panel, string>> = {
  board: "No cards yet.",
  files: "No files yet.",
  git: "No commits yet.",
  leases: "Nobody holds a lease.",
  processes: "No process has started.",
};
const rowsMax = 150;
