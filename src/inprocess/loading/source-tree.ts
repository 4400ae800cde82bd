import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { compile, CompileError, type EsmUnit, type Unit } from "./compile.ts";
import { isInPackage, Resolver, type ImportKind, type Resolution } from "./resolve.ts";

/** The folder of the simulated host under which the user's project lies. */
export const projectFolder = "/app";

/**
 * The files of the user's project and of its packages, each compiled once for all lives of all processes. It holds code, never
 * what code did: that is the business of a process's own `ModuleGraph`.
 */
export class SourceTree {
  /** Absolute: the nearest folder with a package.json, or the entry's own. */
  readonly root: string;

  private readonly globalNames: readonly string[];
  private readonly resolver = new Resolver();
  private readonly units = new Map<string, Unit>();
  private readonly realPaths = new Map<string, string>();
  private readonly waiting = new Map<string, boolean>();

  constructor(entry: string, globalNames: readonly string[]) {
    this.globalNames = globalNames;
    this.root = rootOf(entry);
  }

  /** @param from absolute path of the file that imports */
  resolve(specifier: string, from: string, kind: ImportKind): Resolution {
    return this.resolver.resolve(this.realPath(specifier), from, kind);
  }

  /**
   * The unit of a file that exists.
   *
   * @throws {CompileError} for a file that cannot be parsed, or a native module
   */
  unit(path: string): Unit {
    let unit = this.units.get(path);
    if (unit === undefined) {
      unit = this.read(path);
      this.units.set(path, unit);
      this.realPaths.set(unit.virtualPath, path);
    }
    return unit;
  }

  /**
   * Compiles a file and all that it imports by static imports. Whatever is wrong with them shows here.
   *
   * @throws {CompileError}
   */
  compileAll(entry: string): void {
    const open = [entry];
    const seen = new Set<string>();
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const unit = this.unit(path);
      if (unit.kind !== "esm") continue;
      for (const specifier of unit.imports) {
        const found = this.resolve(specifier, path, "import");
        if (found.kind === "missing") throw new MissingImport(path, specifier);
        if (found.kind === "file") open.push(found.path);
      }
    }
  }

  /** Absolute paths of all that was compiled so far, sorted by code units. */
  get files(): readonly string[] {
    return [...this.units.keys()].toSorted();
  }

  /** Whether a module, or one that it imports, waits at its top level. */
  waits(unit: EsmUnit): boolean {
    const known = this.waiting.get(unit.path);
    if (known !== undefined) return known;
    // Until it is known: in a cycle it is for the others to say.
    this.waiting.set(unit.path, false);
    const waits =
      unit.instantiate === undefined ||
      unit.imports.some((specifier) => {
        const found = this.resolve(specifier, unit.path, "import");
        const imported = found.kind === "file" ? this.unit(found.path) : undefined;
        return imported?.kind === "esm" && this.waits(imported);
      });
    this.waiting.set(unit.path, waits);
    return waits;
  }

  /** The unit whose code runs under that name. */
  unitNamed(virtualPath: string): Unit | undefined {
    const path = this.realPaths.get(virtualPath);
    return path === undefined ? undefined : this.units.get(path);
  }

  virtualPath(path: string): string {
    const below = relative(this.root, path);
    if (!below.startsWith("..")) return `${projectFolder}/${below}`;
    const packages = path.indexOf("/node_modules/");
    return packages === -1 ? `${projectFolder}/..${path}` : `${projectFolder}${path.slice(packages)}`;
  }

  /** Where on this machine lies what the code calls `/app/…`, or `file:///app/…`; anything else is given back. */
  realPath(named: string | URL): string {
    const text = String(named);
    const path = text.startsWith("file:///") ? text.slice("file://".length) : text;
    if (path !== projectFolder && !path.startsWith(`${projectFolder}/`)) return text;
    return this.realPaths.get(path) ?? join(this.root, path.slice(projectFolder.length));
  }

  private read(path: string): Unit {
    const virtualPath = this.virtualPath(path);
    const extension = extname(path);
    if (extension === ".node") {
      throw new CompileError(path, "a native module: what it does cannot be made deterministic");
    }
    const text = readFileSync(path, "utf8");
    if (extension === ".json") return { kind: "json", path, virtualPath, text };
    const type = extension.startsWith(".m") ? "module" : extension.startsWith(".c") ? "commonjs" : undefined;
    const said = type ?? this.resolver.packageType(path);
    const typescript = /^\.[mc]?tsx?$/.test(extension) || extension === ".jsx";
    return compile(
      {
        path,
        virtualPath,
        text,
        format: said === "module" ? "esm" : said === "commonjs" && !typescript ? "commonjs" : "detect",
        typescript,
        decorators: typescript && !isInPackage(path) ? decoratorsOf(path) : undefined,
      },
      this.globalNames,
    );
  }
}

/** A file imports what is neither in the project nor installed. */
export class MissingImport extends CompileError {
  constructor(path: string, specifier: string) {
    super(path, `imports ${specifier}, which is not there`);
  }
}

function rootOf(entry: string): string {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return dirname(entry);
  }
}

/** Of the nearest tsconfig.json: whether decorators are those that TypeScript had first. */
export function decoratorsOf(path: string): { legacy: boolean; emitDecoratorMetadata: boolean } {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const config = join(folder, "tsconfig.json");
    if (existsSync(config)) {
      const text = readFileSync(config, "utf8");
      const isOn = (option: string): boolean => new RegExp(`"${option}"\\s*:\\s*true`).test(text);
      // Node runs no decorators at all, so where nothing is said the older meaning is the one that can be run.
      return { legacy: true, emitDecoratorMetadata: isOn("emitDecoratorMetadata") };
    }
    if (folder === dirname(folder)) return { legacy: true, emitDecoratorMetadata: false };
  }
}
