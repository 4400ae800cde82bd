import type { JsonValue } from "../base/json.ts";
import type { HistoryEvent } from "../history/event.ts";
import { valueText } from "./value-text.ts";

/** What cards are called: by their reference, or else by their title. Ids depend on the order of creation. */
export class CardNames {
  private readonly byId = new Map<number, string>();

  constructor(events: readonly HistoryEvent[]) {
    for (const event of events) {
      if (event.kind !== "change" || event.change.store !== "board") continue;
      const { card, reference, title } = event.change;
      if (typeof card !== "number") continue;
      const name = [reference, title].find((each) => typeof each === "string" && each !== "");
      if (typeof name === "string") this.byId.set(card, name);
    }
  }

  /** As `card EPIC-1/S2 (17)`. */
  of(card: JsonValue | undefined): string {
    const name = this.byId.get(card as number);
    return name === undefined ? `card ${valueText(card)}` : `card ${name} (${valueText(card)})`;
  }
}
