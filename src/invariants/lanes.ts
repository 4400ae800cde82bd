import type { Facts } from "./facts.ts";

/** What a lane of the board promises, seen from outside. Stated here anew: a judge must not ask the judged. */
export interface LaneRule {
  readonly lane: number;
  readonly startedTag: string;
  readonly completedTag: string;
  readonly failedTag: string;
  /** Names of the files that a finished run leaves on its card. */
  attachments(id: string): readonly string[];
  /** What a finished run has approved, as a path inside the workspace. */
  approves(id: string): string | undefined;
  readonly runsGit: boolean;
  /** What a run may open again: people have moved the card back into this lane. */
  reopens(id: string): string | undefined;
}

export const spawnLane = 5;
export const ralphLane = 8;
export const reviewLane = 9;
export const doneLane = 11;
/** On a card whose work was made from something that is not approved any more. */
export const staleTag = "stale";
const designPath = "DESIGN.md";
export const planPath = "prd.json";

const none = (): readonly string[] => [];
const nothing = (): undefined => undefined;

/** By lane; a lane that is absent waits for people. */
export const laneRules: readonly (LaneRule | undefined)[] = [
  undefined,
  undefined,
  {
    ...tags(2, "design-started", "design-generated", "design-failed"),
    attachments: () => ["DESIGN.md"],
    approves: nothing,
    runsGit: true,
    reopens: () => designPath,
  },
  {
    ...tags(3, "locking", "locked", "needs-human"),
    attachments: none,
    approves: () => designPath,
    runsGit: false,
    reopens: nothing,
  },
  {
    ...tags(4, "planning-started", "planning-generated", "planning-failed"),
    attachments: () => ["prd.json"],
    approves: nothing,
    runsGit: false,
    reopens: () => planPath,
  },
  {
    ...tags(5, "spawning-started", "spawned", "spawning-failed"),
    attachments: none,
    approves: () => planPath,
    runsGit: false,
    reopens: nothing,
  },
  {
    ...tags(6, "tests-started", "tests-generated", "tests-failed"),
    attachments: (id) => [`TEST_PLAN_${id}.md`],
    approves: nothing,
    runsGit: false,
    reopens: testPath,
  },
  {
    ...tags(7, "tests-coding-started", "tests-coding-generated", "tests-coding-failed"),
    attachments: (id) => [`test_${id}.py`],
    approves: testPath,
    runsGit: false,
    reopens: nothing,
  },
  {
    ...tags(8, "coding-started", "coding-complete", "coding-failed"),
    attachments: none,
    approves: nothing,
    runsGit: true,
    reopens: nothing,
  },
  {
    ...tags(9, "review-started", "review-complete", "review-failed"),
    attachments: (id) => [`CODE_REVIEW_REPORT_${id}.json`],
    approves: nothing,
    runsGit: true,
    reopens: nothing,
  },
];

/** Of lane 5 where cards are worked alone: the plan is locked, and nothing spawned. */
const planRule: LaneRule = {
  ...laneRules[spawnLane]!,
  ...tags(spawnLane, "plan-locking", "plan-locked", "plan-failed"),
};

/** What a lane promises in the mode of the system. */
export function laneRule({ mode }: Pick<Facts, "mode">, lane: number): LaneRule | undefined {
  return mode === "single-card" && lane === spawnLane ? planRule : laneRules[lane];
}

/** Of all modes. */
export const allLaneRules: readonly LaneRule[] = [...laneRules.filter((rule) => rule !== undefined), planRule];

/** All tags that say that a run is under way. */
export const startedTags: ReadonlySet<string> = new Set(allLaneRules.map((rule) => rule.startedTag));

/** 1 to 11 from a column's title, as `5. Plan Approved`; 0 for a column that is no lane. */
export function laneOfColumn(title: string): number {
  const match = /^\s*(\d+)\./.exec(title);
  return match === null ? 0 : Number(match[1]);
}

export function testPath(id: string): string {
  return `tests/test_${id}.py`;
}

export function sourcePath(id: string): string {
  return `src/${id}.py`;
}

/** How a story's id stands in file names. */
export function fileId(id: string): string {
  return id.replace(/[^a-zA-Z0-9]/g, "_");
}

/** The epic's reference: all of its cards share a workspace. */
export function epicOf(reference: string): string {
  const slash = reference.indexOf("/");
  return slash <= 0 ? reference : reference.slice(0, slash);
}

/** undefined for an epic. */
export function storyOf(reference: string): string | undefined {
  const slash = reference.indexOf("/");
  return slash <= 0 ? undefined : reference.slice(slash + 1);
}

function tags(
  lane: number,
  startedTag: string,
  completedTag: string,
  failedTag: string,
): Pick<LaneRule, "lane" | "startedTag" | "completedTag" | "failedTag"> {
  return { lane, startedTag, completedTag, failedTag };
}
