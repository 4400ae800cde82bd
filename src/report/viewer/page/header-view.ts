import { plainLine } from "../../plain-line.ts";
import type { ViewerDocument } from "../viewer-document.ts";
import { button, element } from "./element.ts";

/** What failed, and how to see it again: what a reader must know before anything else. */
export function headerView(shown: ViewerDocument, toggleTheme: () => void): HTMLElement {
  const { violation } = shown;
  const scenario = shown.title.includes(shown.scenario) ? "" : `${plainLine(shown.scenario, 100)} · `;
  const badge =
    violation === null
      ? element("span", { class: "badge" }, "no rule broken")
      : element("span", { class: "badge bad" }, `✗ ${violation.invariant}`);
  return element(
    "header",
    { class: "top" },
    element(
      "div",
      { class: "headline" },
      badge,
      element("h1", {}, plainLine(shown.title, 200)),
      element("span", { class: "soft" }, `${scenario}stormlane ${shown.version}`),
      button("Light or dark", { class: "theme", title: "Light or dark (t)" }, toggleTheme),
    ),
    element("p", { class: "message" }, plainLine(violation?.message ?? shown.verdictText, 800)),
    factsOf(shown),
    replayLine(shown.replayCommand),
    ...detailsOf(shown),
  );
}

function factsOf({ violation, forced }: ViewerDocument): HTMLElement {
  const facts: [string, HTMLElement | string][] = [];
  if (violation !== null) {
    facts.push(["rule", plainLine(violation.rule, 400)], ["place", plainLine(violation.place, 400)]);
  }
  for (const [index, text] of (violation?.difference ?? []).entries()) {
    facts.push([index === 0 ? "state" : "", differenceLine(plainLine(text, 400))]);
  }
  for (const [index, { text, site }] of forced.slice(0, forcedMax).entries()) {
    const where = element("span", { class: "site" }, ` at ${plainLine(site, 400)}`);
    facts.push([index === 0 ? "done to it" : "", element("span", {}, plainLine(text, 400), where)]);
  }
  if (forced.length > forcedMax) facts.push(["", `and ${forced.length - forcedMax} more, below`]);
  return element(
    "dl",
    { class: "facts" },
    ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
  );
}

/** What was expected is good, and what was found in its place is not. */
function differenceLine(text: string): HTMLElement | string {
  if (/^(?:-|expected) /.test(text)) return element("ins", {}, text);
  return /^(?:\+|actual) /.test(text) ? element("del", {}, text) : text;
}

function replayLine(command: string): HTMLElement {
  const said = element("span", { role: "status", class: "soft" });
  const copy = button("Copy", {}, () => {
    copyText(command).then(
      () => (said.textContent = "copied"),
      () => (said.textContent = "select it to copy"),
    );
  });
  return element(
    "p",
    { class: "replay" },
    element("span", { class: "soft" }, "replay "),
    element("code", {}, plainLine(command, 1_000)),
    copy,
    said,
  );
}

/** Rejects where the browser keeps the clipboard from pages of files. */
async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

function detailsOf({ story, explanation, forced }: ViewerDocument): HTMLElement[] {
  const all = forced.length > forcedMax ? forced.map(({ text, site }) => `${text}, at ${site}`) : [];
  const parts = [
    { title: "Story", lines: story.map(storyLine) },
    { title: "Why it fails", lines: explanation.map((text) => [plainLine(text, lineMax)]) },
    { title: "All that was done to it", lines: all.map((text) => [plainLine(text, lineMax)]) },
  ];
  const filled = parts.filter(({ lines }) => lines.length > 0);
  if (filled.length === 0) return [];
  return [
    element(
      "div",
      { class: "texts" },
      ...filled.map(({ title, lines }) =>
        element(
          "details",
          {},
          element("summary", {}, title),
          element("pre", { tabindex: "0" }, ...lines.flatMap((line) => [...line, "\n"])),
        ),
      ),
    ),
  ];
}

/** A line of a story that tells an event begins with its number, before the time: it leads there. */
function storyLine(text: string): (Node | string)[] {
  const line = plainLine(text, lineMax);
  const [, before, step, after] = /^(\s*(?:> *)?)(\d+)(\s+\d+:\d\d.*)$/.exec(line) ?? [];
  if (step === undefined) return [line];
  return [before!, element("a", { href: `#event=${step}` }, step), after!];
}

const lineMax = 2_000;
const forcedMax = 3;
