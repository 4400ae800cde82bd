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

function constant(
  name: string,
  value: string | Readonly<Record<string, string | Readonly<Record<string, string>>>>,
): Procedure {
  return atomic({ name, parameters: [], touches: () => noData, run: () => value });
}
