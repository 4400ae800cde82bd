import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { assert } from "../../base/assert.ts";

/**
 * Joins a module and all that it imports into one script, each in a function of its own.
 *
 * The page must work from `file://` with no other file beside it. A browser loads no module from there; an import map of
 * `data:` URLs would need a policy that lets any `data:` script run, and one script tag for each module cannot name the
 * others. So the few forms of import and export that this project uses are rewritten, and any other form is an error. In
 * the clone the modules are TypeScript and lose their types here, in the package they are JavaScript already.
 *
 * @throws when a module has an import or export that is not `import { a, b as c } from "./x"` or an exported declaration
 */
export function joinModules(entry: URL): string {
  const modules = new Map<string, string>();
  const load = (url: URL): string => {
    const known = modules.get(url.href);
    if (known !== undefined) return known;
    const source = readModule(url);
    const body = rewriteModule(source, (specifier) => load(new URL(specifier, url)), url.href);
    const name = `module${modules.size}`;
    modules.set(url.href, name);
    scripts.push(`const ${name} = (() => {\n${body}\n})();`);
    return name;
  };
  const scripts: string[] = [];
  load(entry);
  return `"use strict";\n${scripts.join("\n")}\n`;
}

function readModule(url: URL): string {
  const text = readFileSync(url, "utf8");
  return url.pathname.endsWith(".ts") ? withoutTypes(text) : text;
}

/** Node calls the function experimental each time a program uses it, which says nothing to whoever wants a page. */
function withoutTypes(text: string): string {
  const emitWarning = Object.getOwnPropertyDescriptor(process, "emitWarning")!;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    Object.defineProperty(process, "emitWarning", emitWarning);
  }
}

/**
 * A module as the body of a function that returns its exports.
 *
 * @param nameOf what the joined script calls the module of a specifier
 * @param what names the module in errors
 */
export function rewriteModule(source: string, nameOf: (specifier: string) => string, what: string): string {
  const exported: string[] = [];
  const body = source
    .replaceAll(/^import\s*\{([^}]*)\}\s*from\s*"([^"]+)";?/gm, (_, names: string, specifier: string) => {
      assert(specifier.startsWith("."), `${what} imports ${specifier}, which no browser has`);
      return `const {${names.replaceAll(/\bas\b/g, ":")}} = ${nameOf(specifier)};`;
    })
    .replaceAll(
      /^export ((?:async )?(?:function\*?|const|class) ([\w$]+))/gm,
      (_, declaration: string, name: string) => {
        exported.push(name);
        return declaration;
      },
    )
    .replaceAll(/^\/\/# sourceMappingURL=.*$/gm, "");
  const left = /^(?:import|export)\b.*$/m.exec(body)?.[0];
  assert(left === undefined, `${what} has a form that is not joined: ${left}`);
  assert(!/<\/script|<!--/i.test(body), `${what} holds text that ends or hides a script in HTML`);
  return `${body}\nreturn { ${exported.join(", ")} };`;
}
