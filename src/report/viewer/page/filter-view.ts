import { plainLine } from "../../plain-line.ts";
import { element } from "./element.ts";
import { everything, kindFilters, type EventFilter, type KindFilter } from "./event-filter.ts";
import type { Lane } from "./lanes.ts";

/** Chooses which events are listed, and so which are stepped through. */
export class FilterView {
  readonly root: HTMLElement;
  private readonly search = element("input", {
    type: "search",
    placeholder: "Search  ( / )",
    "aria-label": "Search events",
    autocomplete: "off",
    spellcheck: "false",
  });
  private readonly actor: HTMLSelectElement;
  private readonly kind: HTMLSelectElement;
  private readonly story = element("input", { type: "checkbox" });
  private readonly count = element("output", { class: "soft" });

  constructor(lanes: readonly Lane[], told: number, onChange: (filter: EventFilter) => void) {
    const actors = lanes.map(({ name }) => element("option", { value: name }, plainLine(name, 60)));
    this.actor = element(
      "select",
      { "aria-label": "Actor" },
      element("option", { value: "" }, "all actors"),
      ...actors,
    );
    const kinds = kindFilters.map((kind) => element("option", { value: kind }, kind === "all" ? "all kinds" : kind));
    this.kind = element("select", { "aria-label": "Kind of event" }, ...kinds);
    this.root = element(
      "div",
      { class: "filter", role: "search", "aria-label": "Filter events" },
      this.search,
      this.actor,
      this.kind,
      element("label", {}, this.story, ` story only (${told})`),
      this.count,
    );
    this.root.addEventListener("input", () => onChange(this.filter));
    this.search.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.clear();
      this.search.blur();
      onChange(this.filter);
    });
  }

  get filter(): EventFilter {
    return {
      search: this.search.value,
      actor: this.actor.value,
      kind: this.kind.value as KindFilter,
      onlyTold: this.story.checked,
    };
  }

  focus(): void {
    this.search.focus();
    this.search.select();
  }

  clear(): void {
    this.search.value = everything.search;
    this.actor.value = everything.actor;
    this.kind.value = everything.kind;
    this.story.checked = everything.onlyTold;
  }

  showCount(shown: number, all: number): void {
    this.count.textContent = shown === all ? `${all} events` : `${shown} of ${all} events`;
  }
}
