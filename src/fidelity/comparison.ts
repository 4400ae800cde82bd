import { aspects, type Aspect, type Fact, type NormalForm } from "./normal-form.ts";

export const fidelities = ["simulation", "loopback", "processes"] as const;
export type Fidelity = (typeof fidelities)[number];

/** One thing that is not so in all three. */
export interface Difference {
  readonly aspect: Aspect;
  readonly process: string;
  readonly subject: string;
  /** What it is in each; null where it is not there at all. */
  readonly values: Readonly<Record<Fidelity, string | null>>;
  /** The one that stands alone; `none` when no two agree. */
  readonly odd: Fidelity | "none";
  readonly hint: Hint;
}

/** Where to look. `follows`: at the others first. */
export interface Hint {
  readonly at: "fake" | "port" | "timing" | "chance" | "process" | "follows";
  readonly why: string;
}

export interface Circumstances {
  /** What the simulation came to under other schedules: what happens there too is no matter of fidelity. */
  readonly others: readonly NormalForm[];
  /** A real run was still at work at its end. */
  readonly isUnfinished: boolean;
}

/** @returns causes before what follows of them */
export function compare(
  forms: Readonly<Record<Fidelity, NormalForm>>,
  { others, isUnfinished }: Circumstances,
): readonly Difference[] {
  const facts = new Map<string, Fact>();
  for (const fidelity of fidelities)
    for (const [key, fact] of forms[fidelity]) if (!facts.has(key)) facts.set(key, fact);
  const found: Omit<Difference, "hint">[] = [];
  for (const [key, { aspect, process, subject }] of facts) {
    const values = Object.fromEntries(
      fidelities.map((fidelity) => [fidelity, forms[fidelity].get(key)?.value ?? null]),
    ) as Difference["values"];
    if (agree(aspect, values)) continue;
    found.push({ aspect, process, subject, values, odd: oddOf(aspect, values) });
  }
  const ordered = found.toSorted((left, right) => aspects.indexOf(left.aspect) - aspects.indexOf(right.aspect));
  const isUnder = (difference: Omit<Difference, "hint">): boolean => isAlsoSimulated(difference, others);
  const causes = ordered.filter((difference) => isCause(difference.aspect) && !isUnder(difference));
  const isOfOrder = ordered.some(isUnder);
  return ordered.map((difference) => ({
    ...difference,
    hint: isUnder(difference) ? timing : hintOf(difference, causes, { isOfOrder, isUnfinished }),
  }));
}

/** An answer that was not asked for is none that differs: its request is told of. */
function present(aspect: Aspect, values: Difference["values"]): readonly (string | null)[] {
  const all = fidelities.map((fidelity) => values[fidelity]);
  return aspect === "answer" ? all.filter((value) => value !== null) : all;
}

function agree(aspect: Aspect, values: Difference["values"]): boolean {
  return new Set(present(aspect, values)).size <= 1;
}

function oddOf(aspect: Aspect, values: Difference["values"]): Fidelity | "none" {
  const { simulation, loopback, processes } = values;
  if (aspect === "answer" && present(aspect, values).length === 2) return simulation === null ? "none" : "simulation";
  if (loopback === processes) return "simulation";
  if (simulation === processes) return "loopback";
  if (simulation === loopback) return "processes";
  return "none";
}

function isAlsoSimulated(
  { aspect, process, subject, values }: Omit<Difference, "hint">,
  others: readonly NormalForm[],
): boolean {
  const key = `${aspect}\0${process}\0${subject}`;
  const seen = new Set<string | null>([values.simulation, ...others.map((form) => form.get(key)?.value ?? null)]);
  return present(aspect, values).every((value) => seen.has(value));
}

function isCause(aspect: Aspect): boolean {
  return !followers.has(aspect);
}

/** What a system does otherwise, because it was told otherwise or things came in another order. */
const followers: ReadonlySet<Aspect> = new Set(["webhook", "request", "program", "commit", "card"]);

const timing: Hint = {
  at: "timing",
  why: "the simulation comes to this too, under another schedule: the order of things, and no drift",
};

const unfinished: Hint = {
  at: "timing",
  why: "a real run was still at work when its time was up: give it longer with --for",
};

function hintOf(
  { aspect, odd }: Omit<Difference, "hint">,
  causes: readonly Omit<Difference, "hint">[],
  { isOfOrder, isUnfinished }: { readonly isOfOrder: boolean; readonly isUnfinished: boolean },
): Hint {
  if (isUnfinished && (!isCause(aspect) || aspect === "file")) return unfinished;
  if (!isCause(aspect) && causes.length > 0) {
    return { at: "follows", why: "look at what stands above first: this may come of it" };
  }
  if (!isCause(aspect) && isOfOrder) {
    return { at: "follows", why: "others of these differences are of the order of things: this may come of that" };
  }
  switch (aspect) {
    case "modelled":
      return { at: "fake", why: "a fake was asked for what it does not model" };
    case "answer":
      return odd === "simulation"
        ? { at: "fake", why: "the same was asked of the same state: the served fake and the simulated one differ" }
        : { at: "fake", why: "the same was asked of the same state, and answered otherwise" };
    case "life":
      return { at: "process", why: "it ended in one, and not in the other: see its last words" };
    case "header":
      return odd === "simulation"
        ? { at: "port", why: "the simulated HTTP client sends other headers than Node's" }
        : { at: "port", why: "the HTTP client sends other headers there" };
    default:
      return odd === "none"
        ? { at: "chance", why: "no two agree: something of chance, of time, or of the order of things is in it" }
        : portHint(aspect, odd);
  }
}

function portHint(aspect: Aspect, odd: Fidelity): Hint {
  const what = portWords[aspect] ?? "the ports";
  switch (odd) {
    case "simulation":
      return { at: "port", why: `real runs agree with each other: ${what} of the simulation, or its time` };
    case "loopback":
      return { at: "port", why: "only where all share one Node process: its loader, or what processes share there" };
    case "processes":
      return {
        at: "port",
        why: `only with processes of their own: ${what} of the machine, Node's loader, or the order of things`,
      };
  }
}

const portWords: Partial<Record<Aspect, string>> = {
  file: "the files",
  program: "the programs",
  webhook: "the servers",
};
