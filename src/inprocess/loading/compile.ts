import { SourceMap } from "node:module";
import { Script } from "node:vm";
import { moduleRunnerTransformSync, transformSync, type TransformOptions } from "oxc-transform";

/** What a file of the user's is, once it can be run: a function that every life of every process calls anew. */
export type Unit = EsmUnit | CommonJsUnit | JsonUnit;

interface SourceUnit {
  /** Absolute, on this machine. */
  readonly path: string;
  /** As the code itself sees it, below `/app`: the same on every machine. */
  readonly virtualPath: string;
  /** From what runs back to what was written, nearest first. */
  readonly maps: readonly SourceMap[];
}

export interface EsmUnit extends SourceUnit {
  readonly kind: "esm";
  /** Absent when it waits at its own top level. */
  readonly instantiate: Instantiate<EsmBody> | undefined;
  /** For when it or something that it imports waits at its top level. Compiled when it is first asked for. */
  readonly instantiateAsync: () => Instantiate<EsmBody>;
  /** Its package says nothing of modules, so that its toolchain may have made CommonJS of it. */
  readonly hasRequire: boolean;
  /** As they are written in its static imports. */
  readonly imports: readonly string[];
}

export interface CommonJsUnit extends SourceUnit {
  readonly kind: "commonjs";
  readonly instantiate: Instantiate<CommonJsBody>;
}

export interface JsonUnit {
  readonly kind: "json";
  readonly path: string;
  readonly virtualPath: string;
  readonly text: string;
}

/** Binds the globals of one process. */
type Instantiate<Body> = (...globals: readonly unknown[]) => Body;

export type EsmBody = (
  exports: object,
  importStatic: (specifier: string) => unknown,
  importDynamic: (specifier: unknown) => Promise<unknown>,
  exportAll: (from: object) => void,
  meta: object,
) => Promise<void> | undefined;

export type CommonJsBody = (
  this: unknown,
  exports: unknown,
  require: unknown,
  module: unknown,
  filename: string,
  dirname: string,
  importDynamic: (specifier: unknown) => Promise<unknown>,
) => void;

export interface SourceFile {
  readonly path: string;
  readonly virtualPath: string;
  readonly text: string;
  /** What its name or its package says: `detect` leaves it to the syntax, as Node does. */
  readonly format: "esm" | "commonjs" | "detect";
  readonly typescript: boolean;
  /** Of its tsconfig.json. */
  readonly decorators: TransformOptions["decorator"];
}

/**
 * @param globalNames what the code finds as globals: parameters of the function around it
 * @throws {CompileError} when it cannot be parsed
 */
export function compile(file: SourceFile, globalNames: readonly string[]): EsmUnit | CommonJsUnit {
  const { path, virtualPath } = file;
  const written = file.text.startsWith("#!") ? `//${file.text}` : file.text;
  const javascript = file.typescript ? withoutTypes(file, written) : { code: written, maps: [] };
  const format = file.format === "detect" ? formatOf(javascript.code) : file.format;
  if (format === "commonjs") {
    const code = withDynamicImports(javascript.code);
    const instantiate = compileFunction<CommonJsBody>(virtualPath, globalNames, commonJsNames, code, "");
    return { kind: "commonjs", path, virtualPath, maps: javascript.maps, instantiate };
  }
  const linked = moduleRunnerTransformSync(virtualPath, javascript.code, { sourcemap: true });
  refuseErrors(path, linked.errors);
  const maps = [new SourceMap(linked.map as never), ...javascript.maps];
  const shared = { kind: "esm", path, virtualPath, maps, imports: linked.deps } as const;
  const hasRequire = file.format === "detect";
  const sync = linked.code.replaceAll("= await __vite_ssr_import__(", "= __vite_ssr_import__(");
  const prologue = `"use strict";`;
  const outer = [...globalNames, ...commonJsNames];
  let waiting: Instantiate<EsmBody> | undefined;
  const instantiateAsync = (): Instantiate<EsmBody> =>
    (waiting ??= compileFunction<EsmBody>(virtualPath, outer, esmNames, linked.code, prologue, "async "));
  const unit = { ...shared, hasRequire, instantiateAsync };
  if (waitsAtTopLevel(sync)) {
    instantiateAsync();
    return { ...unit, instantiate: undefined };
  }
  return { ...unit, instantiate: compileFunction<EsmBody>(virtualPath, outer, esmNames, sync, prologue) };
}

/** A function takes `await (x)` for a call of something that is named so; the static block of a class does not. */
function waitsAtTopLevel(code: string): boolean {
  if (!code.includes("await")) return false;
  try {
    void new Script(`"use strict";(class{static{${code}\n}})`);
    return false;
  } catch {
    return true;
  }
}

/** The user's file does not parse, or holds what cannot be run here. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** As the names of the transformed module stand in it. */
const esmNames: readonly string[] = [
  "__vite_ssr_exports__",
  "__vite_ssr_import__",
  "__vite_ssr_dynamic_import__",
  "__vite_ssr_exportAll__",
  "__vite_ssr_import_meta__",
];

const dynamicImportName = "__dynamic_import__";
const commonJsNames: readonly string[] = ["exports", "require", "module", "__filename", "__dirname", dynamicImportName];

/** What is left of TypeScript when it runs. @throws {CompileError} */
export function withoutTypes(file: SourceFile, text: string): { code: string; maps: SourceMap[] } {
  const result = transformSync(file.path, text, {
    sourcemap: true,
    target: `node${process.versions.node.split(".")[0]}`,
    sourceType: file.format === "commonjs" ? "unambiguous" : "module",
    ...(file.decorators === undefined ? {} : { decorator: file.decorators }),
  });
  refuseErrors(file.path, result.errors);
  return { code: result.code, maps: result.map === undefined ? [] : [new SourceMap(result.map as never)] };
}

function refuseErrors(path: string, errors: readonly { message: string; codeframe: string | null }[]): void {
  const [first] = errors;
  if (first !== undefined) throw new CompileError(path, first.codeframe ?? first.message);
}

/** Lines stay where they are: the function begins on a line of its own, before the first. */
function compileFunction<Body>(
  filename: string,
  outerNames: readonly string[],
  innerNames: readonly string[],
  code: string,
  prologue: string,
  async: "" | "async " = "",
): Instantiate<Body> {
  const head = `(function(${outerNames.join(",")}){return ${async}function(${innerNames.join(",")}){${prologue}`;
  const script = new Script(`${head}\n${code}\n}})`, { filename, lineOffset: -1 });
  return script.runInThisContext() as Instantiate<Body>;
}

/** A file whose package says nothing is a module when it has the syntax of one that CommonJS does not know. */
function formatOf(code: string): "esm" | "commonjs" {
  if (!/\b(?:import|export|await)\b/.test(code)) return "commonjs";
  try {
    void new Script(`(function(${commonJsNames.join(",")}){${code}\n})`);
    return "commonjs";
  } catch {
    return "esm";
  }
}

/** `import()` of CommonJS goes through the graph of its process too. In a text or comment the other name does no harm. */
function withDynamicImports(code: string): string {
  return code.includes("import") ? code.replaceAll(/(?<![.\w$])import\s*\(/g, `${dynamicImportName}(`) : code;
}
