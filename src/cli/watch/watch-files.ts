import { basename } from "node:path";
import { watch } from "chokidar";

/** @returns ends it. Resolved when changes are seen from now on */
export type WatchFiles = (
  roots: readonly string[],
  onChanged: (paths: readonly string[]) => void,
) => Promise<() => void>;

/** Tells of files that were written, added or removed below folders, some time after the last of a volley. */
export const watchFiles: WatchFiles = async (roots, onChanged) => {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...roots], {
    ignoreInitial: true,
    ignored: (path) => !roots.includes(path) && isIgnored(basename(path)),
  });
  watcher.on("all", (_, path) => {
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const paths = [...changed].toSorted();
      changed.clear();
      onChanged(paths);
    }, volleyMs);
  });
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return () => {
    clearTimeout(timer);
    void watcher.close();
  };
};

/** Packages, what is hidden, what editors leave for a moment, and what runs write themselves. */
function isIgnored(name: string): boolean {
  return name === "node_modules" || name === "reports" || /^\.|~$|\.sw[a-z]$|\.tmp$|^4913$/.test(name);
}

const volleyMs = 100;
