import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "../../base/assert.ts";

/**
 * A module and what it imports, as the text of one classic script. A page that is opened from a file may not load
 * modules, and one that brings its modules along as `data:` addresses must allow scripts from all such addresses; one
 * script is named by its hash. It is no bundler: our pages are a few modules that keep to a few forms, anything else is
 * refused here.
 *
 * In the clone the modules are TypeScript, and Node strips their types; beside the built package they are JavaScript.
 *
 * @param entry a module of ours, named as in the clone (`.ts`); it and what it imports, by relative paths, may use what
 *   a browser has
 */
export function pageScript(entry: URL): string {
  const modules = new Map<string, string>();
  const path = fileURLToPath(entry);
  const isTypeScript = import.meta.url.endsWith(".ts");
  addModule(isTypeScript ? path : path.replace(/\.ts$/, ".js"), [], modules);
  const scopes = [...modules].map(([own, code]) => `// ${relative(dirname(path), own)}\n${code}`);
  return `"use strict";\n(() => {\n${scopes.join("\n")}\n})();\n`;
}

/** In the order in which modules run: what is imported stands before. @param importers who asks, outermost first */
function addModule(path: string, importers: readonly string[], modules: Map<string, string>): void {
  if (modules.has(path)) return;
  assert(!importers.includes(path), `modules of a page import each other in a circle: ${path}`);
  const text = readFileSync(path, "utf8");
  const code = path.endsWith(".ts") ? withoutTypes(text) : text;
  const imported = [...code.matchAll(importForm)].map(([, , specifier]) =>
    fileURLToPath(new URL(specifier!, `file://${path}`)),
  );
  for (const each of imported) addModule(each, [...importers, path], modules);
  const numberOf = (each: string): number => [...modules.keys()].indexOf(each);
  let index = 0;
  const body = code
    .replaceAll(
      importForm,
      (_, names: string) => `const {${names.replaceAll(" as ", ": ")}} = module${numberOf(imported[index++]!)};`,
    )
    .replaceAll(exportForm, "$1$2")
    // What a compiler leaves of a module without exports.
    .replaceAll(/^export \{\};?$/gm, "");
  assert(!otherForm.test(body), `a module of a page imports and exports by name alone: ${path}`);
  const exported = [...code.matchAll(exportForm)].map(([, , name]) => name!);
  modules.set(path, `const module${modules.size} = (() => {\n${body}\nreturn { ${exported.join(", ")} };\n})();`);
}

const importForm = /^import \{([^}]*)\} from "(\.[^"]+)";?$/gm;
/** Of declarations that never change their value. */
const exportForm = /^export ((?:async )?function\*? |class |const )(\w+)/gm;
const otherForm = /^(?:import\b(?!\.)|export\b)/m;

/** Node says once in a process that it may still change how this is called. */
function withoutTypes(text: string): string {
  const emitWarning = process.emitWarning.bind(process) as (...values: readonly unknown[]) => void;
  process.emitWarning = (...values: readonly unknown[]): void => {
    if (!String(values[0]).includes("stripTypeScriptTypes")) emitWarning(...values);
  };
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}
