import type { Mutant } from "../mutant.ts";

/** The board copies tags with the card: the story is begun, locked and spawned before anybody has seen it. */
export const inheritedTags: Mutant = {
  id: "F32",
  title: "the card of a story keeps the tags of its epic",
  scenario: "partial-spawn",
  expects: ["V1", "I1"],
  apply: (policies) => ({ ...policies, spawn: { ...policies.spawn, tagsOfCopy: (tags) => tags } }),
};
