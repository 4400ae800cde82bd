import { viewNames, type ViewName } from "../../report/world-view.ts";
import type { Key } from "../live/terminal.ts";
import type { RecordedRun } from "./recorded-run.ts";

/** Where somebody is in a run, and what they look at. */
export interface StepState {
  /** Number of an event. */
  readonly at: number;
  /** In the order of `viewNames`. */
  readonly panels: readonly ViewName[];
  /** A line is being typed. */
  readonly prompt: Prompt | undefined;
  /** What was searched for last. */
  readonly search: string;
  /** Answers the last key; nothing when it did what it says. */
  readonly message: string;
  readonly showsHelp: boolean;
}

export interface Prompt {
  readonly kind: "goto" | "search";
  readonly text: string;
}

export function startState(at: number, panels: readonly ViewName[]): StepState {
  return { at, panels, prompt: undefined, search: "", message: "", showsHelp: false };
}

/** What a key does. */
export function pressKey(state: StepState, key: Key, run: RecordedRun): StepState | "quit" {
  if (key.name === "ctrl-c") return "quit";
  const calm = { ...state, message: "" };
  if (calm.prompt !== undefined) return typeInPrompt(calm, calm.prompt, key, run);
  const panel = viewNames[Number(key.name) - 1];
  if (panel !== undefined) return { ...calm, panels: toggled(calm.panels, panel) };
  switch (key.name) {
    case "right":
    case "down":
    case "space":
    case "return":
    case "j":
      return goTo(calm, calm.at + 1, run);
    case "left":
    case "up":
    case "b":
    case "k":
      return goTo(calm, calm.at - 1, run);
    case "pagedown":
      return goTo(calm, Math.min(calm.at + pageEvents, Math.max(calm.at + 1, run.steps.length - 1)), run);
    case "pageup":
      return goTo(calm, Math.max(calm.at - pageEvents, Math.min(calm.at - 1, 0)), run);
    case "home":
      return { ...calm, at: 0 };
    case "end":
      return { ...calm, at: run.steps.length - 1 };
    case "n":
      return goToMark(
        calm,
        run.marked.find((index) => index > calm.at),
        "after",
      );
    case "p":
      return goToMark(
        calm,
        run.marked.findLast((index) => index < calm.at),
        "before",
      );
    case "g":
      return { ...calm, prompt: { kind: "goto", text: "" } };
    case "/":
      return { ...calm, prompt: { kind: "search", text: "" } };
    case "tab":
      return { ...calm, panels: nextPanels(calm.panels) };
    case "?":
      return { ...calm, showsHelp: !calm.showsHelp };
    case "escape":
      return { ...calm, showsHelp: false };
    case "q":
      return "quit";
    default:
      return { ...calm, message: "no such key; ? lists them" };
  }
}

function typeInPrompt(state: StepState, prompt: Prompt, key: Key, run: RecordedRun): StepState {
  const closed = { ...state, prompt: undefined };
  switch (key.name) {
    case "escape":
      return closed;
    case "return":
      return prompt.kind === "goto" ? goToNumber(closed, prompt.text, run) : searchNext(closed, prompt.text, run);
    case "backspace": {
      if (prompt.text === "") return closed;
      return { ...state, prompt: { ...prompt, text: [...prompt.text].slice(0, -1).join("") } };
    }
    default:
      if ([...prompt.text].length >= promptLengthMax) return state;
      return { ...state, prompt: { ...prompt, text: prompt.text + key.text } };
  }
}

function goTo(state: StepState, at: number, run: RecordedRun): StepState {
  if (at < 0) return { ...state, message: "this is the first event" };
  if (at >= run.steps.length) return { ...state, message: "this is the last event" };
  return { ...state, at };
}

function goToMark(state: StepState, at: number | undefined, where: string): StepState {
  return at === undefined ? { ...state, message: `no fault or violation ${where} this event` } : { ...state, at };
}

function goToNumber(state: StepState, text: string, run: RecordedRun): StepState {
  if (text.trim() === "") return state;
  const last = run.steps.length - 1;
  const at = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN;
  return at >= 0 && at <= last ? { ...state, at } : { ...state, message: `no such event; there are 0 to ${last}` };
}

/** From the next event on, around the end. @param text nothing for what was searched for before */
function searchNext(state: StepState, text: string, run: RecordedRun): StepState {
  const search = text === "" ? state.search : text;
  if (search === "") return state;
  const wanted = search.toLowerCase();
  const count = run.steps.length;
  for (let offset = 1; offset <= count; offset++) {
    const at = (state.at + offset) % count;
    const { actor, words, site } = run.steps[at]!;
    if (!`${actor} ${words} ${site}`.toLowerCase().includes(wanted)) continue;
    return { ...state, at, search, message: at <= state.at ? "from the start again" : "" };
  }
  return { ...state, search, message: "found nowhere" };
}

function toggled(panels: readonly ViewName[], panel: ViewName): readonly ViewName[] {
  return viewNames.filter((each) => panels.includes(each) !== (each === panel));
}

/** None, each by itself, none. */
function nextPanels(panels: readonly ViewName[]): readonly ViewName[] {
  if (panels.length > 1) return [];
  const next = viewNames[panels.length === 0 ? 0 : viewNames.indexOf(panels[0]!) + 1];
  return next === undefined ? [] : [next];
}

const pageEvents = 10;
const promptLengthMax = 60;
