import { defineInvariant, defineScenario, fc, kanboard, type Scenario } from "stormlane";
import type { Claim } from "../src/claims.ts";
import { work } from "../src/worker.ts";

const answeredOnce = defineInvariant({
  id: "answered-once",
  rule: "No card is answered twice.",
  kinds: ["change"],
  stores: ["board"],
  judge(check) {
    const answered = new Set<number>();
    return {
      observe({ change }) {
        if (change.type !== "comment.created") return;
        const card = change["card"] as number;
        check(!answered.has(card), { place: "comments", message: `Card ${card} was answered again.` });
        answered.add(card);
      },
    };
  },
});

/** Two workers on one board, while answers are late and workers stand still, or are killed and start again. */
export function answers(claim: Claim): Scenario {
  return defineScenario({
    name: "answers",
    workload: fc.record({ cards: fc.integer({ min: 1, max: 3 }) }),
    services: ({ cards }) => [
      kanboard({
        columns: ["Ready", "Done"],
        cards: Array.from({ length: cards }, (_, index) => ({ title: `card ${index + 1}` })),
      }),
    ],
    system: {
      "worker-a": (ports) => work(ports, claim, 3),
      "worker-b": { main: (ports) => work(ports, claim, 3), startAfterMs: 250 },
    },
    faults: { families: ["crash", "clock"], faultsMax: 2 },
    invariants: [answeredOnce],
    sometimes: ["card.taken"],
  });
}
