import type { JsonValue } from "../../../src/base/json.ts";
import { timestampOf } from "../dates.ts";
import { isEmpty, toText } from "../php.ts";
import {
  fitsOrAbsent,
  isAboveOrAbsent,
  isBetweenOrAbsent,
  isDateOrAbsent,
  isIntegerOrAbsent,
  isNumericOrAbsent,
} from "../validation.ts";

/** The rules that creating and changing a card have in common. A start after the due date fails only when both are given. */
export function areTaskValuesValid(values: Readonly<Record<string, JsonValue | undefined>>, nowS: number): boolean {
  return (
    integers.every((name) => isIntegerOrAbsent(values[name])) &&
    isBetweenOrAbsent(values["score"], -scoreMax, scoreMax) &&
    isAboveOrAbsent(values["swimlane_id"], 0) &&
    fitsOrAbsent(values["title"], 65_535) &&
    fitsOrAbsent(values["reference"], 191) &&
    isDateOrAbsent(values["date_due"]) &&
    isDateOrAbsent(values["date_started"]) &&
    isNumericOrAbsent(values["time_spent"]) &&
    isNumericOrAbsent(values["time_estimated"]) &&
    startsBeforeDue(values["date_started"], values["date_due"], nowS)
  );
}

function startsBeforeDue(start: JsonValue | undefined, due: JsonValue | undefined, nowS: number): boolean {
  if (isEmpty(start) || isEmpty(due)) return true;
  return timestampOf(toText(start), nowS) <= timestampOf(toText(due), nowS);
}

const scoreMax = 2_147_483_647;

const integers: readonly string[] = [
  "id",
  "project_id",
  "column_id",
  "owner_id",
  "creator_id",
  "score",
  "category_id",
  "swimlane_id",
  "recurrence_child",
  "recurrence_parent",
  "recurrence_factor",
  "recurrence_timeframe",
  "recurrence_basedate",
  "recurrence_trigger",
  "recurrence_status",
  "priority",
];
