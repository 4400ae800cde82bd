import { isJsonArray, isJsonObject, type JsonValue } from "../../src/index.ts";
import { storyIds, type Epic } from "./workload.ts";

/** A file that should be a plan and is none: what is wrong with it, for people. */
export class MalformedPlan extends Error {
  override readonly name = "MalformedPlan";
}

/**
 * The epic that a product manager's file asks for: `{"stories": [{"id", "title", ...}, ...]}`, optionally with `title`
 * and `description`. What an orchestrator has to refuse by itself (ids that collide, paths in ids, too many stories) is
 * let through: that is what the run is about.
 *
 * @param name of the file, without folder and ending: the epic is called after it
 * @throws MalformedPlan
 */
export function epicFromPrd(name: string, value: JsonValue): Epic {
  if (!isJsonObject(value)) throw new MalformedPlan(`${name} is ${kindOf(value)}, not an object with "stories"`);
  const { stories } = value;
  if (!isJsonArray(stories)) throw new MalformedPlan(`${name} has no list "stories"`);
  if (stories.length === 0) throw new MalformedPlan(`${name} has no stories`);
  if (stories.length > storiesMax) throw new MalformedPlan(`${name} has more than ${storiesMax} stories`);
  stories.forEach((story, index) => checkStory(name, story, index + 1));
  const dirname = slugOf(name);
  const { title, description } = value;
  return {
    reference: dirname.toUpperCase(),
    dirname,
    title: typeof title === "string" && title !== "" ? title.slice(0, 500) : name.slice(0, 500),
    description: typeof description === "string" ? description.slice(0, 20_000) : `Build what ${name} asks for.`,
    prd: { stories },
  };
}

/** Whether a careful orchestrator can carry the plan out: its stories are distinct, complete, and not too many. */
export function isWorkable(prd: JsonValue, storiesMost: number): boolean {
  const stories = isJsonObject(prd) && isJsonArray(prd["stories"]) ? prd["stories"] : [];
  const ids = storyIds(prd);
  if (stories.length === 0 || stories.length > storiesMost || ids.length !== stories.length) return false;
  const files = new Set(ids.map((id) => id.replace(/[^a-zA-Z0-9]/g, "_").toLowerCase()));
  return files.size === ids.length && ids.every(isPlainId) && stories.every(isComplete);
}

const storiesMax = 500;

function checkStory(name: string, story: JsonValue, position: number): void {
  const place = `story ${position} of ${name}`;
  if (!isJsonObject(story)) throw new MalformedPlan(`${place} is ${kindOf(story)}, not an object`);
  const { id, title } = story;
  if (typeof id !== "string" && typeof id !== "number") throw new MalformedPlan(`${place} has no "id"`);
  if (typeof title !== "string") throw new MalformedPlan(`${place} has no "title"`);
}

function isPlainId(id: string): boolean {
  return /[a-zA-Z0-9]/.test(id) && id.trim() === id && id.length <= 60 && !/[\u0000-\u001f\u007f]/.test(id);
}

function isComplete(story: JsonValue): boolean {
  if (!isJsonObject(story)) return false;
  const { title, acceptance_criteria: criteria, priority, description } = story;
  return (
    typeof title === "string" &&
    title.trim() !== "" &&
    title.length <= 500 &&
    isJsonArray(criteria) &&
    criteria.every((criterion) => typeof criterion === "string") &&
    (typeof priority === "string" || typeof priority === "number") &&
    (description === undefined || typeof description === "string")
  );
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

/** A folder name as people choose it: at most 30 characters. */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 30)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "epic" : slug;
}
