import { defineInvariant, noCrash } from "../../define/invariant.ts";
import type { Invariant } from "../../invariants/invariant.ts";

/**
 * What can be judged of a system that nobody knows anything of, by the board and the journal alone: that nothing is done
 * twice for one cause.
 */
export const systemJudges: readonly Invariant[] = [oneCommentPerCause(), oneCardPerTitle(), noCrash];

/** Of these, what speaks of things that some systems never do. */
export const generalRules: readonly string[] = ["comment-twice", "card-twice"];

/** A cause is a card as people left it: what is said of it once need not be said again until they move it. */
function oneCommentPerCause(): Invariant {
  return defineInvariant({
    id: "comment-twice",
    rule: "One comment stands once on a card, until people move the card.",
    kinds: ["change"],
    stores: ["board"],
    judge: (check) => {
      const said = new Map<number, Set<string>>();
      return {
        observe({ change, op }) {
          const card = Number(change["card"]);
          // It is moved when the board has moved it: what the system does before that is of the cause before it.
          if (change.type === "card.moved" && op?.process === "people") said.delete(card);
          if (change.type !== "comment.created") return;
          const text = change["text"] as string;
          const texts = said.get(card) ?? new Set();
          check(!texts.has(text), {
            place: "a card",
            message: `Card ${card} has the comment ${JSON.stringify(text.slice(0, 80))} twice; the second is by ${op?.process ?? "nobody"}.`,
          });
          said.set(card, texts.add(text));
        },
      };
    },
  });
}

function oneCardPerTitle(): Invariant {
  return defineInvariant({
    id: "card-twice",
    rule: "The system makes one card of one title.",
    kinds: ["change"],
    stores: ["board"],
    judge: (check) => {
      const made = new Set<string>();
      return {
        observe({ change, op }) {
          if (change.store !== "board" || change.type !== "card.created" || op === undefined || op.process === "people")
            return;
          const title = change["title"] as string;
          check(!made.has(title), {
            place: "a card",
            message: `A second card ${JSON.stringify(title.slice(0, 80))} was made, by ${op.process}.`,
          });
          made.add(title);
        },
      };
    },
  });
}
