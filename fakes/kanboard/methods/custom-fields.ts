import type { JsonValue } from "../../../src/base/json.ts";
import type { Call, Statementwise } from "../call.ts";
import { Failure } from "../failure.ts";
import { looseEquals, toText } from "../php.ts";
import { saveMetadata } from "./metadata.ts";

/**
 * A custom field of the plugin MetaMagik, version 1.5.6. Its values are metadata of cards under its name; the API
 * neither lists nor makes fields.
 */
export interface CustomField {
  readonly name: string;
  /** The project it is for; all of them unless given. */
  readonly project?: number;
  /** `createTask` then refuses everything in these projects: the API cannot give what the plugin asks for. */
  readonly required?: boolean;
}

/** Whether `createTask` must refuse. */
export function hasRequiredField(call: Call, project: JsonValue): boolean {
  return (call.installation.customFields ?? []).some(
    (field) =>
      field.required === true && (field.project === undefined || looseEquals(toText(project), String(field.project))),
  );
}

/**
 * A new card gets an empty value for every field there is, those of other projects too: one transaction each.
 *
 * @returns the failure of a transaction
 */
export function* saveEmptyFields(call: Call, card: number): Statementwise<Failure | undefined> {
  for (const { name } of call.installation.customFields ?? []) {
    const saved = yield* saveMetadata(call, "task", card, [[name, ""]]);
    if (saved instanceof Failure) return saved;
  }
  return undefined;
}

/**
 * What hangs on a copy last: all metadata of the original, one transaction each.
 *
 * @returns the failure of a transaction
 */
export function* copyMetadata(call: Call, from: number, to: number): Statementwise<Failure | undefined> {
  if (call.installation.customFields === undefined) return undefined;
  yield call.readsCard("meta", from);
  for (const [name, value] of Object.entries(call.store.metadataOf("task", from)) as [string, JsonValue][]) {
    const saved = yield* saveMetadata(call, "task", to, [[name, value]]);
    if (saved instanceof Failure) return saved;
  }
  return undefined;
}
