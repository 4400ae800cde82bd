import { isJsonArray, isJsonObject, type JsonValue } from "../base/json.ts";
import type { Case } from "../sim/case.ts";

export interface ScriptedSource {
  /** Kebab-case. */
  readonly name: string;
  readonly about: string;
  readonly case: Case;
  /** Where `scripted` is from, and the scenario that it is made of. */
  readonly imports: readonly string[];
  /** As an expression, as `base`. */
  readonly base: string;
  /** What a reader should know, a line each. */
  readonly comment: readonly string[];
}

/** A module whose default export is a scenario with an incident's workload and faults in every run. */
export function scriptedSource({ name, about, case: input, imports, base, comment }: ScriptedSource): string {
  const { workload, faults } = input;
  const members = { name, about, workload, faults: faults as unknown as JsonValue };
  return [
    ...imports,
    "",
    "/**",
    ...comment.map((line) => (line === "" ? " *" : ` * ${line.replaceAll("*/", "* /")}`)),
    " */",
    `export default scripted(${base}, ${source(members, 0)});`,
    "",
  ].join("\n");
}

/** A JSON value as TypeScript: on one line where it fits. */
function source(value: JsonValue, depth: number): string {
  const flat = flatSource(value);
  if (depth > 0 && flat.length + 2 * depth + memberNameChars <= lineCharsMax) return flat;
  const indent = "  ".repeat(depth + 1);
  const end = "  ".repeat(depth);
  if (isJsonArray(value)) {
    return value.length === 0
      ? "[]"
      : `[\n${value.map((each) => `${indent}${source(each, depth + 1)},\n`).join("")}${end}]`;
  }
  if (!isJsonObject(value)) return flat;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return "{}";
  return `{\n${members.map(([key, member]) => `${indent}${keySource(key)}: ${source(member!, depth + 1)},\n`).join("")}${end}}`;
}

function flatSource(value: JsonValue): string {
  if (isJsonArray(value)) return `[${value.map(flatSource).join(", ")}]`;
  if (!isJsonObject(value)) return typeof value === "number" ? numberSource(value) : textSource(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.length === 0
    ? "{}"
    : `{ ${members.map(([key, member]) => `${keySource(key)}: ${flatSource(member!)}`).join(", ")} }`;
}

/** Of what a line ends with invisibly, and of directions of writing, a reader of the source must see that it is there. */
function textSource(value: JsonValue): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function numberSource(value: number): string {
  const text = String(value);
  return /^\d{5,}$/.test(text) ? text.replaceAll(/\B(?=(\d{3})+(?!\d))/g, "_") : text;
}

function keySource(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : textSource(key);
}

const lineCharsMax = 116;
const memberNameChars = 12;
