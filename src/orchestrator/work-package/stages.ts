import { laneTitles } from "../decide/lanes.ts";

/** What a work package holds, in the order in which one is made from the other. */
export const artifactKinds = ["design", "planning", "tests", "implementation"] as const;
export type ArtifactKind = (typeof artifactKinds)[number];

/** A stage is a lane of the board by another name: `design-draft` is lane 2. */
export type Stage = string;

/** In the order of the lanes. */
export const stages: readonly Stage[] = laneTitles.map((title) =>
  title
    .replace(/^\d+\.\s*/, "")
    .toLowerCase()
    .replaceAll(" ", "-"),
);

export const firstStage: Stage = stages[0]!;

/** @param lane 1 to 11 */
export function stageOfLane(lane: number): Stage | undefined {
  return stages[lane - 1];
}

/** 1 to 11; 0 for what is no stage. */
export function laneOfStage(stage: Stage): number {
  return stages.indexOf(stage) + 1;
}

/** What must hold before a package may leave a stage forward. */
export interface StageGate {
  readonly stage: Stage;
  readonly kind: ArtifactKind;
  /** `approval`: people approved exactly what stands in the workspace. `presence`: it is there. */
  readonly asks: "approval" | "presence";
}

/** A stage that is not listed may be left at any time. */
export const stageGates: readonly StageGate[] = [
  { stage: "design-draft", kind: "design", asks: "approval" },
  { stage: "planning-draft", kind: "planning", asks: "approval" },
  { stage: "tests-draft", kind: "tests", asks: "approval" },
  // The test code was written since: it needs an approval of its own.
  { stage: "tests-approved", kind: "tests", asks: "approval" },
  { stage: "ralph-loop", kind: "implementation", asks: "presence" },
  { stage: "final-review", kind: "implementation", asks: "approval" },
];

export function upstreamOf(kind: ArtifactKind): ArtifactKind | undefined {
  return artifactKinds[artifactKinds.indexOf(kind) - 1];
}

export function isArtifactKind(text: unknown): text is ArtifactKind {
  return artifactKinds.some((kind) => kind === text);
}
