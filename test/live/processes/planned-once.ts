import { defineInvariant } from "../../../src/define/invariant.ts";

/** What the workers of `claims.mjs` break. */
export const plannedOnce = defineInvariant({
  id: "planned-once",
  rule: "A card has one plan.",
  kinds: ["change"],
  stores: ["board"],
  judge(check) {
    let plans = 0;
    return {
      observe({ change }) {
        if (change.store !== "board" || change.type !== "comment.created") return;
        plans++;
        check(plans === 1, { place: "card 1", message: `It got plan number ${plans}.`, expected: 1, actual: plans });
      },
    };
  },
});
