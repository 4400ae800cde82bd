import { suggestName } from "../nearest-name.ts";
import { wrongValue } from "../option-values.ts";

/** How the user's orchestrator is reached. */
export type ScaffoldKind = keyof typeof scaffoldKinds;

export interface ScaffoldKindWords {
  readonly label: string;
  readonly hint: string;
  /** What to do after `npm install`. */
  readonly firstSteps: readonly string[];
}

export const scaffoldKinds = {
  ports: {
    label: "over the ports",
    hint: "TypeScript that reaches the world through ports: simulated, deterministic, thousands of runs a second",
    firstSteps: [
      "npx stormlane run                # finds the race that is planted in src/worker",
      "npx stormlane replay FILE        # tells it again, as often as you like",
      "npx vitest run                   # the same as a test of your suite",
    ],
  },
  http: {
    label: "over HTTP and PATH",
    hint: "any program in any language, as it is: real processes against served fakes",
    firstSteps: ["npx vitest run stormlane         # finds the mistake that is planted in stormlane/orchestrator.mjs"],
  },
} as const satisfies Readonly<Record<string, ScaffoldKindWords>>;

export function readKind(text: string): ScaffoldKind {
  if (Object.hasOwn(scaffoldKinds, text)) return text as ScaffoldKind;
  throw wrongValue("--kind", text, "there is no such kind", suggestName(text, Object.keys(scaffoldKinds)));
}
