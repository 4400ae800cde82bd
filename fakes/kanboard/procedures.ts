import { actionProcedures } from "./methods/actions.ts";
import { activityProcedures, ownActivityProcedures } from "./methods/activities.ts";
import { applicationProcedures, internalProcedures } from "./methods/application.ts";
import { boardProcedures } from "./methods/board.ts";
import { categoryProcedures } from "./methods/categories.ts";
import { columnProcedures } from "./methods/columns.ts";
import { commentProcedures } from "./methods/comments.ts";
import { externalLinkProcedures } from "./methods/external-links.ts";
import { projectFileProcedures, taskFileProcedures } from "./methods/files.ts";
import { groupMemberProcedures, groupProcedures, projectGroupProcedures } from "./methods/groups.ts";
import { linkTypeProcedures, taskLinkProcedures } from "./methods/links.ts";
import { metadataProcedures } from "./methods/metadata.ts";
import { projectProcedures } from "./methods/projects.ts";
import { searchProcedures } from "./methods/searches.ts";
import { subtaskProcedures } from "./methods/subtasks.ts";
import { swimlaneProcedures } from "./methods/swimlanes.ts";
import { tagProcedures } from "./methods/tags.ts";
import { taskPositionProcedures } from "./methods/task-positions.ts";
import { taskTransferProcedures } from "./methods/task-transfers.ts";
import { createTaskMeta, taskProcedures } from "./methods/tasks.ts";
import { membershipProcedures, ownProcedures, userProcedures } from "./methods/users.ts";
import type { Procedure } from "./procedure.ts";

/** Every procedure of the server without plugins. */
export const procedures: readonly Procedure[] = [
  ...applicationProcedures,
  ...internalProcedures,
  ...projectProcedures,
  ...membershipProcedures,
  ...columnProcedures,
  ...swimlaneProcedures,
  ...categoryProcedures,
  ...taskProcedures,
  ...taskPositionProcedures,
  ...taskTransferProcedures,
  ...tagProcedures,
  ...metadataProcedures,
  ...linkTypeProcedures,
  ...taskLinkProcedures,
  ...externalLinkProcedures,
  ...commentProcedures,
  ...subtaskProcedures,
  ...taskFileProcedures,
  ...projectFileProcedures,
  ...boardProcedures,
  ...searchProcedures,
  ...userProcedures,
  ...groupProcedures,
  ...groupMemberProcedures,
  ...projectGroupProcedures,
  ...actionProcedures,
  ...activityProcedures,
  ...ownProcedures,
  ...ownActivityProcedures,
];

/**
 * By its name, letters of either case; a plugin's by its exact name.
 *
 * @param hasCustomFields whether the plugin MetaMagik is there
 */
export function findProcedure(name: string, hasCustomFields = false): Procedure | undefined {
  const procedure = byName.get(name) ?? byFoldedName.get(name.toLowerCase());
  return procedure ?? (hasCustomFields && name === createTaskMeta.name ? createTaskMeta : undefined);
}

const byName: ReadonlyMap<string, Procedure> = new Map(procedures.map((procedure) => [procedure.name, procedure]));
const byFoldedName: ReadonlyMap<string, Procedure> = new Map(
  procedures.map((procedure) => [procedure.name.toLowerCase(), procedure]),
);
