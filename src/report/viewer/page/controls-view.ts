import { button, element } from "./element.ts";

/** Where to go from a step. */
export type Move = "first" | "back10" | "back" | "forward" | "forward10" | "last" | "previousMark" | "nextMark";

/** Buttons for what the keys do, and the number of the step. */
export class ControlsView {
  readonly root: HTMLElement;
  private readonly position = element("output", { class: "position" });

  constructor(onMove: (move: Move) => void, onZoom: (factor: number) => void) {
    const moves = moveLabels.map(({ move, text, label, key }) =>
      button(text, { "aria-label": label, title: `${label} (${key})`, "data-move": move }, () => onMove(move)),
    );
    this.root = element(
      "div",
      { class: "controls", role: "toolbar", "aria-label": "Steps" },
      ...moves,
      this.position,
      element("span", { class: "gap" }),
      button("−", { "aria-label": "Zoom out", title: "Zoom out (-)" }, () => onZoom(1 / 1.5)),
      button("+", { "aria-label": "Zoom in", title: "Zoom in (+)" }, () => onZoom(1.5)),
    );
  }

  show(text: string): void {
    this.position.textContent = text;
  }
}

/** The move that a key stands for, outside of fields. */
export function moveOfKey({ key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">): Move | undefined {
  switch (key) {
    case "ArrowLeft":
    case "ArrowUp":
      return shiftKey ? "back10" : "back";
    case "ArrowRight":
    case "ArrowDown":
      return shiftKey ? "forward10" : "forward";
    case "PageUp":
      return "back10";
    case "PageDown":
      return "forward10";
    case "Home":
      return "first";
    case "End":
      return "last";
    case "n":
      return "nextMark";
    case "p":
      return "previousMark";
    default:
      return undefined;
  }
}

const moveLabels: readonly {
  readonly move: Move;
  readonly text: string;
  readonly label: string;
  readonly key: string;
}[] = [
  { move: "first", text: "|◀", label: "First step", key: "Home" },
  { move: "previousMark", text: "‹ fault", label: "Previous fault or violation", key: "p" },
  { move: "back", text: "◀", label: "One step back", key: "←" },
  { move: "forward", text: "▶", label: "One step on", key: "→" },
  { move: "nextMark", text: "fault ›", label: "Next fault or violation", key: "n" },
  { move: "last", text: "▶|", label: "Last step", key: "End" },
];
