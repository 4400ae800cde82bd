import type { IncomingRequest } from "../../../src/ports/http.ts";

/** Whether a request goes to a path, whatever its query. */
export function isAt({ path }: IncomingRequest, wanted: string): boolean {
  return path === wanted || (path.startsWith(wanted) && path[wanted.length] === "?");
}

/** A part of a path. Text that is not well escaped names itself. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
