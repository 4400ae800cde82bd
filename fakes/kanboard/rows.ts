import type { JsonObject } from "../../src/base/json.ts";
import type { Cell } from "./sqlite.ts";

/** The rows of Kanboard's tables, with its own column names. Times are Unix seconds. Flags are 0 or 1. */

export type ProjectRow = {
  readonly id: number;
  readonly name: string;
  readonly is_active: number;
  readonly token: string | null;
  readonly last_modified: number;
  readonly is_public: number;
  readonly is_private: number;
  readonly is_everybody_allowed: number;
  readonly default_swimlane: string;
  readonly show_default_swimlane: number;
  readonly description: string | null;
  readonly identifier: string | null;
  readonly start_date: string | null;
  readonly end_date: string | null;
  readonly owner_id: Cell;
  readonly priority_default: number;
  readonly priority_start: number;
  readonly priority_end: number;
  readonly email: string | null;
  readonly predefined_email_subjects: string | null;
  readonly per_swimlane_task_limits: number;
  readonly task_limit: number;
  readonly enable_global_tags: number;
};

export type ColumnRow = {
  readonly id: number;
  readonly title: string;
  readonly position: Cell;
  readonly project_id: number;
  readonly task_limit: number;
  readonly description: string | null;
  readonly hide_in_dashboard: number;
};

export type SwimlaneRow = {
  readonly id: number;
  readonly name: string;
  readonly position: Cell;
  readonly is_active: number;
  readonly project_id: number;
  readonly description: string | null;
  readonly task_limit: number;
};

export type CategoryRow = {
  readonly id: number;
  readonly name: string;
  readonly project_id: number;
  readonly description: string | null;
  readonly color_id: string | null;
};

export type TaskRow = {
  readonly id: number;
  readonly title: string;
  readonly description: string | null;
  readonly date_creation: number;
  readonly color_id: string | null;
  readonly project_id: number;
  readonly column_id: number;
  readonly owner_id: Cell;
  readonly position: number;
  readonly is_active: number;
  readonly date_completed: number | null;
  readonly score: Cell;
  readonly date_due: Cell;
  readonly category_id: Cell;
  readonly creator_id: Cell;
  readonly date_modification: number;
  readonly reference: string | null;
  readonly date_started: Cell;
  readonly time_spent: Cell;
  readonly time_estimated: Cell;
  readonly swimlane_id: number;
  readonly date_moved: number;
  readonly recurrence_status: Cell;
  readonly recurrence_trigger: Cell;
  readonly recurrence_factor: Cell;
  readonly recurrence_timeframe: Cell;
  readonly recurrence_basedate: Cell;
  readonly recurrence_parent: number | null;
  readonly recurrence_child: number | null;
  readonly priority: Cell;
  readonly external_provider: string | null;
  readonly external_uri: string | null;
};

export type UserRow = {
  readonly id: number;
  readonly username: string;
  readonly password: string | null;
  readonly is_admin: number;
  readonly is_ldap_user: number;
  readonly name: string | null;
  readonly email: string | null;
  readonly google_id: string | null;
  readonly github_id: string | null;
  readonly notifications_enabled: number;
  readonly timezone: string | null;
  readonly language: string | null;
  readonly disable_login_form: number;
  readonly twofactor_activated: number;
  readonly twofactor_secret: string | null;
  readonly token: string;
  readonly notifications_filter: number;
  readonly nb_failed_login: number;
  readonly lock_expiration_date: number;
  readonly is_project_admin: number;
  readonly gitlab_id: number | null;
  readonly role: string;
  readonly is_active: number;
  readonly avatar_path: string | null;
  readonly api_access_token: string | null;
  readonly filter: string | null;
  readonly theme: string;
};

export type TagRow = {
  readonly id: number;
  readonly name: string;
  /** Nobody asks whether there is such a project: text, fractions and huge numbers are stored as they are. */
  readonly project_id: Cell;
  readonly color_id: string | null;
};

export type LinkRow = {
  readonly id: number;
  readonly label: string;
  readonly opposite_id: Cell;
};

export type TaskLinkRow = {
  readonly id: number;
  readonly link_id: number;
  readonly task_id: number;
  readonly opposite_task_id: number;
};

export type ExternalLinkRow = {
  readonly id: number;
  readonly link_type: string;
  readonly dependency: string;
  readonly title: string;
  readonly url: string;
  readonly date_creation: number;
  readonly date_modification: number;
  readonly task_id: number;
  readonly creator_id: Cell;
};

export type CommentRow = {
  readonly id: number;
  readonly task_id: number;
  readonly user_id: Cell;
  readonly date_creation: number;
  readonly comment: string;
  readonly reference: string | null;
  readonly date_modification: number;
  readonly visibility: string;
};

export type TaskFileRow = {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly is_image: number;
  readonly task_id: number;
  readonly date: number;
  readonly user_id: number;
  readonly size: number;
};

export type ProjectFileRow = {
  readonly id: number;
  readonly project_id: number;
  readonly name: string;
  readonly path: string;
  readonly is_image: number;
  readonly size: number;
  readonly user_id: number;
  readonly date: number;
};

export type SubtaskRow = {
  readonly id: number;
  readonly title: string;
  readonly status: Cell;
  readonly time_estimated: Cell;
  readonly time_spent: Cell;
  readonly task_id: number;
  readonly user_id: Cell;
  readonly position: Cell;
};

/** A timer of a subtask; `end` is 0 while it runs, `time_spent` in hours. */
export type TimerRow = {
  readonly id: number;
  readonly user_id: number;
  readonly subtask_id: number;
  readonly start: number;
  readonly end: number;
  readonly time_spent: number;
};

export type ActionRow = {
  readonly id: number;
  readonly project_id: number;
  readonly event_name: string;
  readonly action_name: string;
  readonly params: Readonly<Record<string, string>>;
};

/** Something that a user did; `data` is what its event carried. */
export type ActivityRow = {
  readonly id: number;
  readonly date_creation: number;
  readonly event_name: string;
  readonly creator_id: number;
  readonly project_id: number;
  readonly task_id: number;
  readonly data: JsonObject;
};

export type GroupRow = {
  readonly id: number;
  readonly external_id: string | null;
  readonly name: string;
};

export type GroupMemberRow = {
  readonly id: number;
  readonly group_id: number;
  readonly user_id: number;
};

/** The role of a group in a project. */
export type GroupRoleRow = {
  readonly id: number;
  readonly group_id: number;
  readonly project_id: number;
  readonly role: string;
};

export type MembershipRow = {
  readonly id: number;
  readonly project_id: number;
  readonly user_id: number;
  readonly role: string;
};
