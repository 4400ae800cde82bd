import { failedCauseRunsAgain } from "./delivery/failed-cause-runs-again.ts";
import { laneForgotten } from "./delivery/lane-forgotten.ts";
import { planNotApproved } from "./delivery/plan-not-approved.ts";
import { pollerSkipsRecord } from "./delivery/poller-skips-record.ts";
import { pollerWaitsForWebhooks } from "./delivery/poller-waits-for-webhooks.ts";
import { triggerTablesDrift } from "./delivery/trigger-tables-drift.ts";
import { webhookSkipsLease, webhookSkipsRecord } from "./delivery/webhook-checks-in-part.ts";
import { webhookTrustsItself } from "./delivery/webhook-trusts-itself.ts";
import { batchUnguarded } from "./governance/batch-unguarded.ts";
import { brokenIsRed } from "./governance/broken-is-red.ts";
import { damagedRatchetIsEmpty } from "./governance/damaged-ratchet-is-empty.ts";
import { damagedRatchetStopsAll } from "./governance/damaged-ratchet-stops-all.ts";
import { deletedIsUnlocked } from "./governance/deleted-is-unlocked.ts";
import { linkIsTrusted } from "./governance/link-is-trusted.ts";
import { lockedOnce } from "./governance/locked-once.ts";
import { neverOpenedAgain } from "./governance/never-opened-again.ts";
import { nothingLocked } from "./governance/nothing-locked.ts";
import { onlyOwnWritesGuarded } from "./governance/only-own-writes-guarded.ts";
import { openedByApproval } from "./governance/opened-by-approval.ts";
import { pathSpelling } from "./governance/path-spelling.ts";
import { ratchetInPlace } from "./governance/ratchet-in-place.ts";
import { renamedOver } from "./governance/renamed-over.ts";
import { sharedSource } from "./governance/shared-source.ts";
import { testsNotLocked } from "./governance/tests-not-locked.ts";
import { unstagedTestEdit } from "./governance/unstaged-test-edit.ts";
import type { Mutant } from "./mutant.ts";
import { childrenWithoutDirname } from "./spawner/children-without-dirname.ts";
import { childrenWithoutId } from "./spawner/children-without-id.ts";
import { copyNeverAdopted } from "./spawner/copy-never-adopted.ts";
import { copySpawns } from "./spawner/copy-spawns.ts";
import { failedLookUpIsNone } from "./spawner/failed-look-up-is-none.ts";
import { inheritedTags } from "./spawner/inherited-tags.ts";
import { noCap } from "./spawner/no-cap.ts";
import { partialIsSuccess } from "./spawner/partial-is-success.ts";
import { rollbackForgets } from "./spawner/rollback-forgets.ts";
import { someIsAll } from "./spawner/some-is-all.ts";
import { spawnFromMemory } from "./spawner/spawn-from-memory.ts";
import { spawnerUnclaimed } from "./spawner/spawner-unclaimed.ts";
import { unknownIsNotCreated } from "./spawner/unknown-is-not-created.ts";
import { wrongLookUp } from "./spawner/wrong-look-up.ts";
import { busyIsAbandoned } from "./tags/busy-is-abandoned.ts";
import { completedTagLost } from "./tags/completed-tag-lost.ts";
import { failedAndStartedIsStale } from "./tags/failed-and-started-is-stale.ts";
import { failedWriteIsIgnored } from "./tags/failed-write-is-ignored.ts";
import { noClaim } from "./tags/no-claim.ts";
import { oneTroubleIsFailure } from "./tags/one-trouble-is-failure.ts";
import { ownTagsOnly } from "./tags/own-tags-only.ts";
import { runNeverTakenOver } from "./tags/run-never-taken-over.ts";
import { tagAsClaim } from "./tags/tag-as-claim.ts";
import { tagIsTheRecord } from "./tags/tag-is-the-record.ts";
import { tagsFromDispatch } from "./tags/tags-from-dispatch.ts";
import { tagsNotConfirmed } from "./tags/tags-not-confirmed.ts";
import { troubleLeavesStarted } from "./tags/trouble-leaves-started.ts";
import { workMutants } from "./work/work-mutants.ts";

/** By id. */
export const builtInMutants: readonly Mutant[] = [
  tagAsClaim,
  noClaim,
  pollerSkipsRecord,
  webhookTrustsItself,
  webhookSkipsRecord,
  webhookSkipsLease,
  failedCauseRunsAgain,
  runNeverTakenOver,
  busyIsAbandoned,
  troubleLeavesStarted,
  oneTroubleIsFailure,
  failedAndStartedIsStale,
  tagsFromDispatch,
  ownTagsOnly,
  tagsNotConfirmed,
  tagIsTheRecord,
  failedWriteIsIgnored,
  completedTagLost,
  triggerTablesDrift,
  laneForgotten,
  planNotApproved,
  pollerWaitsForWebhooks,
  partialIsSuccess,
  someIsAll,
  copyNeverAdopted,
  unknownIsNotCreated,
  spawnFromMemory,
  spawnerUnclaimed,
  failedLookUpIsNone,
  rollbackForgets,
  inheritedTags,
  wrongLookUp,
  copySpawns,
  noCap,
  childrenWithoutDirname,
  childrenWithoutId,
  sharedSource,
  lockedOnce,
  testsNotLocked,
  nothingLocked,
  deletedIsUnlocked,
  pathSpelling,
  linkIsTrusted,
  renamedOver,
  damagedRatchetIsEmpty,
  damagedRatchetStopsAll,
  ratchetInPlace,
  onlyOwnWritesGuarded,
  unstagedTestEdit,
  batchUnguarded,
  brokenIsRed,
  neverOpenedAgain,
  openedByApproval,
  ...workMutants,
];
