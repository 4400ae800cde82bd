import { digest64 } from "../../base/digest.ts";
import type { ArtifactContent, PackageEvent } from "./package-event.ts";
import {
  artifactKinds,
  firstStage,
  laneOfStage,
  stageGates,
  upstreamOf,
  type ArtifactKind,
  type Stage,
} from "./stages.ts";

/** What the events of one card say it is. */
export interface WorkPackage {
  readonly reference: string;
  readonly title: string;
  /** Absolute: where agents write, and where gates look. */
  readonly workspace: string;
  readonly stage: Stage;
  /** Those that belong to it, in the order in which they were added. */
  readonly artifacts: readonly { readonly kind: ArtifactKind; readonly path: string }[];
  /** By kind, oldest first. The last counts. */
  readonly approvals: Readonly<Record<ArtifactKind, readonly Approval[]>>;
  /** Why the package is not where somebody wanted it; undefined once it moved. */
  readonly refusal: (PackageEvent & { readonly type: "refusal" }) | undefined;
  /** Of the last event; 0 before the first. */
  readonly sequence: number;
  readonly atMs: number;
  /** Events that contradict those before them: kept, told, without effect. */
  readonly problems: readonly string[];
}

export interface Approval {
  readonly sequence: number;
  readonly contents: readonly ArtifactContent[];
  readonly basis: string;
  readonly who: string;
  /** The rollback that took it back. */
  readonly withdrawnBy: number | undefined;
}

/** @param events in the order of their sequence. @returns undefined when nothing says that the package was opened */
export function packageOf(events: readonly PackageEvent[]): WorkPackage | undefined {
  if (!events.some(({ type }) => type === "opened")) return undefined;
  return events.reduce(withEvent, emptyPackage);
}

const emptyPackage: WorkPackage = {
  reference: "",
  title: "",
  workspace: "",
  stage: firstStage,
  artifacts: [],
  approvals: { design: [], planning: [], tests: [], implementation: [] },
  refusal: undefined,
  sequence: 0,
  atMs: 0,
  problems: [],
};

export function withEvent(before: WorkPackage, event: PackageEvent): WorkPackage {
  const { sequence, atMs } = event;
  if (sequence <= before.sequence) return withProblem(before, `event ${sequence} stands there twice`);
  const next = { ...before, sequence, atMs: Math.max(before.atMs, atMs) };
  switch (event.type) {
    case "opened": {
      const { reference, title, workspace } = event;
      return { ...next, reference, title, workspace };
    }
    case "artifact": {
      const { kind, path } = event;
      if (next.artifacts.some((each) => each.path === path)) return next;
      return { ...next, artifacts: [...next.artifacts, { kind, path }] };
    }
    case "approval": {
      const { kind, contents, basis, who } = event;
      const approval = { sequence, contents, basis, who, withdrawnBy: undefined };
      return { ...next, approvals: { ...next.approvals, [kind]: [...next.approvals[kind], approval] } };
    }
    case "advance":
      if (event.from !== before.stage || laneOfStage(event.to) !== laneOfStage(event.from) + 1) {
        return withProblem(
          next,
          `event ${sequence} advances from ${event.from}, but the package is in ${before.stage}`,
        );
      }
      return { ...next, stage: event.to, refusal: undefined };
    case "rollback":
      if (event.from !== before.stage || laneOfStage(event.to) >= laneOfStage(event.from)) {
        return withProblem(
          next,
          `event ${sequence} goes back from ${event.from}, but the package is in ${before.stage}`,
        );
      }
      return { ...withdraw(next, event.to, sequence), stage: event.to, refusal: undefined };
    case "refusal":
      return { ...next, refusal: event };
  }
}

function withProblem(work: WorkPackage, problem: string): WorkPackage {
  return { ...work, problems: [...work.problems, problem] };
}

/** What was approved to leave a stage does not let the package leave it a second time. */
function withdraw(work: WorkPackage, to: Stage, by: number): WorkPackage {
  const approvals = { ...work.approvals };
  for (const { stage, kind, asks } of stageGates) {
    if (asks !== "approval" || laneOfStage(stage) < laneOfStage(to)) continue;
    approvals[kind] = approvals[kind].map((each) => ({ ...each, withdrawnBy: each.withdrawnBy ?? by }));
  }
  return { ...work, approvals };
}

/** By path: the SHA-256 of what stands in the workspace now. A file that is absent or empty is not in it. */
export type Contents = ReadonlyMap<string, string>;

