import type { JsonObject } from "../../src/base/json.ts";
import { doors } from "../docs/api-reference.ts";
import { meaningOf, readDoor, type Declaration } from "../docs/declarations.ts";

/**
 * What can be imported, by door and name, each as its reader sees it; and under `types` all types of ours that these
 * mention, however far away, for a change there changes them. What a class mentions that no door exports is left out.
 */
export function publicApi(): JsonObject {
  const exported = doors().map(({ specifier, path }) => ({ specifier, ...readDoor(path) }));
  const named = exported.flatMap(({ declarations }) => declarations);
  return {
    ...Object.fromEntries(
      exported.map(({ specifier, declarations, wholes }) => [
        specifier,
        {
          ...Object.fromEntries(inOrder(declarations).map((each) => [each.name, textOf(each)])),
          ...(wholes.length === 0 ? {} : { "*": wholes.toSorted().join(", ") }),
        },
      ]),
    ),
    types: Object.fromEntries(mentionedBy(named).map((each) => [each.name, textOf(each)])),
  };
}

function mentionedBy(named: readonly Declaration[]): Declaration[] {
  const known = new Set(named.map(idOf));
  const found: Declaration[] = [];
  const open = [...named];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of namesIn(next)) {
      const meaning = meaningOf(next.path, name);
      if (meaning === undefined || known.has(idOf(meaning))) continue;
      known.add(idOf(meaning));
      found.push(meaning);
      // What a class is made of is ours to change: only its own face counts.
      if (meaning.kind !== "class") open.push(meaning);
    }
  }
  return inOrder(found);
}

function idOf({ path, name }: Declaration): string {
  return `${path}#${name}`;
}

/** Types begin with a capital; `typeof` names a value. */
function namesIn(declaration: Declaration): string[] {
  const text = textOf(declaration);
  const types = [...text.matchAll(/\b[A-Z]\w*/g)].map(([name]) => name);
  const values = [...text.matchAll(/\btypeof (\w+)/g)].map(([, name]) => name!);
  return [...new Set([...types, ...values])].filter((name) => name !== declaration.name);
}

/** Without comments, and the same however it is broken into lines. */
function textOf({ signature }: Declaration): string {
  return signature
    .replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function inOrder(declarations: readonly Declaration[]): Declaration[] {
  return declarations.toSorted((left, right) =>
    left.name === right.name ? (left.path < right.path ? -1 : 1) : left.name < right.name ? -1 : 1,
  );
}
