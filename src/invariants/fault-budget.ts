import type { JsonObject } from "../base/json.ts";
import type { Facts } from "./facts.ts";

/** Faults that a card survives alike: it goes on as if they had not been, and shows no failure. */
export interface BudgetRow {
  /** In words, as in the table of docs/fault-budget.md. */
  readonly what: string;
  readonly kinds: readonly string[];
  /** Of the webhooks that the board sends, or of everything else; both unless given. */
  readonly of?: "webhooks" | "calls";
  /** `any`: there is no number of them that a card would show. `counted`: all of these rows together have one limit. */
  readonly perCard: "any" | "counted";
  /** How long one of them may last. */
  readonly longestMs?: number;
  /** What a card shows when there are more, or when one lasts longer. */
  readonly beyond: string;
}

/** A fault as a history tells of it. */
export interface StruckFault {
  readonly site: string;
  readonly fault: string;
  readonly params: JsonObject;
}

const nothing = "nothing: the card is only later";
const attempts = "when the attempts of the run are used up, a failed tag and a comment that names the last failure";

/** The first row that fits a fault is its own. */
export const faultBudget: readonly BudgetRow[] = [
  {
    what: "webhook lost, late, doubled, or its answer lost",
    kinds: ["request-lost", "request-delayed", "request-duplicated", "answer-lost"],
    of: "webhooks",
    perCard: "any",
    beyond: nothing,
  },
  {
    what: "slow answer, slow disk, request that arrives twice",
    kinds: ["answer-delayed", "disk-slow", "request-duplicated"],
    perCard: "any",
    longestMs: 4_000,
    beyond: "as a lost answer",
  },
  {
    what: "wall clock that jumps",
    kinds: ["clock-jump"],
    perCard: "any",
    longestMs: 3_600_000,
    beyond: nothing,
  },
  {
    what: "request or answer lost, late, cut or refused on the way",
    kinds: [
      ...["request-lost", "refused", "answer-lost", "answer-reset", "request-delayed", "answer-truncated"],
      "answered-with",
    ],
    perCard: "counted",
    beyond: attempts,
  },
  {
    what: "outage of the board or of a model's provider",
    kinds: ["partition"],
    perCard: "counted",
    longestMs: 900_000,
    beyond: attempts,
  },
  {
    what: "failure of the board or of a model itself: an error, or an answer that is no use",
    kinds: ["service-fault"],
    perCard: "counted",
    beyond: "a failed tag and a comment that quotes what was wrong with the last answer",
  },
  {
    what: "read or write that fails, is torn, or finds its file cut short",
    kinds: ["disk-fails", "write-torn", "file-truncated"],
    perCard: "counted",
    beyond: attempts,
  },
  {
    what: "full disk",
    kinds: ["disk-full"],
    perCard: "counted",
    longestMs: 900_000,
    beyond: attempts,
  },
  {
    what: "program that does not start or misbehaves",
    kinds: ["spawn-fails", "program-misbehaves"],
    perCard: "counted",
    beyond: "a failed tag and a comment that says how the program ended",
  },
  {
    what: "death of a process or of its host",
    kinds: ["kill", "host-crash"],
    perCard: "counted",
    longestMs: 900_000,
    beyond: attempts,
  },
  {
    what: "process that stands still",
    kinds: ["pause"],
    perCard: "counted",
    longestMs: 900_000,
    beyond: attempts,
  },
];

/**
 * Whether a card that met these faults may show a failure.
 *
 * @param survived how many that count it must survive, if fewer than elsewhere
 */
export function exceedsBudget(
  facts: Facts,
  faults: readonly StruckFault[],
  survived = facts.faultsPerCardSurvived,
): boolean {
  return faults.some(lastsTooLong) || faults.filter(counts).length > survived;
}

/** Whether a program writes over what it was not asked to touch. */
export function writesOver({ params }: StruckFault): boolean {
  const behaviour = params["behaviour"] as { readonly kind?: string } | undefined;
  return behaviour?.kind === "editForbiddenFile";
}

function counts(fault: StruckFault): boolean {
  return rowOf(fault)?.perCard !== "any";
}

function lastsTooLong(fault: StruckFault): boolean {
  const longestMs = rowOf(fault)?.longestMs;
  return longestMs !== undefined && durationMsOf(fault.params) > longestMs;
}

/** undefined for a fault that the budget does not name: nothing is promised of it, so it counts. */
function rowOf({ site, fault }: StruckFault): BudgetRow | undefined {
  const of = /\/webhook\.[^/]*$/.test(site) ? "webhooks" : "calls";
  return faultBudget.find((row) => row.kinds.includes(fault) && (row.of === undefined || row.of === of));
}

/** How long a fault lasts, 0 when it is over at once. */
function durationMsOf(params: JsonObject): number {
  const lengths = ["durationMs", "delayMs", "afterMs", "restartAfterMs", "byMs"].map((name) => params[name]);
  return Math.max(0, ...lengths.map((value) => (typeof value === "number" ? Math.abs(value) : 0)));
}
