import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import { fileId } from "./reference.ts";

export interface Story {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly acceptanceCriteria: readonly string[];
  readonly priority: string;
}

export type PrdCheck =
  | { readonly kind: "ok"; readonly stories: readonly Story[] }
  | { readonly kind: "invalid"; readonly errors: readonly string[] };

const idCharsMax = 60;
const titleCharsMax = 500;
const errorsMax = 20;

/** Reads a product requirements document: `{stories: [{id, title, description?, acceptance_criteria, priority}]}`. */
export function parsePrd(text: string): PrdCheck {
  const value = parseJson(text);
  return value === undefined ? { kind: "invalid", errors: ["the text is not JSON"] } : checkPrd(value);
}

export function checkPrd(value: JsonValue): PrdCheck {
  const stories = isJsonObject(value) ? value["stories"] : undefined;
  if (!isJsonArray(stories)) return { kind: "invalid", errors: ["`stories` must be a list"] };
  const errors: string[] = [];
  if (stories.length === 0) errors.push("`stories` is empty");
  const read = stories.flatMap((story, index) => readStory(story, `story ${index + 1}`, errors) ?? []);
  findCollisions(read, errors);
  if (errors.length > 0) return { kind: "invalid", errors: errors.slice(0, errorsMax) };
  return { kind: "ok", stories: read };
}

/** The document as it is kept: ids as text, the same members in the same order. */
export function serialisePrd(stories: readonly Story[]): string {
  const members = stories.map((story) => ({
    id: story.id,
    title: story.title,
    description: story.description,
    acceptance_criteria: story.acceptanceCriteria,
    priority: story.priority,
  }));
  return `${JSON.stringify({ stories: members }, null, 2)}\n`;
}

function readStory(value: JsonValue, place: string, errors: string[]): Story | undefined {
  if (!isJsonObject(value)) {
    errors.push(`${place} is no object`);
    return undefined;
  }
  const id = readId(value["id"], place, errors);
  const title = typeof value["title"] === "string" ? oneLine(value["title"]) : "";
  if (title === "") errors.push(`${place} has no title`);
  if (title.length > titleCharsMax) errors.push(`${place} has a title of more than ${titleCharsMax} characters`);
  const description = value["description"] ?? "";
  if (typeof description !== "string") errors.push(`${place}: \`description\` must be text`);
  const criteria = readCriteria(value, place, errors);
  const priority = value["priority"];
  if (typeof priority !== "string" && typeof priority !== "number") {
    errors.push(`${place} has no priority`);
    return undefined;
  }
  if (id === undefined || typeof description !== "string") return undefined;
  return { id, title, description, acceptanceCriteria: criteria, priority: String(priority) };
}

function readId(value: JsonValue | undefined, place: string, errors: string[]): string | undefined {
  // Planners like to number their stories. 1 and "1" are one id.
  const id = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof id !== "string" || id.trim() !== id || !/[a-zA-Z0-9]/.test(id)) {
    errors.push(`${place} has no usable id`);
    return undefined;
  }
  if (id.length > idCharsMax || !id.isWellFormed() || /[\u0000-\u001f\u007f]/.test(id)) {
    errors.push(`${place} has an id with control characters or of more than ${idCharsMax} characters`);
    return undefined;
  }
  return id;
}

function readCriteria(story: JsonObject, place: string, errors: string[]): readonly string[] {
  const criteria = story["acceptance_criteria"];
  if (isJsonArray(criteria) && criteria.every((criterion) => typeof criterion === "string")) return criteria;
  errors.push(`${place}: \`acceptance_criteria\` must be a list of texts`);
  return [];
}

/** Files are named after ids, on disks that may not tell case apart. */
function findCollisions(stories: readonly Story[], errors: string[]): void {
  const byFile = new Map<string, string>();
  for (const { id } of stories) {
    const file = fileId(id).toLowerCase();
    const other = byFile.get(file);
    if (other === id) errors.push(`the id ${JSON.stringify(id)} stands twice`);
    else if (other !== undefined) {
      errors.push(`the ids ${JSON.stringify(other)} and ${JSON.stringify(id)} would name the same files`);
    } else byFile.set(file, id);
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
