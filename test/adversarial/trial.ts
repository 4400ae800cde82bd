import { fileURLToPath } from "node:url";
import { scenarioWith } from "../../scenarios/index.ts";
import { readRepro, type Repro } from "../../src/cli/repro-file.ts";
import { signatureOf, type Outcome } from "../../src/sim/outcome.ts";
import { runCase } from "../../src/sim/run-case.ts";

/** What a case shows of a core: a mutant, or the correct one. */
export type Shown =
  | { readonly kind: "broken"; readonly invariant: string; readonly signature: string }
  | { readonly kind: "held" }
  /** It held, but something that the case forces never came to pass: that says nothing. */
  | { readonly kind: "unreached"; readonly site: string }
  /** A bound, a leak, or a failure of our own. */
  | { readonly kind: "undecided"; readonly why: string };

/** Runs a case on the core with a mutant planted, whichever it was made for; without one on the correct core. */
export async function tryCase({ case: tried }: Repro, mutant: string | undefined): Promise<Shown> {
  return shownBy(await runCase(scenarioWith(tried.scenario, { ...(mutant !== undefined && { mutant }) }), tried));
}

export function shownBy({ verdict, unused }: Pick<Outcome, "verdict" | "unused">): Shown {
  switch (verdict.kind) {
    case "violated":
      return { kind: "broken", invariant: verdict.violation.invariant, signature: signatureOf(verdict) };
    case "held":
      return unused[0] === undefined ? { kind: "held" } : { kind: "unreached", site: unused[0] };
    case "limit":
    case "nondeterminism":
    case "broken":
      return { kind: "undecided", why: signatureOf(verdict) };
  }
}

export function keptRepro(name: string): Repro {
  return readRepro(fileURLToPath(new URL(`../../reports/corpus/${name}`, import.meta.url)), name);
}
