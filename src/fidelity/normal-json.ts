import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import type { CardReferences } from "./card-references.ts";
import { isMoment, type NormalText } from "./normal-text.ts";

/**
 * JSON without what differs between runs that went alike: cards by reference, no positions, no moments, no identifiers of
 * comments and completions. Types stay apart: a card's number as a text is `'card Log in'`.
 */
export class NormalJson {
  private readonly text: NormalText;
  private readonly cards: CardReferences;

  constructor(text: NormalText, cards: CardReferences) {
    this.text = text;
    this.cards = cards;
  }

  of(value: JsonValue): JsonValue {
    return this.member("", value, {});
  }

  /** As `card Log in`. */
  card(id: JsonValue | undefined): string {
    return this.cards.of(Number(id)) ?? `card number ${Number(id)}`;
  }

  /** @param isCard for a text or number of which it is known that it names a card */
  scalar(value: JsonValue, isCard: boolean): JsonValue {
    if (typeof value === "string") {
      const card = isCard ? this.cards.of(Number(value)) : undefined;
      return card === undefined ? this.text.of(value) : `'${card}'`;
    }
    if (typeof value !== "number") return value;
    if (isMoment(value)) return "<time>";
    return (isCard ? this.cards.of(value) : undefined) ?? value;
  }

  private member(name: string, value: JsonValue, holder: JsonObject): JsonValue {
    if (isJsonArray(value)) return value.map((each) => this.member(name, each, holder));
    if (isJsonObject(value)) {
      const kept = Object.entries(value).filter(([member]) => member !== "position");
      return Object.fromEntries(
        kept.map(([member, each]) => [this.text.of(member), this.member(member, each!, value)]),
      );
    }
    if (name === "id" && isGiven(value, holder)) return "<id>";
    return this.scalar(value, cardMembers.has(name) || (name === "id" && isCardRow(holder)));
  }
}

/** As Kanboard names numbers of cards. */
const cardMembers: ReadonlySet<string> = new Set(["task_id", "opposite_task_id", "src_task_id", "dst_task_id"]);

function isCardRow(holder: JsonObject): boolean {
  return "column_id" in holder && "title" in holder;
}

/** Of a comment, a file, a completion: nothing else names it, or nobody asks for it again. */
function isGiven(value: JsonValue, holder: JsonObject): boolean {
  if ("task_id" in holder && !isCardRow(holder)) return true;
  return typeof value === "string" && /^[a-z]+[-_][\w-]{8,}$/i.test(value);
}
