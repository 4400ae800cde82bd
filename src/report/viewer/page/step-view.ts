import { plainLine } from "../../plain-line.ts";
import { virtualTime } from "../../virtual-time.ts";
import { button, element } from "./element.ts";
import type { Neighbour } from "./neighbour.ts";
import { describeDifference, type ComparedRow } from "./row-differences.ts";
import type { Run } from "./run.ts";

export interface StepOptions {
  readonly run: Run;
  readonly violationAt: number | undefined;
  readonly violationText: string;
  readonly endUs: number | undefined;
  readonly neighbour: Neighbour | undefined;
  readonly onSelect: (step: number) => void;
}

/** The step that is looked at: what happened, of which operation, what it changed, and what the neighbour does then. */
export class StepView {
  readonly root = element("section", { class: "step", "aria-label": "This step" });
  private readonly options: StepOptions;

  constructor(options: StepOptions) {
    this.options = options;
  }

  /** @param changed what differs from the step before */
  show(step: number, changed: readonly ComparedRow[]): void {
    const { run, endUs } = this.options;
    const event = run.events[step];
    const title = event === undefined ? "end of the run" : `event ${step}`;
    this.root.replaceChildren(
      element(
        "p",
        { class: "when" },
        element("strong", {}, title),
        ` · ${virtualTime(event?.atUs ?? endUs ?? 0)}${event === undefined ? "" : ` · ${run.actor(step)}`}`,
      ),
      ...(event === undefined ? [] : [element("p", { class: "what" }, run.text(step))]),
      ...this.violation(step),
      ...this.changes(changed),
      ...this.operation(step),
      ...this.causes(step),
      ...this.neighbour(step),
      ...(event === undefined ? [] : [this.raw(step)]),
    );
  }

  private violation(step: number): HTMLElement[] {
    const { violationAt, violationText } = this.options;
    return step === violationAt
      ? [element("p", { class: "breaks" }, `✗ the rule is broken here: ${violationText}`)]
      : [];
  }

  private changes(changed: readonly ComparedRow[]): HTMLElement[] {
    const lines = changed.flatMap(describeDifference);
    if (lines.length === 0) return [];
    const more = lines.length - linesMax;
    return [
      element("h2", {}, "What it changed"),
      element(
        "ul",
        { class: "changes" },
        ...lines.slice(0, linesMax).map((text) => element("li", {}, plainLine(text, 300))),
        ...(more > 0 ? [element("li", {}, `and ${more} more`)] : []),
      ),
    ];
  }

  private operation(step: number): HTMLElement[] {
    const { run } = this.options;
    const span = run.spans[run.spanOf[step] ?? -1];
    if (span === undefined) return [];
    const kept = span.effects.filter((at, index) => index < effectsMax || at === step);
    const leftOut = span.effects.length - kept.length;
    const links = [
      this.link("sent", span.sent, step),
      ...kept.map((at) => this.link(run.events[at]!.kind === "change" ? "change" : "effect", at, step)),
      ...(leftOut === 0 ? [] : [element("span", { class: "soft" }, `and ${leftOut} more`)]),
      ...(span.answered === -1 ? [] : [this.link(`answered ${span.outcome}`, span.answered, step)]),
    ];
    return [
      element("h2", {}, "Its operation"),
      element("p", { class: "site" }, plainLine(span.op.site, 600)),
      element("p", { class: "links" }, ...links),
      ...(span.answered === -1 ? [element("p", { class: "soft" }, "Nobody learned its result.")] : []),
    ];
  }

  private causes(step: number): HTMLElement[] {
    const { run } = this.options;
    const links = run.causes.flatMap(({ from, to }) => {
      if (to === step) return [this.link("because of", from, step)];
      return from === step ? [this.link("brings about", to, step)] : [];
    });
    return links.length === 0 ? [] : [element("h2", {}, "Cause"), element("p", { class: "links" }, ...links)];
  }

  private link(label: string, at: number, step: number): HTMLElement {
    const { run } = this.options;
    const title = `event ${at}, ${virtualTime(run.events[at]!.atUs)}`;
    const current: Record<string, string> = at === step ? { "aria-current": "true" } : {};
    return button(`${label} ${at}`, { title, ...current }, () => this.options.onSelect(at));
  }

  /** What the run that holds does at this time. */
  private neighbour(step: number): HTMLElement[] {
    const { neighbour, run } = this.options;
    if (neighbour === undefined) return [];
    const heading = element("h2", {}, "The passing neighbour");
    const without = element("p", { class: "soft" }, `The same run without ${plainLine(neighbour.removed, 300)}`);
    if (step < neighbour.sameEvents) {
      const first = button(`first difference ${neighbour.sameEvents}`, {}, () =>
        this.options.onSelect(neighbour.sameEvents),
      );
      const same = step === neighbour.sameEvents - 1 ? "is the same up to here." : "does the same here.";
      return [
        heading,
        element("p", {}, `It ${same} `, ...(neighbour.sameEvents > run.events.length - 1 ? [] : [first])),
        without,
      ];
    }
    const at = neighbour.lengthBeside(step + 1);
    const from = Math.max(neighbour.sameEvents, at - 2);
    const events = Array.from(
      { length: Math.max(0, Math.min(neighbour.run.events.length, from + 4) - from) },
      (_, offset) => from + offset,
    );
    return [
      heading,
      without,
      element(
        "ul",
        { class: "there" },
        ...events.map((index) =>
          element(
            "li",
            index < at ? {} : { class: "later" },
            `${index} · ${virtualTime(neighbour.run.events[index]!.atUs)} · ${neighbour.run.actor(index)}: ${neighbour.run.text(index)}`,
          ),
        ),
        ...(events.length === 0 ? [element("li", {}, "It has ended.")] : []),
      ),
    ];
  }

  private raw(step: number): HTMLElement {
    const json = JSON.stringify(this.options.run.events[step], null, 2);
    const lines = json.split("\n").map((text) => plainLine(text, 2_000));
    return element(
      "details",
      {},
      element("summary", {}, "As JSON"),
      element("pre", { tabindex: "0" }, lines.join("\n")),
    );
  }
}

const linesMax = 8;
const effectsMax = 3;
