import { copyNeverAdopted } from "./copy-never-adopted.ts";
import { damagedRatchetIsEmpty } from "./damaged-ratchet-is-empty.ts";
import { deletedIsUnlocked } from "./deleted-is-unlocked.ts";
import { failedLookUpIsNone } from "./failed-look-up-is-none.ts";
import type { Mutant } from "./mutant.ts";
import { noClaim } from "./no-claim.ts";
import { partialIsSuccess } from "./partial-is-success.ts";
import { runNeverTakenOver } from "./run-never-taken-over.ts";
import { spawnFromMemory } from "./spawn-from-memory.ts";
import { tagAsClaim } from "./tag-as-claim.ts";
import { tagsFromDispatch } from "./tags-from-dispatch.ts";
import { unknownIsNotCreated } from "./unknown-is-not-created.ts";
import { webhookTrustsItself } from "./webhook-trusts-itself.ts";

/** By id. */
export const builtInMutants: readonly Mutant[] = [
  tagAsClaim,
  noClaim,
  webhookTrustsItself,
  runNeverTakenOver,
  tagsFromDispatch,
  partialIsSuccess,
  copyNeverAdopted,
  unknownIsNotCreated,
  spawnFromMemory,
  failedLookUpIsNone,
  deletedIsUnlocked,
  damagedRatchetIsEmpty,
];
