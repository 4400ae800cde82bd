import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { plainLine } from "../../report/plain-line.ts";
import { UsageError, type Mistake } from "../usage-error.ts";

/** A module of the user's did not load: what it was, where, and what to do about it. */
export function loadMistake(path: string, error: unknown): UsageError {
  return new UsageError({ what: path, ...explain(error, path) });
}

function explain(error: unknown, path: string): Omit<Mistake, "what"> {
  if (!(error instanceof Error)) return { why: `throws ${plainLine(String(error), 200)}`, fix: "mend it" };
  const message = plainLine(error.message, 600);
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (error.name === "DefinitionError") return { why: message, fix: "mend these members" };
  const place = placeOf(error, path);
  switch (code) {
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
      return {
        why: `${place}uses TypeScript that leaves code behind when types are erased: ${message}`,
        fix: "write it as JavaScript would: no enums, namespaces or parameter properties (erasableSyntaxOnly in tsconfig.json finds them all)",
      };
    case "ERR_MODULE_NOT_FOUND":
    case "ERR_UNSUPPORTED_DIR_IMPORT":
      return {
        why: message,
        fix: "write relative imports with their extension, as ./worker.ts, and install packages",
      };
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return { why: message, fix: "name it .ts, .mts, .js or .mjs" };
    case "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING":
      return { why: message, fix: "import what the package has as JavaScript" };
  }
  if (error instanceof SyntaxError || error.name === "SyntaxError") return syntaxMistake(place, message);
  return { why: `${place}throws ${error.name}: ${message}`, fix: "mend it: it must load by itself" };
}

function syntaxMistake(place: string, message: string): Omit<Mistake, "what"> {
  if (/import statement|Unexpected token 'export'/.test(message)) {
    return { why: `${place}${message}`, fix: `write "type": "module" into package.json, or name the file .mts` };
  }
  if (/does not provide an export named/.test(message)) {
    return { why: `${place}${message}`, fix: "import types with `import type`, and check the name" };
  }
  return { why: `${place}cannot be parsed: ${message}`, fix: "mend the syntax" };
}

/** The first place in a file of the user's that the error names, as `worker.ts:12: `; nothing when it is the file itself. */
function placeOf(error: Error, path: string): string {
  const [, named, line] = /(?:file:\/\/)?(\/[^\s():]+\.m?[jt]s):(\d+)/.exec(error.stack ?? "") ?? [];
  if (named === undefined || named.includes("/node_modules/")) return "";
  const file = named.startsWith("file:") ? fileURLToPath(named) : named;
  return file === path ? `line ${line}: ` : `${relative(process.cwd(), file)}:${line}: `;
}
