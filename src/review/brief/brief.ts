import { shortCode } from "../../report/campaign-page/words.ts";
import type { Review } from "../review.ts";
import { degradedSection, footGunsSection, loadSection } from "./behaviour-sections.ts";
import { budgetsSection, mapSection, testsSection } from "./coverage-sections.ts";
import { findingsSection, passBarSection } from "./findings-sections.ts";
import { invariantsSection, proofsSection } from "./invariants-sections.ts";
import { keptSection, runsSection } from "./runs-sections.ts";

/** What a brief says, before it is put into a form. All text is plain: nothing in it is markup. */
export interface Brief {
  readonly title: string;
  readonly verdict: { readonly text: string; readonly tone: Tone };
  readonly reasons: readonly string[];
  readonly facts: readonly { readonly name: string; readonly value: string; readonly isCode?: boolean }[];
  readonly sections: readonly BriefSection[];
}

export type Tone = "good" | "doubt" | "bad";

export interface BriefSection {
  /** Of its element and its link. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly tables: readonly BriefTable[];
}

export interface BriefTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly BriefCell[])[];
  /** What stands there when there are no rows. */
  readonly empty: string;
  /** Rows are too wide for lines: each is shown as a list of its cells. */
  readonly isRecords?: boolean;
}

export type BriefCell =
  | string
  | number
  | { readonly text: string; readonly tone: Tone }
  | { readonly text: string; readonly isCode: true };

export function briefOf(review: Review): Brief {
  const { evidence, verdict } = review;
  const { name, mutant, code, command } = evidence.system;
  const tones = { ready: "good", "ready with conditions": "doubt", "not ready": "bad" } as const;
  return {
    title: `Release brief: ${name}`,
    verdict: { text: verdict.kind, tone: tones[verdict.kind] },
    reasons: verdict.reasons,
    facts: [
      { name: "System", value: mutant === undefined ? name : `${name}, with the known bug ${mutant}` },
      { name: "Code", value: shortCode(code), isCode: true },
      { name: "Made by", value: command, isCode: true },
    ],
    sections: [
      findingsSection(review),
      passBarSection(review),
      invariantsSection(review),
      proofsSection(review),
      runsSection(review),
      keptSection(review),
      mapSection(review),
      budgetsSection(review),
      degradedSection(review),
      footGunsSection(review),
      loadSection(review),
      testsSection(review),
    ].filter((section) => section !== undefined),
  };
}
