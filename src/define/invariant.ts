import type { HistoryEvent } from "../history/event.ts";
import type { WorldChange } from "../history/changes.ts";
import type { EndOfRun, Finding, Invariant, Sometimes } from "../invariants/invariant.ts";
import { DefinitionError } from "./definition-error.ts";

type Kind = HistoryEvent["kind"];
type EventOf<Kinds extends Kind> = Extract<HistoryEvent, { readonly kind: Kinds }>;

/** Judges once: counts as checked, and reports the finding when it does not hold. */
export type Check = (holds: boolean, finding: Finding | (() => Finding)) => void;

export interface InvariantDefinition<Kinds extends Kind> {
  /** As `one-owner`: the first part of a failure's signature. */
  readonly id: string;
  /** One plain sentence, as it stands in a report. */
  readonly rule: string;
  /** The kinds of events it wants to see. */
  readonly kinds: readonly Kinds[];
  /** Of the changes, those of these stores; all of them unless given. */
  readonly stores?: readonly WorldChange["store"][];
  /** A judge for one run: what it remembers must live in here. */
  readonly judge: (check: Check) => {
    observe(event: EventOf<Kinds>, index: number): void;
    /** After the last event of a run that came to its regular end: for what must have happened by then. */
    finish?(end: EndOfRun): void;
  };
}

/**
 * What must never happen, or must have happened in the end. It reads the history alone. A run in which `check` was
 * never called says nothing about it, and is counted so.
 */
export function defineInvariant<Kinds extends Kind>(definition: InvariantDefinition<Kinds>): Invariant {
  const { id, rule, kinds, stores } = definition;
  refuseEmpty("defineInvariant", { id, rule });
  return {
    id,
    rule,
    start(report) {
      let checked = 0;
      const judge = definition.judge((holds, finding) => {
        checked++;
        if (!holds) report(typeof finding === "function" ? finding() : finding);
      });
      return {
        kinds,
        ...(stores === undefined ? {} : { stores }),
        // It is shown events of its kinds alone.
        observe: (event, index) => judge.observe(event as EventOf<Kinds>, index),
        ...(judge.finish === undefined ? {} : { finish: (end: EndOfRun) => judge.finish?.(end) }),
        checked: () => checked,
      };
    },
  };
}

/** No process ends by an error that nobody caught. One that a fault kills has not crashed. */
export const noCrash: Invariant = defineInvariant({
  id: "no-crash",
  rule: "No process ends by an error that nobody caught.",
  kinds: ["process"],
  judge: (check) => ({
    observe({ what, process, reason }) {
      if (what === "start") check(true, { place: process, message: "" });
      if (what === "crash") check(false, { place: process, message: `${process} crashed: ${reason}.` });
    },
  }),
});

export interface SometimesDefinition<Kinds extends Kind> {
  /** As `two claims overlapped`. */
  readonly name: string;
  readonly kinds: readonly Kinds[];
  /** Looks at one run; calls `hit` when it happened. What it throws breaks the run. */
  readonly judge: (hit: () => void) => (event: EventOf<Kinds>) => void;
}

/** What must happen in at least one run, or the campaign proves less than it says. */
export function defineSometimes<Kinds extends Kind>({ name, kinds, judge }: SometimesDefinition<Kinds>): Sometimes {
  refuseEmpty("defineSometimes", { name });
  return {
    name,
    start(hit) {
      const look = judge(hit);
      return { kinds, observe: (event) => look(event as EventOf<Kinds>) };
    },
  };
}

/** Reached when a process logs an event of that name through its log port. */
export function whenLogged(name: string): Sometimes {
  return defineSometimes({
    name,
    kinds: ["note"],
    judge: (hit) => (event) => {
      if (event.name === name) hit();
    },
  });
}

function refuseEmpty(what: string, texts: Readonly<Record<string, unknown>>): void {
  const empty = Object.entries(texts).filter(([, text]) => typeof text !== "string" || text.trim() === "");
  if (empty.length > 0) {
    throw new DefinitionError(
      what,
      empty.map(([member]) => `${member}: must be a text that is not empty`),
    );
  }
}
