import { relative } from "node:path";
import { CompileError } from "../../inprocess/loading/compile.ts";
import { MissingImport } from "../../inprocess/loading/source-tree.ts";
import { plainLine } from "../../report/plain-line.ts";
import { loadMistake } from "../project/load-mistake.ts";
import { UsageError } from "../usage-error.ts";

/** @param path of what `--system` names; @param error that came of compiling its files */
export function compileMistake(path: string, error: unknown): UsageError {
  if (!(error instanceof CompileError)) return loadMistake(path, error);
  return new UsageError({
    what: `--system ${relative(process.cwd(), path)}`,
    why: `${relative(process.cwd(), error.path)}: ${plainLine(error.message, 300)}`,
    fix: fixFor(error),
  });
}

function fixFor(error: CompileError): string {
  if (error instanceof MissingImport) return "install it, or mend what it is imported by";
  if (error.path.endsWith(".node")) return "use a package without one, or run it with stormlane live";
  return "mend the syntax";
}
