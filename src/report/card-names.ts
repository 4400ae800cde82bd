import type { JsonValue } from "../base/json.ts";
import type { ChangeEvent, HistoryEvent } from "../history/event.ts";
import { withNoun } from "./op-words.ts";
import { valueText } from "./value-text.ts";

/**
 * What cards are called: by their reference, or else by their title, for ids depend on the order of creation. And what
 * a change of a card's tags or metadata makes different, which the change alone does not say.
 */
export class CardNames {
  private readonly byId = new Map<number, string>();
  private readonly tagsBefore = new Map<ChangeEvent["change"], readonly string[]>();
  private readonly emptyMetadata = new Set<ChangeEvent["change"]>();

  constructor(events: readonly HistoryEvent[]) {
    const tags = new Map<number, readonly string[]>();
    const metadata = new Map<string, JsonValue | undefined>();
    for (const event of events) {
      if (event.kind !== "change" || event.change.store !== "board") continue;
      const { change } = event;
      const { card, reference, title } = change;
      if (typeof card !== "number") continue;
      const name = [reference, title].find((each) => typeof each === "string" && each !== "");
      if (typeof name === "string") this.byId.set(card, name);
      if (change.type === "tags.set") this.tagsBefore.set(change, tags.get(card) ?? []);
      if (Array.isArray(change["tags"])) tags.set(card, change["tags"] as readonly string[]);
      if (change.type !== "metadata.saved") continue;
      const key = `${card} ${valueText(change["name"])}`;
      if (isEmpty(change["value"]) && isEmpty(metadata.get(key))) this.emptyMetadata.add(change);
      metadata.set(key, change["value"]);
    }
  }

  /** As `card EPIC-1/S2 (17)`, or `Card 1 (17)`. */
  of(card: JsonValue | undefined): string {
    const name = this.byId.get(card as number);
    return name === undefined ? `card ${valueText(card)}` : `${withNoun("card", name)} (${valueText(card)})`;
  }

  /** What is different: as `gives card EPIC-1/S2 (17) the tag started, takes queued from it`. */
  describeTags(change: ChangeEvent["change"]): string {
    const card = this.of(change["card"]);
    const before = this.tagsBefore.get(change) ?? [];
    const after = Array.isArray(change["tags"]) ? (change["tags"] as readonly string[]) : [];
    const added = after.filter((tag) => !before.includes(tag));
    const removed = before.filter((tag) => !after.includes(tag));
    if (added.length === 0 && removed.length === 0) return `sets the tags of ${card} as they are`;
    if (added.length === 0) return `takes ${tagsText(removed)} from ${card}`;
    return `gives ${card} ${tagsText(added)}${removed.length === 0 ? "" : `, takes ${removed.join(", ")} from it`}`;
  }

  /** Whether it saves nothing where nothing was. */
  savesNothing(change: ChangeEvent["change"]): boolean {
    return this.emptyMetadata.has(change);
  }
}

function tagsText(tags: readonly string[]): string {
  return `the tag${tags.length === 1 ? "" : "s"} ${tags.join(", ")}`;
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === "";
}
