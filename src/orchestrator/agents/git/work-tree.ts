import type { Workspace } from "../../workspace/workspace.ts";

/** A work tree of a workspace's repository: the main one, or the one of a story. */
export interface WorkTree {
  /** Absolute. */
  readonly root: string;
  /** Absolute: what belongs to this work tree alone, as its index. */
  readonly gitFolder: string;
  /** Absolute: what all work trees share. */
  readonly commonFolder: string;
  /** As it stands in the names of calls and in the log. */
  readonly label: string;
  /** Whether it is the one that git finds here: without what leads to it, git looks further up, or nowhere. */
  readonly isWhole: () => Promise<boolean>;
}

/** Of the main one the repository is looked after whenever it is opened. */
const isMain = (): Promise<boolean> => Promise.resolve(true);

export function mainTree(workspace: Workspace): WorkTree {
  const gitFolder = `${workspace.root}/.git`;
  return { root: workspace.root, gitFolder, commonFolder: gitFolder, label: workspace.dirname, isWhole: isMain };
}
