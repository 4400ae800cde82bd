export type AgentName =
  | "architect"
  | "governance"
  | "pm"
  | "spawner"
  | "testPlan"
  | "testCode"
  | "ralph"
  | "codeReview";

/** What a lane asks for: its agents in order, and the tags that show how far they are. */
export interface LaneProgram {
  readonly lane: number;
  readonly agents: readonly AgentName[];
  readonly startedTag: string;
  readonly completedTag: string;
  readonly failedTag: string;
}

export const laneTitles: readonly string[] = [
  "1. Inbox",
  "2. Design Draft",
  "3. Design Approved",
  "4. Planning Draft",
  "5. Plan Approved",
  "6. Tests Draft",
  "7. Tests Approved",
  "8. Ralph Loop",
  "9. Code Review",
  "10. Final Review",
  "11. Done",
];

export const planApprovedLane = 5;
export const doneLane = 11;

/** By lane; a lane that is absent waits for people. */
export const lanePrograms: readonly (LaneProgram | undefined)[] = [
  undefined,
  undefined,
  program(2, ["architect"], "design-started", "design-generated", "design-failed"),
  program(3, ["governance"], "locking", "locked", "needs-human"),
  program(4, ["pm"], "planning-started", "planning-generated", "planning-failed"),
  program(5, ["governance", "spawner"], "spawning-started", "spawned", "spawning-failed"),
  program(6, ["testPlan"], "tests-started", "tests-generated", "tests-failed"),
  program(7, ["testCode", "governance"], "tests-coding-started", "tests-coding-generated", "tests-coding-failed"),
  program(8, ["ralph"], "coding-started", "coding-complete", "coding-failed"),
  program(9, ["codeReview"], "review-started", "review-complete", "review-failed"),
];

/** 1 to 11 by exact title, else by title without its number and case; undefined when no lane has it. */
export function laneOfTitle(title: string): number | undefined {
  const exact = laneTitles.indexOf(title);
  if (exact !== -1) return exact + 1;
  const bare = bareTitle(title);
  const index = laneTitles.findIndex((candidate) => bareTitle(candidate) === bare);
  return index === -1 ? undefined : index + 1;
}

function bareTitle(title: string): string {
  return title
    .replace(/^\s*\d+\.\s*/, "")
    .trim()
    .toLowerCase();
}

function program(
  lane: number,
  agents: readonly AgentName[],
  startedTag: string,
  completedTag: string,
  failedTag: string,
): LaneProgram {
  return { lane, agents, startedTag, completedTag, failedTag };
}
