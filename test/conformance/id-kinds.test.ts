import { expect, test } from "vitest";
import { idKindAt, keyKindAt } from "../../src/conformance/id-kinds.ts";

test("says of what kind an id is, by where it stands", () => {
  expect(idKindAt("createTask", [])).toBe("task");
  expect(idKindAt("getAllTasks", ["0", "column_id"])).toBe("column");
  expect(idKindAt("getAllComments", ["0", "id"])).toBe("comment");
});

test.each(["constructor", "toString", "__proto__"])("what people called %s is no id", (name) => {
  expect(idKindAt("getTaskMetadata", [name])).toBeUndefined();
  expect(idKindAt("getTask", [name, "id"])).toBeUndefined();
  expect(keyKindAt(name, [])).toBeUndefined();
});
