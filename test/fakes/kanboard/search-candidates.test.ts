import fc from "fast-check";
import { expect, test } from "vitest";
import { Failure } from "../../../fakes/kanboard/failure.ts";
import type { TaskRow } from "../../../fakes/kanboard/rows.ts";
import { parseQuery } from "../../../fakes/kanboard/search.ts";
import { Store, userDefaults } from "../../../fakes/kanboard/store.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import { boardWith } from "./requests.ts";

const { url: _, color: __, ...template } = boardWith(1).seed("getTask", [1], 0) as JsonObject & TaskRow;

const card = fc.record({
  project_id: fc.constantFrom(1, 1, 1, 2),
  column_id: fc.integer({ min: 1, max: 3 }),
  owner_id: fc.constantFrom<TaskRow["owner_id"]>(0, 1, 2, null),
  is_active: fc.constantFrom(0, 1),
  reference: fc.constantFrom("a", "A", "b%", "", null),
  category_id: fc.constantFrom(0, 1),
});

const values = [
  "1",
  "2",
  "a",
  "A",
  "b%",
  "b*",
  "none",
  "me",
  "nobody",
  "anybody",
  "ann",
  "open",
  "closed",
  "lane",
  "tag",
  "t_g",
];
const term = fc
  .tuple(
    fc.constantFrom("id", "ref", "reference", "status", "assignee", "column", "swimlane", "tag", "title"),
    fc.constantFrom(...values),
  )
  .map(([word, value]) => `${word}:${value}`);

test("what an index gives holds every card that the whole table gives", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(card, fc.subarray([1, 2])), { maxLength: 30 }),
      fc.array(term, { minLength: 1, maxLength: 4 }),
      (cards, terms) => {
        const store = new Store();
        store.insertUser({ ...userDefaults, id: 2, username: "ann", role: "app-user" }, "secret");
        for (const id of [1, 2, 3]) {
          const at = { id, project_id: 1, position: id, description: null, task_limit: 0 };
          store.columns.insert({ ...at, title: ["lane", "Lane", "a"][id - 1]!, hide_in_dashboard: 0 });
        }
        store.swimlanes.insert({
          id: 1,
          project_id: 1,
          name: "lane",
          position: 1,
          is_active: 1,
          description: null,
          task_limit: 0,
        });
        for (const [at, name] of ["tag", "Tug"].entries()) {
          store.insertTag({ id: at + 1, name, project_id: 0, color_id: null });
        }
        for (const [at, [values, tags]] of cards.entries()) {
          store.insertTask({ ...template, ...values, id: at + 1, swimlane_id: 1 });
          for (const tag of tags) store.attachTag(at + 1, tag);
        }
        const query = parseQuery(terms.join(" "), { store, nowS: 0, userId: 1, project: 1 });
        if (query instanceof Failure) return;
        const ids = (tasks: Iterable<TaskRow>): number[] =>
          [...tasks].filter((task) => task.project_id === 1 && query.isFound(task)).map(({ id }) => id);
        const candidates = query.candidates?.flatMap((id) => store.tasks.find(id) ?? []);
        expect(ids(candidates ?? store.tasks.all())).toEqual(ids(store.tasks.all()));
      },
    ),
    { numRuns: 400 },
  );
});
