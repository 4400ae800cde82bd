/**
 * Whether a file is one that runs are compared by. What a repository keeps of itself holds moments in its hashes, and what
 * Node, or a tool, keeps for the next time is no work of the system's.
 *
 * @param path as the simulation names it
 */
export function isOfTheRun(path: string): boolean {
  return !/(?:^|\/)(?:\.git|node_modules|node-compile-cache|\.stormlane)(?:\/|$)/.test(path);
}
