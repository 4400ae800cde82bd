import type { PagePart } from "../campaign-body.ts";

/** Draws the parts of the page again where they differ, and leaves what a reader has opened or reached as it is. */
export class Parts {
  private readonly drawn: Map<string, string>;

  /** @param parts as the page came with them */
  constructor(parts: readonly PagePart[]) {
    this.drawn = new Map(parts.map(({ id, content }) => [id, content.text]));
  }

  show(parts: readonly PagePart[]): void {
    for (const { id, content } of parts) {
      const element = document.querySelector(`#${id}-content`);
      if (element === null || this.drawn.get(id) === content.text) continue;
      const keep = placeIn(element);
      // Every value in it was put through `markup`.
      element.innerHTML = content.text;
      this.drawn.set(id, content.text);
      keep();
    }
  }
}

/** @returns what to call once the element was drawn anew */
function placeIn(element: Element): () => void {
  const open = new Map([...element.querySelectorAll("details")].map((each) => [each.id, each.open]));
  const scrolled = [...element.querySelectorAll(".scroll")].map((each) => each.scrollLeft);
  const active = document.activeElement;
  const owner = active !== null && element.contains(active) ? active.closest("[id]") : null;
  const index = owner === null ? -1 : [...owner.querySelectorAll(focusable)].indexOf(active!);
  return () => {
    for (const each of element.querySelectorAll("details")) each.open = open.get(each.id) ?? each.open;
    for (const [at, each] of element.querySelectorAll(".scroll").entries()) each.scrollLeft = scrolled[at] ?? 0;
    if (owner === null) return;
    const again = document.querySelector(`#${CSS.escape(owner.id)}`)?.querySelectorAll<HTMLElement>(focusable)[index];
    again?.focus({ preventScroll: true });
  };
}

const focusable = "a, button, summary, [tabindex]";
