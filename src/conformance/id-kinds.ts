import { memberOf } from "../base/json.ts";

/** Where ids stand in what Kanboard says, and of what kind they are. */

export type IdKind =
  | "project"
  | "column"
  | "swimlane"
  | "category"
  | "tag"
  | "task"
  | "link type"
  | "task link"
  | "external link"
  | "comment"
  | "subtask"
  | "task file"
  | "project file"
  | "user"
  | "group"
  | "action"
  | "activity";

/**
 * The kind of the id at a place.
 *
 * @param subject the procedure that answered, or the event that happened, as `getTask` or `task.move.column`
 * @param path from the answer's `result`, or from the event's data; array indices count as steps
 * @returns undefined when no id stands there
 */
export function idKindAt(subject: string, path: readonly string[]): IdKind | undefined {
  const member = path.at(-1);
  if (member === undefined) return creates.test(subject) ? kindOfSubject(subject) : undefined;
  if (member !== "id") return memberOf(kindsByMember, member);
  const parent = path.findLast((step, index) => index < path.length - 1 && !isIndex(step));
  if (parent === undefined) return kindOfSubject(subject);
  if (parent === "file") return /project[_.]?file/i.test(subject) ? "project file" : "task file";
  return memberOf(kindsByParent, parent);
}

/** Of a map whose keys are ids, as `getTaskTags` answers. */
export function keyKindAt(subject: string, path: readonly string[]): IdKind | undefined {
  return path.length === 0 ? memberOf(kindsOfKeys, subject.toLowerCase()) : undefined;
}

function isIndex(step: string): boolean {
  return /^\d+$/.test(step);
}

/** What a procedure or event is about; the first that fits. */
function kindOfSubject(subject: string): IdKind | undefined {
  return subjects.find(([pattern]) => pattern.test(subject))?.[1];
}

/** Procedures that answer with an id alone. */
const creates = /^(create|add|duplicate|getOppositeLinkId)/i;

const subjects: readonly (readonly [RegExp, IdKind])[] = [
  [/activit/i, "activity"],
  [/action/i, "action"],
  [/group/i, "group"],
  [/board$/i, "swimlane"],
  [/externalTaskLink/i, "external link"],
  [/task_?(internal_)?link/i, "task link"],
  [/link/i, "link type"],
  [/tag/i, "tag"],
  [/categor/i, "category"],
  [/comment/i, "comment"],
  [/subtask/i, "subtask"],
  [/task[_.]?file/i, "task file"],
  [/project[_.]?file/i, "project file"],
  [/column$|columns$/i, "column"],
  [/swimlane/i, "swimlane"],
  [/user|getMe$/i, "user"],
  [/task/i, "task"],
  [/project/i, "project"],
];

const kindsByMember: Readonly<Record<string, IdKind>> = {
  project_id: "project",
  task_id: "task",
  opposite_task_id: "task",
  recurrence_parent: "task",
  recurrence_child: "task",
  column_id: "column",
  src_column_id: "column",
  dst_column_id: "column",
  swimlane_id: "swimlane",
  src_swimlane_id: "swimlane",
  dst_swimlane_id: "swimlane",
  category_id: "category",
  owner_id: "user",
  creator_id: "user",
  user_id: "user",
  task_assignee_id: "user",
  link_id: "link type",
  opposite_id: "link type",
  opposite_link_id: "link type",
  tag_id: "tag",
  group_id: "group",
};

const kindsByParent: Readonly<Record<string, IdKind>> = {
  task: "task",
  tasks: "task",
  columns: "column",
  tags: "tag",
  comment: "comment",
  subtask: "subtask",
  task_link: "task link",
};

const kindsOfKeys: Readonly<Record<string, IdKind>> = {
  gettasktags: "tag",
  getprojectusers: "user",
  getassignableusers: "user",
  getmyprojectslist: "project",
};
