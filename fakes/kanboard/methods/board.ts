import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { usersOnly, viewer } from "../authorization.ts";
import type { Call } from "../call.ts";
import { atomic, type Procedure } from "../procedure.ts";
import { rowId } from "../sqlite.ts";
import { everything } from "../statements.ts";
import { tagShapes, taskOverview } from "../task-shapes.ts";
import { sortedColumns } from "./columns.ts";
import { activeSwimlanes } from "./swimlanes.ts";
import { subtaskShape, subtasksOf } from "./subtasks.ts";

/** Overviews: cards with their counters, tags and places. */
export const boardProcedures: readonly Procedure[] = [
  atomic({
    name: "getBoard",
    parameters: ["project_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.readOverview(rowId(project)),
    run: (call: Call, project: JsonValue) => boardOf(call, rowId(project)),
  }),
  atomic({
    name: "getMyDashboard",
    parameters: [],
    guard: usersOnly,
    touches: () => everything,
    run: (call: Call) => {
      const { store } = call;
      const own = [...store.tasks.all()].filter(
        (task) =>
          task.is_active === 1 &&
          store.projects.find(task.project_id)?.is_active === 1 &&
          store.columns.find(task.column_id)?.hide_in_dashboard === 0 &&
          (task.owner_id === call.userId || store.subtasks.of(task.id).some(({ user_id }) => user_id === call.userId)),
      );
      return own.map((task) => ({
        ...taskOverview(call, task),
        tags: tagShapes(store, task.id),
        subtasks: subtasksOf(call, task.id)
          .filter(({ user_id }) => user_id === call.userId)
          .map((subtask) => subtaskShape(call, subtask)),
      }));
    },
  }),
];

/** Active swimlanes with all columns with their cards, closed ones too; only open ones are counted as such. */
function boardOf(call: Call, project: number): JsonObject[] {
  const { store } = call;
  const swimlanes = activeSwimlanes(store, project);
  const columns = sortedColumns(store, project);
  if (swimlanes.length === 0 || columns.length === 0) return [];
  const lanes = swimlanes.map((swimlane) => ({
    swimlane,
    cells: columns.map((column) => ({ column, tasks: [] as JsonObject[], score: 0 })),
  }));
  const cells = new Map<number, Map<number, Cell>>(
    lanes.map((lane) => [lane.swimlane.id, new Map(lane.cells.map((cell) => [cell.column.id, cell]))]),
  );
  const tasks = store.tasks.of(project).toSorted((left, right) => left.position - right.position || left.id - right.id);
  for (const task of tasks) {
    const cell = cells.get(task.swimlane_id)?.get(task.column_id);
    if (cell === undefined) continue;
    const tags = tagShapes(store, task.id);
    cell.tasks.push({ ...taskOverview(call, task), tags, is_draggable: isDraggable(call, task) });
    cell.score += Math.trunc(Number(task.score));
  }
  return lanes.map(({ swimlane, cells }) => ({
    ...swimlane,
    columns: cells.map(({ column, tasks: inside, score }, index) => {
      const { id, title, position, task_limit, description, hide_in_dashboard, project_id } = column;
      const open = store.cards.openColumn.count(id);
      return {
        id,
        title,
        position,
        task_limit,
        description,
        hide_in_dashboard,
        project_id,
        nb_open_tasks: open,
        tasks: inside,
        nb_tasks: inside.length,
        score,
        column_nb_open_tasks: open,
        nb_visible_tasks_across_swimlane: sum(lanes.map((lane) => lane.cells[index]!.tasks.length)),
        nb_unfiltered_tasks_across_swimlane: open,
        cumulative_score_across_swimlane: sum(lanes.map((lane) => lane.cells[index]!.score)),
      };
    }),
    nb_swimlanes: swimlanes.length,
    nb_columns: columns.length,
    nb_tasks: sum(cells.map((cell) => cell.tasks.length)),
    score: sum(cells.map((cell) => cell.score)),
  }));
}

/** Where a column and a swimlane meet. */
interface Cell {
  readonly tasks: JsonObject[];
  score: number;
}

/** By whoever may move cards on the page: never by the token. */
function isDraggable(call: Call, task: { readonly is_active: number; readonly project_id: number }): boolean {
  if (task.is_active !== 1 || call.user === undefined) return false;
  if (call.user.role === "app-admin") return true;
  const role = call.store.roleOf(task.project_id, call.user.id);
  return role === "project-manager" || role === "project-member";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
