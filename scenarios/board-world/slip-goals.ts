import type { HistoryEvent, Sometimes } from "../../src/index.ts";
import type { Slip } from "./slips.ts";

type Note = HistoryEvent & { readonly kind: "note" };

/** The slip strikes while a run for that very card is under way. */
export function slippedWhileOpen(kind: Slip["kind"]): Sometimes {
  return {
    name: `slip ${kind} while a run of the card was open`,
    start(hit) {
      const open = new Set<string>();
      return {
        kinds: ["note"],
        observe(event) {
          if (event.kind !== "note") return;
          const card = event.fields["card"] as string;
          if (event.name === "run.started") open.add(card);
          else if (event.name === "run.finished") open.delete(card);
          else if (isSlip(event) && event.fields["kind"] === kind && open.has(card)) hit();
        },
      };
    },
  };
}

/** A card passes two gates or more at once. */
export const approvedByOneDrag: Sometimes = {
  name: "one drag led over several gates",
  start: (hit) => ({
    kinds: ["change"],
    observe(event) {
      if (event.kind !== "change" || event.change.type !== "card.moved") return;
      const from = Number.parseInt(event.change["from"] as string, 10);
      const to = Number.parseInt(event.change["to"] as string, 10);
      if (from < 5 && to >= from + 2) hit();
    },
  }),
};

/** A card on which people slipped says in a comment what is wrong with it. */
export const toldAfterSlip: Sometimes = {
  name: "a card said what had gone wrong after a slip",
  start(hit) {
    const slipped = new Set<string>();
    return {
      kinds: ["note", "change"],
      observe(event) {
        if (event.kind === "note") {
          if (isSlip(event)) slipped.add(event.fields["card"] as string);
          return;
        }
        if (event.kind !== "change" || event.change.type !== "comment.created") return;
        const isFailure = /^\*\*(\S+-failed|needs-human)\*\*/.test(event.change["text"] as string);
        if (isFailure && slipped.has(event.op?.key ?? "")) hit();
      },
    };
  },
};

/** A run that began after the slip does the card's work. */
export const wentOnAfterSlip: Sometimes = {
  name: "a card's work went on after a slip",
  start(hit) {
    const slipped = new Set<string>();
    const begun = new Set<string>();
    return {
      kinds: ["note"],
      observe(event) {
        if (event.kind !== "note") return;
        const card = event.fields["card"] as string;
        if (isSlip(event)) slipped.add(card);
        else if (event.name === "run.started" && slipped.has(card)) begun.add(`${event.process} ${card}`);
        else if (event.name === "run.finished" && event.fields["outcome"] === "done") {
          if (begun.has(`${event.process} ${card}`)) hit();
        }
      },
    };
  },
};

function isSlip(event: Note): boolean {
  return event.name === "slip.made";
}
