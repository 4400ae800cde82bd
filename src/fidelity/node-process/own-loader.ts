import { appendFileSync, readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { withoutTypes } from "../../inprocess/loading/compile.ts";
import { decoratorHelpers } from "../../inprocess/loading/decorators.ts";
import { isInPackage, Resolver } from "../../inprocess/loading/resolve.ts";
import { decoratorsOf } from "../../inprocess/loading/source-tree.ts";
import { loaderNotesVariable } from "./loader-notes.ts";

/**
 * Loaded before a user's own entry. Node's loader comes first; what it cannot do, which a user's toolchain does (enums,
 * parameter properties, decorators, `paths`, specifiers without an extension), is done as in the simulation, and noted.
 */
const helperScheme = "stormlane-helper:";
const resolver = new Resolver();
const notes = process.env[loaderNotesVariable];

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (decoratorHelpers[specifier] !== undefined) return { url: `${helperScheme}${specifier}`, shortCircuit: true };
    try {
      return nextResolve(specifier, context);
    } catch (error) {
      const { parentURL } = context;
      if (parentURL === undefined || !parentURL.startsWith("file:") || isInPackage(parentURL)) throw error;
      const kind = context.conditions.includes("require") ? "require" : "import";
      const found = resolver.resolve(specifier, fileURLToPath(parentURL), kind);
      if (found.kind !== "file") throw error;
      note(`import of ${specifier}`, parentURL);
      return nextResolve(pathToFileURL(found.path).href, context);
    }
  },
  load(url, context, nextLoad) {
    if (url.startsWith(helperScheme)) return { format: "module", source: helperSource(url), shortCircuit: true };
    if (!/^file:.*\.[cm]?tsx?$/.test(url) || isInPackage(url)) return nextLoad(url, context);
    const text = readFileSync(fileURLToPath(url), "utf8");
    if (isStrippable(text, url)) return nextLoad(url, context);
    note("TypeScript that is more than types", url);
    const isCommonJs = formatOf(url, context.format) === "commonjs";
    const path = fileURLToPath(url);
    const format = isCommonJs ? "commonjs" : "esm";
    const decorators = decoratorsOf(path);
    const { code } = withoutTypes({ path, virtualPath: path, text, format, typescript: true, decorators }, text);
    return { format: isCommonJs ? "commonjs" : "module", source: code, shortCircuit: true };
  },
});

function isStrippable(text: string, url: string): boolean {
  if (url.endsWith("x")) return false;
  try {
    stripTypeScriptTypes(text);
    return true;
  } catch {
    return false;
  }
}

function formatOf(url: string, format: string | null | undefined): "module" | "commonjs" {
  if (format?.startsWith("commonjs") === true || url.endsWith(".cts")) return "commonjs";
  return "module";
}

function helperSource(url: string): string {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const helpers = new URL(`../../inprocess/loading/decorators${extension}`, import.meta.url).href;
  const name = JSON.stringify(url.slice(helperScheme.length));
  return `import { decoratorHelpers } from ${JSON.stringify(helpers)};\nexport default decoratorHelpers[${name}].default;\n`;
}

function note(what: string, url: string): void {
  if (notes !== undefined) appendFileSync(notes, `${JSON.stringify({ what, file: fileURLToPath(url) })}\n`);
}
