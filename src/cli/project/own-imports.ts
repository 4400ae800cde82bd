import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";

/**
 * From now on, in this thread, whoever imports `stormlane` gets the copy that is running: a scenario that brought another
 * one along would build its world out of parts that this kernel does not know.
 */
export function serveOwnImports(): void {
  if (isServing) return;
  isServing = true;
  const doors = ownDoors();
  registerHooks({
    resolve(specifier, context, next) {
      const url = doors.get(specifier);
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
  });
}

/** Hooks hold for the life of the thread. */
let isServing = false;

/** By specifier, as `stormlane/fakes`: the URL of the module, or of its source where this runs as source. */
function ownDoors(): ReadonlyMap<string, string> {
  const isSource = import.meta.url.endsWith(".ts");
  const root = fileURLToPath(new URL(isSource ? "../../../" : "../../../../", import.meta.url));
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  };
  return new Map(
    Object.entries(exports).map(([door, target]) => {
      const built = typeof target === "string" ? target : target.default;
      const file = isSource ? built.replace(/^\.\/dist\//, "./").replace(/\.js$/, ".ts") : built;
      return [door.replace(/^\./, "stormlane"), pathToFileURL(join(root, file)).href];
    }),
  );
}
