import type { JsonValue } from "../../../src/base/json.ts";
import type { Call } from "../call.ts";
import { fatal } from "../failure.ts";
import { entries } from "../php.ts";
import { colors, defaultColorId } from "../colors.ts";
import { atomic, type Procedure } from "../procedure.ts";
import { noData } from "../statements.ts";

/** Facts of the installation. */
export const applicationProcedures: readonly Procedure[] = [
  constant("getVersion", "1.2.53"),
  constant("getTimezone", "UTC"),
  constant("getDefaultTaskColor", defaultColorId),
  constant("getDefaultTaskColors", colors),
  constant("getColorList", Object.fromEntries(Object.entries(colors).map(([id, { name }]) => [id, name]))),
  constant("getApplicationRoles", { "app-admin": "Administrator", "app-manager": "Manager", "app-user": "User" }),
  constant("getProjectRoles", {
    "project-manager": "Project Manager",
    "project-member": "Project Member",
    "project-viewer": "Project Viewer",
  }),
];

/** Parts of the server's own classes that can be called like procedures. Nobody should. */
export const internalProcedures: readonly Procedure[] = [
  atomic({ name: "beforeProcedure", parameters: ["procedure"], touches: () => noData, run: () => null }),
  atomic({ name: "getClassName", parameters: [], touches: () => noData, run: () => "MeProcedure" }),
  atomic({ name: "__construct", parameters: ["container"], touches: () => noData, run: () => fatal }),
  atomic({
    name: "filterValues",
    parameters: ["values[]"],
    touches: () => noData,
    run: (_call: Call, values: JsonValue) => asList(entries(values).filter(([, value]) => value !== null)),
  }),
];

/** A PHP array as JSON: a list when its keys are 0, 1 and so on. */
function asList(kept: readonly (readonly [string, JsonValue])[]): JsonValue {
  return kept.every(([key], index) => key === String(index))
    ? kept.map(([, value]) => value)
    : Object.fromEntries(kept);
}

function constant(
  name: string,
  value: string | Readonly<Record<string, string | Readonly<Record<string, string>>>>,
): Procedure {
  return atomic({ name, parameters: [], touches: () => noData, run: () => value });
}
