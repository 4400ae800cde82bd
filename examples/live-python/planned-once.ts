import { defineInvariant } from "stormlane";

/** A card is planned once, whoever notices first that it was moved. */
export const plannedOnce = defineInvariant({
  id: "planned-once",
  rule: "A card has one plan.",
  kinds: ["change"],
  stores: ["board"],
  judge(check) {
    const plans = new Map<string, number>();
    return {
      observe({ change }) {
        if (change.store !== "board" || change.type !== "comment.created") return;
        const card = JSON.stringify(change.card);
        const count = (plans.get(card) ?? 0) + 1;
        plans.set(card, count);
        check(count === 1, {
          place: `card ${card}`,
          message: `Card ${card} got plan number ${count}.`,
          expected: 1,
          actual: count,
        });
      },
    };
  },
});
