import { memberOf, type JsonValue } from "../../../src/base/json.ts";
import { member, viewer } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { databaseLocked, type Failure } from "../failure.ts";
import { entries, isEmpty } from "../php.ts";
import { atomic, statementwise, type Procedure } from "../procedure.ts";
import { rowId, textCell } from "../sqlite.ts";
import type { MetadataOwner } from "../store.ts";
import { reading, writesOf, writing } from "../statements.ts";
import type { Footprint } from "../../../src/base/footprint.ts";
import type { ServiceStep } from "../../../src/ports/service.ts";

/** Metadata of cards and of projects: text by name. */
export const metadataProcedures: readonly Procedure[] = [...proceduresOf("task"), ...proceduresOf("project")];

function proceduresOf(owner: MetadataOwner): Procedure[] {
  const Owner = owner === "task" ? "Task" : "Project";
  const id = `${owner}_id`;
  return [
    atomic({
      name: `get${Owner}Metadata`,
      parameters: [id],
      guard: viewer(owner),
      touches: (call: Call, of: JsonValue) => reads(call, owner, of),
      run: (call: Call, of: JsonValue) => call.store.metadataOf(owner, rowId(of)),
    }),
    atomic({
      name: `get${Owner}MetadataByName`,
      parameters: [id, "name"],
      guard: viewer(owner),
      touches: (call: Call, of: JsonValue) => reads(call, owner, of),
      run: (call: Call, of: JsonValue, name: JsonValue) => {
        const found = own(call, owner, of, textCell(name));
        return isEmpty(found) ? "" : found!;
      },
    }),
    statementwise({
      name: `save${Owner}Metadata`,
      parameters: [id, "values[]"],
      guard: member(owner),
      run: (call: Call, of: JsonValue, values: JsonValue) => saveMetadata(call, owner, of, entries(values)),
    }),
    atomic({
      name: `remove${Owner}Metadata`,
      parameters: [id, "name"],
      guard: member(owner),
      touches: (call: Call, of: JsonValue) => call.statements.change(writes(call, owner, of)),
      run: (call: Call, of: JsonValue, given: JsonValue) => {
        const name = textCell(given);
        if (own(call, owner, of, name) === undefined) return false;
        call.store.setMetadata(owner, rowId(of), name!, undefined);
        call.commit();
        if (owner === "task")
          call.record({ store: "board", type: "metadata.saved", card: rowId(of), name: name!, value: null });
        return true;
      },
    }),
  ];
}

/** One transaction that looks for each name before it writes: it fails when anybody commits in between. */
export function* saveMetadata(
  call: Call,
  owner: MetadataOwner,
  of: JsonValue,
  values: readonly (readonly [name: string, value: JsonValue])[],
): Statementwise<boolean | Failure> {
  if (values.length === 0) return true;
  yield call.statements.transaction(() => [readFootprint(owner, of)]);
  const { commits } = call.store;
  yield call.statements.transaction(() => writes(call, owner, of));
  if (call.store.commits !== commits) return databaseLocked;
  const row = owner === "task" ? call.store.tasks.find(of) : call.store.projects.find(of);
  if (row === undefined) return false;
  for (const [name, value] of values) {
    const text = textCell(value);
    call.store.setMetadata(owner, row.id, name, text);
    if (owner === "task") call.record({ store: "board", type: "metadata.saved", card: row.id, name, value: text });
  }
  call.commit();
  return true;
}

function own(call: Call, owner: MetadataOwner, of: JsonValue, name: string | null): JsonValue | undefined {
  const metadata = call.store.metadataOf(owner, rowId(of));
  return name === null ? undefined : memberOf(metadata, name);
}

function reads(call: Call, owner: MetadataOwner, of: JsonValue): ServiceStep {
  return owner === "task" ? call.readsCard("meta", of) : call.statements.read("projectMeta", rowId(of));
}

function readFootprint(owner: MetadataOwner, of: JsonValue): Footprint {
  return reading(owner === "task" ? "meta" : "projectMeta", rowId(of));
}

function writes(call: Call, owner: MetadataOwner, of: JsonValue): Footprint[] {
  return owner === "task" ? writesOf("meta", rowId(of), call.projectOf(of)) : [writing("projectMeta", rowId(of))];
}
