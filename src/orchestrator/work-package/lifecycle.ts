import type { AgentName } from "../decide/lanes.ts";
import { isPlainPath, isReserved } from "../workspace/path-rules.ts";
import type { PackageDeed } from "./package-event.ts";
import { laneOfStage, stageGates, stages, type ArtifactKind, type Stage, type StageGate } from "./stages.ts";
import { approvedBasis, currentPaths, isApproved, type Contents, type WorkPackage } from "./work-package.ts";

/** What a wish leads to: deeds to be recorded in this order, or why there are none. */
export type Decision =
  | { readonly kind: "deeds"; readonly deeds: readonly PackageDeed[] }
  | { readonly kind: "refused"; readonly causes: readonly string[] };

export const packageLimits = { artifacts: 64, artifactBytes: 4 * 1024 * 1024, events: 2_000 } as const;

/** Approves what stands in the workspace of one kind: all of it, as it is now. */
export function decideApproval(work: WorkPackage, contents: Contents, kind: ArtifactKind): Decision {
  const paths = currentPaths(work, contents, kind).filter((path) => contents.has(path));
  if (paths.length === 0) return refuse(`there are no ${kind} artifacts to approve`);
  const basis = approvedBasis(work, contents, kind);
  if (basis === undefined) return refuse(`what the ${kind} artifacts are made from is not approved`);
  if (isApproved(work, contents, kind)) return nothing;
  const approved = paths.map((path) => ({ path, hash: contents.get(path)! }));
  return { kind: "deeds", deeds: [{ type: "approval", kind, contents: approved, basis }] };
}

/**
 * Takes the package to another stage: forward one stage after the other, each through its gate, or back at once. Over
 * several stages it goes whole or not at all.
 */
export function decideMove(work: WorkPackage, contents: Contents, to: Stage): Decision {
  const fromLane = laneOfStage(work.stage);
  const toLane = laneOfStage(to);
  if (toLane === 0) return refuse(`there is no stage ${to}`);
  if (toLane === fromLane) return nothing;
  if (toLane < fromLane) return { kind: "deeds", deeds: [{ type: "rollback", from: work.stage, to }] };
  const causes = gatesBetween(work.stage, to).flatMap((gate) => gateRefusal(work, contents, gate) ?? []);
  if (causes.length > 0) return refuse(...causes);
  const passed = stages.slice(fromLane - 1, toLane);
  const deeds = passed.slice(1).map((stage, index) => ({ type: "advance" as const, from: passed[index]!, to: stage }));
  return { kind: "deeds", deeds };
}

/**
 * What a person who moves the card on the board asks for. One step over a gate is the approval of what that gate asks
 * for; a drag over several lanes approves nothing.
 */
export function decideDrag(work: WorkPackage, contents: Contents, to: Stage): Decision {
  const [gate] = gatesBetween(work.stage, to);
  const isOneStep = laneOfStage(to) === laneOfStage(work.stage) + 1;
  if (!isOneStep || gate?.asks !== "approval") return decideMove(work, contents, to);
  const approval = decideApproval(work, contents, gate.kind);
  if (approval.kind === "refused") return approval;
  return { kind: "deeds", deeds: [...approval.deeds, { type: "advance", from: work.stage, to }] };
}

export function decideArtifact(
  work: WorkPackage,
  contents: Contents,
  { kind, path }: { readonly kind: ArtifactKind; readonly path: string },
): Decision {
  if (!isPlainPath(path) || isReserved(path)) return refuse(`${JSON.stringify(path)} is no path inside the workspace`);
  const known = work.artifacts.find((each) => each.path === path);
  if (known !== undefined)
    return known.kind === kind ? nothing : refuse(`${path} is one of the ${known.kind} artifacts already`);
  if (!contents.has(path)) return refuse(`${path} is not in the workspace, or empty`);
  if (work.artifacts.length >= packageLimits.artifacts) {
    return refuse(`the package has ${packageLimits.artifacts} artifacts already, the most there may be`);
  }
  return { kind: "deeds", deeds: [{ type: "artifact", kind, path }] };
}

/** Why an agent may not start on the package now; empty when it may. Looks at what stands in the workspace. */
export function agentRefusals(work: WorkPackage, contents: Contents, agent: AgentName): readonly string[] {
  const gate = agentGates[agent];
  if (gate === undefined) return [];
  return gateRefusal(work, contents, gate) ?? [];
}

/** An agent that is not listed may start at any time. */
const agentGates: Readonly<Partial<Record<AgentName, Omit<StageGate, "stage">>>> = {
  pm: { kind: "design", asks: "approval" },
  spawner: { kind: "planning", asks: "approval" },
  testPlan: { kind: "planning", asks: "approval" },
  testCode: { kind: "tests", asks: "presence" },
  ralph: { kind: "tests", asks: "approval" },
  codeReview: { kind: "implementation", asks: "presence" },
};

/** Agents that have a gate. */
export const gatedAgents: readonly AgentName[] = Object.keys(agentGates) as AgentName[];

/** Gates that a way forward passes, in its order. */
function gatesBetween(from: Stage, to: Stage): readonly StageGate[] {
  return stageGates.filter(
    ({ stage }) => laneOfStage(stage) >= laneOfStage(from) && laneOfStage(stage) < laneOfStage(to),
  );
}

function gateRefusal(
  work: WorkPackage,
  contents: Contents,
  { kind, asks }: Omit<StageGate, "stage">,
): readonly string[] | undefined {
  if (asks === "approval")
    return isApproved(work, contents, kind) ? undefined : [`the ${kind} artifacts are not approved`];
  const paths = currentPaths(work, contents, kind);
  return paths.some((path) => contents.has(path)) ? undefined : [`there are no ${kind} artifacts`];
}

const nothing: Decision = { kind: "deeds", deeds: [] };

function refuse(...causes: readonly string[]): Decision {
  return { kind: "refused", causes };
}
