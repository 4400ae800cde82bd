import { digest64 } from "../../base/digest.ts";

/** The key of a card for ever: what people gave it, or its number. */
export function referenceOf(card: { readonly id: number; readonly reference: string }): string {
  return card.reference === "" ? `#${card.id}` : card.reference;
}

/** How a card is named in calls: the service's own numbers would differ from schedule to schedule. */
export function labelOf(card: { readonly title: string; readonly reference: string }): string {
  return card.reference === "" ? card.title : card.reference;
}

/** The unit of exclusion: all cards of one epic share its workspace, so they share its lease. */
export function scopeOf(reference: string): string {
  const slash = reference.indexOf("/");
  return slash <= 0 ? reference : reference.slice(0, slash);
}

export function isStory(reference: string): boolean {
  return reference.indexOf("/") > 0;
}

export function storyReference(epic: string, story: string): string {
  return `${epic}/${story}`;
}

/** `atomic_id` where the card has it, else the part of the reference that names the card inside its epic. */
export function atomicIdOf(reference: string, metadata: Readonly<Record<string, string>>): string {
  const given = metadata["atomic_id"];
  if (given !== undefined && given !== "") return given;
  return isStory(reference) ? reference.slice(reference.indexOf("/") + 1) : reference;
}

/** The id as it stands in file and branch names. Two ids may collide here: the prd check refuses that. */
export function fileId(id: string): string {
  return id.replace(/[^a-zA-Z0-9]/g, "_");
}

/** One path component for any text, told apart from every other text's. */
export function pathComponent(text: string): string {
  const encoded = text.replace(/[^a-zA-Z0-9-]/g, (char) => `_${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (encoded === "") return "_";
  return encoded.length <= 120 ? encoded : `${encoded.slice(0, 80)}-${digest64(text)}`;
}
