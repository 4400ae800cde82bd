import type { JsonValue } from "../../../src/base/json.ts";
import { manager, viewer } from "../authorization.ts";
import type { Call } from "../call.ts";
import { toText } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import type { CategoryRow } from "../rows.ts";
import { compareText, foldCase, rowId, textCell } from "../sqlite.ts";
import type { Store } from "../store.ts";
import { fatalIfArray, fitsOrAbsent, isGiven, isIntegerOrAbsent } from "../validation.ts";

export const categoryProcedures: readonly Procedure[] = [
  atomic({
    name: "getAllCategories",
    parameters: ["project_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("board", rowId(project)),
    run: (call: Call, project: JsonValue) =>
      call.store.categories
        .of(rowId(project))
        .toSorted((left, right) => compareText(foldCase(left.name), foldCase(right.name))),
  }),
  atomic({
    name: "getCategory",
    parameters: ["category_id"],
    guard: viewer("category"),
    touches: (call: Call, id: JsonValue) => call.statements.read("board", projectOf(call, id)),
    run: (call: Call, id: JsonValue) => call.store.categories.find(id) ?? null,
  }),
  atomic({
    name: "createCategory",
    parameters: ["project_id", "name", ["color_id", null]],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, name: JsonValue, color: JsonValue) => {
      const { store } = call;
      const failure = fatalIfArray(name);
      if (failure !== undefined) return failure;
      if (!isGiven(project) || !isIntegerOrAbsent(project) || !isGiven(name) || !fitsOrAbsent(name, 191)) return false;
      const owner = store.projects.find(project);
      if (owner === undefined || categoryNamed(store, owner.id, toText(name)) !== undefined) return false;
      const category: CategoryRow = {
        id: store.categories.nextId,
        name: toText(name),
        project_id: owner.id,
        description: null,
        color_id: textCell(color),
      };
      store.categories.insert(category);
      call.commit();
      return category.id;
    },
  }),
  atomic({
    name: "updateCategory",
    parameters: ["id", "name", ["color_id", null]],
    guard: manager("category"),
    touches: (call: Call, id: JsonValue) => call.statements.writeBoard(projectOf(call, id)),
    run: (call: Call, id: JsonValue, name: JsonValue, color: JsonValue) => {
      const failure = fatalIfArray(name);
      if (failure !== undefined) return failure;
      if (!isGiven(id) || !isIntegerOrAbsent(id) || !isGiven(name) || !fitsOrAbsent(name, 191)) return false;
      const category = call.store.categories.find(id);
      if (category === undefined) return true;
      const taken = categoryNamed(call.store, category.project_id, toText(name));
      if (taken !== undefined && taken.id !== category.id) return false;
      call.store.categories.replace({ ...category, name: toText(name), color_id: textCell(color) });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeCategory",
    parameters: ["category_id"],
    guard: manager("category"),
    touches: (call: Call, id: JsonValue) => call.statements.writeBoard(projectOf(call, id)),
    run: (call: Call, id: JsonValue) => {
      const category = call.store.categories.find(id);
      if (category === undefined) return false;
      for (const card of call.store.cards.category.ids(category.id)) {
        call.store.updateTask(call.store.tasks.find(card)!, { category_id: 0 });
      }
      call.store.categories.remove(category.id);
      call.commit();
      return true;
    },
  }),
];

/** Letters of either case are the same name. */
export function categoryNamed(store: Store, project: number, name: string): CategoryRow | undefined {
  const folded = foldCase(name);
  return store.categories.of(project).find((category) => foldCase(category.name) === folded);
}

function projectOf(call: Call, id: JsonValue): number {
  return call.store.categories.find(id)?.project_id ?? 0;
}
