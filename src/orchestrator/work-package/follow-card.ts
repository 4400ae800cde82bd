import { assert } from "../../base/assert.ts";
import type { Answer } from "../answer.ts";
import { lanePrograms, type AgentName, type LaneProgram } from "../decide/lanes.ts";
import { agentRefusals, decideArtifact, decideDrag } from "./lifecycle.ts";
import { openPackage, type OpenPackage, type Opening, type PackageShelf } from "./open-package.ts";
import { laneOfStage, stageOfLane, type ArtifactKind, type Stage } from "./stages.ts";
import type { WorkPackage } from "./work-package.ts";

/** How cards are worked: `single-card` keeps a package for each and makes no children. */
export type CardMode = "board" | "single-card";

/** What a lane asks for in a mode: the one place that every trigger asks. */
export function laneProgramOf(mode: CardMode, lane: number): LaneProgram | undefined {
  const program = lanePrograms[lane];
  if (mode === "board" || program === undefined || !program.agents.includes("spawner")) return program;
  // Nothing is spawned, so no tag may say so; and those of lane 3 stand on the card since then.
  const agents = program.agents.filter((agent) => agent !== "spawner");
  return { lane, agents, ...planTags };
}

/** What lane 5 shows when nothing but the plan is locked there. */
export const planTags = {
  startedTag: "plan-locking",
  completedTag: "plan-locked",
  failedTag: "plan-failed",
} as const;

/** Where a card stands on the board, as it was read under its lease. */
export interface CardPlace extends Opening {
  readonly reference: string;
  /** 1 to 11. */
  readonly lane: number;
  /** Where agents of this card write, inside its workspace. Those that are there belong to the package. */
  readonly artifacts: readonly { readonly kind: ArtifactKind; readonly path: string }[];
}

export interface Followed {
  readonly opened: OpenPackage;
  /** Why the package is not where the card is; empty when it is. To be told on the card. */
  readonly refusals: readonly string[];
}

/**
 * Takes the package of a card to the stage of its lane, where its gates let it. Called again for the same lane, after
 * a crash or by a second trigger, it goes on where it was. To be called under the lease of the card's scope.
 */
export async function followCard(shelf: PackageShelf, place: CardPlace): Promise<Answer<Followed>> {
  const stage = stageOfLane(place.lane);
  assert(stage !== undefined, "a card stands in a lane of the board");
  const opening = await openPackage(shelf, place.reference, place);
  if (opening.kind !== "ok") return opening;
  const opened = opening.value;
  const taken = await takeArtifacts(opened, place);
  if (taken.kind !== "ok") return taken;
  const decision = decideDrag(opened.work, opened.contents, stage);
  if (decision.kind === "deeds") {
    const recorded = await opened.record(decision.deeds, place);
    return recorded.kind === "ok" ? { kind: "ok", value: { opened, refusals: [] } } : recorded;
  }
  const { causes } = decision;
  if (!isTold(opened.work, stage, causes)) {
    const recorded = await opened.record([{ type: "refusal", from: opened.work.stage, to: stage, causes }], place);
    if (recorded.kind !== "ok") return recorded;
  }
  return { kind: "ok", value: { opened, refusals: causes } };
}

/** Why an agent of the card's lane may not start; empty when it may. */
export function startRefusals({ opened, refusals }: Followed, agent: AgentName): readonly string[] {
  if (refusals.length === 0) return agentRefusals(opened.work, opened.contents, agent);
  const { stage } = opened.work;
  return [`the work package is still in ${stage} (lane ${laneOfStage(stage)})`, ...refusals];
}

async function takeArtifacts(opened: OpenPackage, place: CardPlace): Promise<Answer<void>> {
  const looked = await opened.look(place.artifacts.map(({ path }) => path));
  if (looked.kind !== "ok") return looked;
  for (const artifact of place.artifacts) {
    if (!opened.contents.has(artifact.path)) continue;
    const decision = decideArtifact(opened.work, opened.contents, artifact);
    if (decision.kind === "refused") return { kind: "refused", reason: decision.causes.join("; ") };
    const recorded = await opened.record(decision.deeds, place);
    if (recorded.kind !== "ok") return recorded;
  }
  return { kind: "ok", value: undefined };
}

/** The same refusal again is no event: a poller asks in every tick. */
function isTold({ refusal }: WorkPackage, to: Stage, causes: readonly string[]): boolean {
  return refusal?.to === to && refusal.causes.join("\n") === causes.join("\n");
}
