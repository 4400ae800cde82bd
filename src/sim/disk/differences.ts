import type { Content } from "./content.ts";

/** What a path holds: content of a file, target of a link, null for a folder. */
type Held = Content | string | null;

/** What another disk holds at a path; undefined when nothing stands there any more. Folders alone are not told. */
export interface Difference {
  readonly path: string;
  readonly after: Content | string | undefined;
}

/** From one listing of a disk to another: first what disappeared, then what appeared or changed, each in its order. */
export function differences(
  before: ReadonlyMap<string, Held>,
  after: ReadonlyMap<string, Held>,
): readonly Difference[] {
  const found: Difference[] = [];
  for (const [path, held] of before) {
    const now = after.get(path);
    if (held !== null && (now === undefined || now === null)) found.push({ path, after: undefined });
  }
  for (const [path, held] of after) {
    if (held !== null && !holdsSame(before.get(path), held)) found.push({ path, after: held });
  }
  return found;
}

function holdsSame(before: Held | undefined, after: Content | string): boolean {
  if (before === undefined || before === null) return false;
  if (typeof before === "string" || typeof after === "string") return before === after;
  return before.equals(after);
}
