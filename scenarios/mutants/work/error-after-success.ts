import type { Mutant } from "../mutant.ts";

/** An error of programming on a path that few runs take: between the work and the word about it, again and again. */
export const errorAfterSuccess: Mutant = {
  id: "F92",
  title: "what a resumed run tells its card asks for a part of the result that is not there",
  scenario: "crash-anywhere",
  expects: ["no-crash"],
  apply: (policies) => ({
    ...policies,
    comments: {
      mayExist(resumed) {
        if (resumed) throw new TypeError("the result of the agent has no part of that name");
        return policies.comments.mayExist(resumed);
      },
    },
  }),
};
