/** Whether a folder name from a card may be used: nothing but this form, and no trick with an end of line. */
export function isDirname(text: string): boolean {
  return text.length <= 100 && /^[a-z0-9][a-z0-9-]*$/.test(text) && !text.includes("\n");
}

/**
 * Whether a path names something inside the workspace in its one plain spelling: relative, with `/`, without `.`,
 * `..`, empty parts or control characters. Two spellings of one file would be two keys of the ratchet.
 */
export function isPlainPath(path: string): boolean {
  if (path === "" || path.length > 400 || !path.isWellFormed() || /[\u0000-\u001f\u007f\\]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && part.length <= 200);
}

/** Kept by the workspace itself; no agent may write there. */
export function isReserved(path: string): boolean {
  const first = path.split("/", 1)[0]!.toLowerCase();
  return first === ".agentleeops" || first === ".git";
}

/** Of a plain path; empty for a file of the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}
