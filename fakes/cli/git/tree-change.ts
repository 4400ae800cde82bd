import type { TreeEntry } from "./object.ts";

/** One path that differs between two trees. `letter` as git prints it. */
export type Change =
  | { readonly letter: "A"; readonly path: string; readonly after: TreeEntry }
  | { readonly letter: "D"; readonly path: string; readonly before: TreeEntry }
  | { readonly letter: "M" | "T"; readonly path: string; readonly before: TreeEntry; readonly after: TreeEntry }
  | {
      readonly letter: "R";
      readonly path: string;
      readonly from: string;
      readonly before: TreeEntry;
      readonly after: TreeEntry;
      /** 50 to 100. */
      readonly similarityPercent: number;
    };
