import type { Mutant } from "../mutant.ts";
import { batchLeavesSome } from "./batch-leaves-some.ts";
import { commentFlood } from "./comment-flood.ts";
import { commitNotNeeded } from "./commit-not-needed.ts";
import { folderFromText } from "./folder-from-text.ts";
import { nameWithALineEnd } from "./name-with-a-line-end.ts";
import { retryStorm } from "./retry-storm.ts";
import { writtenInPlace } from "./written-in-place.ts";

/** Of files, git, processes and models; by id. */
export const workMutants: readonly Mutant[] = [
  retryStorm,
  commentFlood,
  commitNotNeeded,
  writtenInPlace,
  nameWithALineEnd,
  folderFromText,
  batchLeavesSome,
];
