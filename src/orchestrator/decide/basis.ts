import { sha256 } from "../../base/digest.ts";
import { parsePrd, type Story } from "./prd.ts";

/** What an approval rests on where it rests on nothing. */
export const noBasis = "0000000000000000";

/** What a plan rests on: the approved design. */
export function basisOfPlan(designHash: string | undefined): string {
  return designHash?.slice(0, noBasis.length) ?? noBasis;
}

/** What the tests of a story rest on: its entry in the approved plan. `noBasis` for a card that the plan does not know. */
export function basisOfStory(plan: string, atomicId: string): string {
  const check = parsePrd(plan);
  const story = check.kind === "ok" ? check.stories.find(({ id }) => id === atomicId) : undefined;
  return story === undefined ? noBasis : digestOfStory(story);
}

/** Of all that a plan says of a story. */
export function digestOfStory(story: Story): string {
  const { id, title, description, acceptanceCriteria, priority } = story;
  const text = JSON.stringify([id, title, description, acceptanceCriteria, priority]);
  return sha256(text).slice(0, noBasis.length);
}
