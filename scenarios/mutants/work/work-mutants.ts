import type { Mutant } from "../mutant.ts";
import { anythingIsAnAnswer } from "./anything-is-an-answer.ts";
import { batchLeavesSome } from "./batch-leaves-some.ts";
import { commentFlood } from "./comment-flood.ts";
import { commitNotNeeded } from "./commit-not-needed.ts";
import { errorAfterSuccess } from "./error-after-success.ts";
import { folderFromText } from "./folder-from-text.ts";
import { nameWithALineEnd } from "./name-with-a-line-end.ts";
import { programsWithoutEnd, roleTimeoutIgnored } from "./no-time-limit.ts";
import { onlyTheParentEnds } from "./only-the-parent-ends.ts";
import { retryStorm } from "./retry-storm.ts";
import { traceStopsRun } from "./trace-stops-run.ts";
import { writtenInPlace } from "./written-in-place.ts";

/** Of files, git, processes and models; by id. */
export const workMutants: readonly Mutant[] = [
  onlyTheParentEnds,
  programsWithoutEnd,
  retryStorm,
  commentFlood,
  commitNotNeeded,
  writtenInPlace,
  nameWithALineEnd,
  folderFromText,
  anythingIsAnAnswer,
  traceStopsRun,
  roleTimeoutIgnored,
  errorAfterSuccess,
  batchLeavesSome,
];
