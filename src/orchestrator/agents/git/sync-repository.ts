import type { Run } from "../../runs/run.ts";
import { tryLater } from "../../runs/run-stop.ts";
import type { WorkTree } from "./work-tree.ts";

/**
 * Git syncs what it commits, but neither its own settings nor the folders that it makes: a crash of the host could take
 * a branch away together with the folder it is in.
 *
 * @param branchFolders of branches that have a folder in their names, as `refs/heads/feat`
 */
export async function syncRepository(
  run: Run,
  { commonFolder, label }: WorkTree,
  branchFolders: readonly string[],
): Promise<void> {
  const root = commonFolder.slice(0, -"/.git".length);
  const folders = branchFolders.map((folder) => `/.git/${folder}`);
  for (const path of ["/.git/config", "/.git/HEAD", ...folders, "/.git/refs/heads", "/.git/refs", "/.git", ""]) {
    const synced = await run.ports.files.sync(`${root}${path}`, { key: `${label}${path}` });
    if (synced.kind !== "ok" && synced.error.code !== "ENOENT")
      tryLater(`could not sync the repository: ${synced.error.code}`);
  }
}
