import { builtInCatalogueUrl } from "../../src/cli/catalogue.ts";
import { createProgram } from "../../src/cli/main.ts";

/** The commands as they are, to be read: nothing is run and nothing printed. */
export function commandTree(): ReturnType<typeof createProgram> {
  return createProgram(
    {
      cwd: "/",
      writeOut: () => {},
      writeError: () => {},
      outIsTerminal: false,
      errorIsTerminal: false,
      takeInterruptions: () => new AbortController().signal,
      catalogueUrl: builtInCatalogueUrl,
    },
    () => {},
  );
}