export type ArtifactState = "draft" | "approved" | "stale" | "superseded";

export interface JudgedArtifact extends ArtifactContent {
  readonly kind: ArtifactKind;
  readonly state: ArtifactState;
  /** One sentence, without its full stop. */
  readonly why: string;
}

/** Each artifact that belongs to the package as it is now, then the versions that later approvals replaced. */
export function judgeArtifacts(work: WorkPackage, contents: Contents): readonly JudgedArtifact[] {
  return artifactKinds.flatMap((kind) => [
    ...currentPaths(work, contents, kind).map((path) => judge(work, contents, { kind, path })),
    ...supersededVersions(work, kind),
  ]);
}

function judge(
  work: WorkPackage,
  contents: Contents,
  { kind, path }: { readonly kind: ArtifactKind; readonly path: string },
): JudgedArtifact {
  const now = contents.get(path);
  const approval = work.approvals[kind].findLast((each) => each.contents.some((content) => content.path === path));
  const approvedHash = approval?.contents.find((content) => content.path === path)!.hash;
  const judged = { kind, path, hash: now ?? approvedHash ?? "" };
  if (approval === undefined) return { ...judged, state: "draft", why: "nobody approved it yet" };
  const why = staleness(work, contents, { kind, approval, now, approvedHash: approvedHash! });
  if (why !== undefined) return { ...judged, state: "stale", why };
  return { ...judged, state: "approved", why: `approved by ${approval.who} in event ${approval.sequence}` };
}

function staleness(
  work: WorkPackage,
  contents: Contents,
  found: {
    readonly kind: ArtifactKind;
    readonly approval: Approval;
    readonly now: string | undefined;
    readonly approvedHash: string;
  },
): string | undefined {
  const { kind, approval, now, approvedHash } = found;
  if (approval.withdrawnBy !== undefined) return `its approval was taken back in event ${approval.withdrawnBy}`;
  if (now === undefined) return "it is no longer there";
  if (now !== approvedHash) return "it was changed after its approval";
  if (approval !== work.approvals[kind].at(-1)) return "the last approval does not name it";
  const upstream = upstreamOf(kind);
  if (upstream !== undefined && approvedBasis(work, contents, kind) !== approval.basis) {
    return `the approved ${upstream} artifacts are not those that it was made from`;
  }
  return undefined;
}

function supersededVersions(work: WorkPackage, kind: ArtifactKind): readonly JudgedArtifact[] {
  const approvals = work.approvals[kind];
  const last = approvals.at(-1);
  const versions = new Map<string, JudgedArtifact>();
  for (const approval of approvals) {
    for (const { path, hash } of approval.contents) {
      if (approval === last || includesContent(last!, { path, hash })) continue;
      const why = `event ${last!.sequence} approved other content`;
      versions.set(`${hash} ${path}`, { kind, path, hash, state: "superseded", why });
    }
  }
  return [...versions.values()];
}

function includesContent(approval: Approval, { path, hash }: ArtifactContent): boolean {
  return approval.contents.some((each) => each.path === path && each.hash === hash);
}

/**
 * What counts of a kind, in code-unit order: what is there, and what the last approval names. A draft that was removed
 * before anybody approved it holds nothing up.
 */
export function currentPaths(work: WorkPackage, contents: Contents, kind: ArtifactKind): readonly string[] {
  const last = work.approvals[kind].at(-1);
  return work.artifacts
    .filter((each) => each.kind === kind)
    .map(({ path }) => path)
    .filter((path) => contents.has(path) || last?.contents.some((each) => each.path === path) === true)
    .toSorted();
}

/** Whether people approved exactly what stands there of a kind, and what it was made from as well. */
export function isApproved(work: WorkPackage, contents: Contents, kind: ArtifactKind): boolean {
  const paths = currentPaths(work, contents, kind);
  return paths.length > 0 && paths.every((path) => judge(work, contents, { kind, path }).state === "approved");
}

/** Of all that is upstream of a kind; empty when nothing is, undefined when not all of it is approved. */
export function approvedBasis(work: WorkPackage, contents: Contents, kind: ArtifactKind): string | undefined {
  const upstream = upstreamOf(kind);
  if (upstream === undefined) return "";
  if (!isApproved(work, contents, upstream)) return undefined;
  const { contents: approved, basis } = work.approvals[upstream].at(-1)!;
  return digest64([basis, ...approved.flatMap(({ path, hash }) => [path, hash])].join("\n"));
}
