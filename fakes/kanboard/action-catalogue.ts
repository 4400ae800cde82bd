/** The automatic actions that can be set up for a project, by their name without its prefix. */
export interface ActionKind {
  readonly description: string;
  /** Which of these may trigger it. */
  readonly events: readonly string[];
  /** All of them must be given, and no others. */
  readonly parameters: readonly string[];
}

export const actionPrefix = "\\Kanboard\\Action\\";

/** By description. */
export const actionKinds: Readonly<Record<string, ActionKind>> = {
  CommentCreationMoveTaskColumn: {
    description: "Add a comment log when moving the task between columns",
    events: ["task.move.column"],
    parameters: ["column_id"],
  },
  SubtaskTimerMoveTaskColumn: {
    description: "Add a subtask and activate the timer when moving a task to another column",
    events: ["task.move.column"],
    parameters: ["column_id", "subtask"],
  },
  TaskAssignCategorySwimlaneChange: {
    description: "Assign a category when the task is moved to a specific swimlane",
    events: ["task.create", "task.move.swimlane"],
    parameters: ["swimlane_id", "category_id"],
  },
  TaskAssignColorUser: {
    description: "Assign a color to a specific user",
    events: ["task.create", "task.assignee_change"],
    parameters: ["color_id", "user_id"],
  },
  TaskAssignColorColumn: {
    description: "Assign a color when the task is moved to a specific column",
    events: ["task.create", "task.move.column"],
    parameters: ["column_id", "color_id"],
  },
  TaskAssignColorSwimlane: {
    description: "Assign a color when the task is moved to a specific swimlane",
    events: ["task.create", "task.move.swimlane"],
    parameters: ["swimlane_id", "color_id"],
  },
  TaskAssignPrioritySwimlane: {
    description: "Assign a priority when the task is moved to a specific swimlane",
    events: ["task.create", "task.move.swimlane"],
    parameters: ["swimlane_id", "priority"],
  },
  TaskAssignCurrentUserColumnIfNoUserAlreadySet: {
    description: "Assign a task to the logged user on column change to specified column if no user is assigned",
    events: ["task.move.column"],
    parameters: ["column_id"],
  },
  TaskAssignCategoryColor: {
    description: "Assign automatically a category based on a color",
    events: ["task.create_update"],
    parameters: ["color_id", "category_id"],
  },
  TaskAssignCategoryLink: {
    description: "Assign automatically a category based on a link",
    events: ["task_internal_link.create_update"],
    parameters: ["category_id", "link_id"],
  },
  TaskAssignColorCategory: {
    description: "Assign automatically a color based on a category",
    events: ["task.create_update"],
    parameters: ["color_id", "category_id"],
  },
  TaskAssignColorPriority: {
    description: "Assign automatically a color based on a priority",
    events: ["task.create_update"],
    parameters: ["color_id", "priority"],
  },
  TaskAssignColorOnDueDate: {
    description: "Assign automatically a color when due date is expired",
    events: ["task.cronjob.daily"],
    parameters: ["color_id"],
  },
  TaskAssignColorOnStartDate: {
    description: "Assign automatically a color when preset start date is reached",
    events: ["task.cronjob.daily"],
    parameters: ["color_id"],
  },
  TaskAssignSpecificUser: {
    description: "Assign the task to a specific user",
    events: ["task.create_update", "task.move.column"],
    parameters: ["column_id", "user_id"],
  },
  TaskAssignUserSwimlaneChange: {
    description: "Assign the task to a specific user when the task is moved to a specific swimlane",
    events: ["task.create", "task.move.swimlane"],
    parameters: ["swimlane_id", "user_id"],
  },
  TaskAssignCreator: {
    description: "Assign the task to its creator",
    events: ["task.move.column"],
    parameters: ["column_id"],
  },
  TaskAssignToUserOnCreationInColumn: {
    description: "Assign the task to its creator for specific columns if no assignee is set manually",
    events: ["task.create"],
    parameters: ["column_id"],
  },
  TaskAssignCurrentUser: {
    description: "Assign the task to the person who does the action",
    events: ["task.create"],
    parameters: [],
  },
  TaskAssignCurrentUserColumn: {
    description: "Assign the task to the person who does the action when the column is changed",
    events: ["task.move.column"],
    parameters: ["column_id"],
  },
  TaskAssignDueDateOnCreation: {
    description: "Automatically set the due date on task creation",
    events: ["task.create"],
    parameters: ["duration"],
  },
  TaskAssignDueDateOnMoveColumn: {
    description: "Automatically set the due date when the task is moved away from a specific column",
    events: ["task.move.column"],
    parameters: ["duration", "column_id"],
  },
  TaskUpdateStartDate: {
    description: "Automatically update the start date",
    events: ["task.move.column"],
    parameters: ["column_id"],
  },
  TaskUpdateStartDateOnMoveColumn: {
    description: "Automatically update the start date when the task is moved away from a specific column",
    events: ["task.move.column"],
    parameters: ["column_id"],
  },
  TaskAssignColorLink: {
    description: "Change task color when using a specific task link",
    events: ["task_internal_link.create_update"],
    parameters: ["color_id", "link_id"],
  },
  TaskCloseColumn: {
    description: "Close a task in a specific column",
    events: ["task.move.column"],
    parameters: ["column_id"],
  },
  TaskCloseNotMovedColumn: {
    description: "Close a task in a specific column when not moved during a given period",
    events: ["task.cronjob.daily"],
    parameters: ["duration", "column_id"],
  },
  TaskCloseNoActivity: {
    description: "Close a task when there is no activity",
    events: ["task.cronjob.daily"],
    parameters: ["duration"],
  },
  TaskCloseNoActivityColumn: {
    description: "Close a task when there is no activity in a specific column",
    events: ["task.cronjob.daily"],
    parameters: ["duration", "column_id"],
  },
  TaskDuplicateAnotherProject: {
    description: "Duplicate the task to another project",
    events: ["task.move.column", "task.close", "task.create"],
    parameters: ["column_id", "project_id"],
  },
  TaskMoveColumnOnStartDate: {
    description: "Move the task to another column once a predefined start date is reached",
    events: ["task.cronjob.daily"],
    parameters: ["src_column_id", "dest_column_id"],
  },
  TaskMoveColumnAssigned: {
    description: "Move the task to another column when assigned to a user",
    events: ["task.assignee_change", "task.update"],
    parameters: ["src_column_id", "dest_column_id"],
  },
  TaskMoveColumnUnAssigned: {
    description: "Move the task to another column when assignee is cleared",
    events: ["task.assignee_change", "task.update"],
    parameters: ["src_column_id", "dest_column_id"],
  },
  TaskMoveColumnClosed: {
    description: "Move the task to another column when closed",
    events: ["task.close"],
    parameters: ["dest_column_id"],
  },
  TaskMoveColumnNotMovedPeriod: {
    description: "Move the task to another column when not moved during a given period",
    events: ["task.cronjob.daily"],
    parameters: ["duration", "src_column_id", "dest_column_id"],
  },
  TaskMoveColumnCategoryChange: {
    description: "Move the task to another column when the category is changed",
    events: ["task.update", "task.create", "task.create_update"],
    parameters: ["dest_column_id", "category_id"],
  },
  TaskMoveColumnOnDueDate: {
    description: "Move the task to another column when the due date is less than a certain number of days",
    events: ["task.cronjob.daily"],
    parameters: ["duration", "src_column_id", "dest_column_id"],
  },
  TaskMoveAnotherProject: {
    description: "Move the task to another project",
    events: ["task.move.column", "task.close"],
    parameters: ["column_id", "project_id"],
  },
  TaskMoveSwimlaneAssigned: {
    description: "Move the task to another swimlane when assigned to a user",
    events: ["task.create_update", "task.assignee_change", "task.update"],
    parameters: ["user_id", "dest_swimlane_id"],
  },
  TaskMoveSwimlaneCategoryChange: {
    description: "Move the task to another swimlane when the category is changed",
    events: ["task.update"],
    parameters: ["dest_swimlane_id", "category_id"],
  },
  TaskEmail: {
    description: "Send a task by email to someone",
    events: ["task.move.column", "task.close", "task.create"],
    parameters: ["column_id", "user_id", "subject"],
  },
  TaskEmailNoActivity: {
    description: "Send email when there is no activity on a task",
    events: ["task.cronjob.daily"],
    parameters: ["user_id", "subject", "duration"],
  },
  StopSubtaskTimerMoveTaskColumn: {
    description: "Stop the timer of all subtasks when moving a task to another column",
    events: ["task.move.column"],
    parameters: ["column_id"],
  },
};

/** Actions that only plugins with events of their own can trigger. */
export const actionsWithoutEvents: readonly string[] = [
  "CommentCreation",
  "TaskAssignCategoryLabel",
  "TaskAssignUser",
  "TaskClose",
  "TaskCreation",
  "TaskOpen",
];

/** What may trigger an action, with its description, by description. */
export const actionEvents: Readonly<Record<string, string>> = {
  "task.close": "Closing a task",
  "task.cronjob.daily": "Daily background job for tasks",
  "task.move.column": "Move a task to another column",
  "task.move.swimlane": "Move a task to another swimlane",
  "task.open": "Reopen a task",
  "subtask.create_update": "Subtask creation or modification",
  "task.assignee_change": "Task assignee change",
  "task.create": "Task creation",
  "task.create_update": "Task creation or modification",
  "task_internal_link.create_update": "Task link creation or modification",
  "task.update": "Task modification",
};
