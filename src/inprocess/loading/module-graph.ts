import { dirname } from "node:path";
import { outsideSimulatedCode } from "../../kernel/guards.ts";
import type { CommonJsUnit, EsmUnit, Unit } from "./compile.ts";
import type { ImportKind, Resolution } from "./resolve.ts";
import type { SourceTree } from "./source-tree.ts";

/** What one process has loaded: its modules with their state. A new life begins with an empty one. */
export class ModuleGraph {
  private readonly tree: SourceTree;
  private readonly environment: ModuleEnvironment;
  private readonly esModules = new Map<string, EsModule>();
  private readonly commonJsModules = new Map<string, CommonJsModule>();
  /** What stands before an ES module that imports something else: one object for each. */
  private readonly namespaces = new WeakMap<object, object>();
  private readonly entry: string;

  constructor(tree: SourceTree, entry: string, environment: ModuleEnvironment) {
    this.tree = tree;
    this.entry = entry;
    this.environment = environment;
  }

  /** Runs the entry. Settles when its top level has run. */
  async run(): Promise<void> {
    const unit = this.unit(this.entry);
    if (unit.kind === "esm") await this.esModule(unit).evaluation;
    else this.required(unit);
  }

  /** As `createRequire` gives it. @param from absolute path of the file it is for */
  requireFrom(from: string): NodeJS.Require {
    const require = (specifier: string): unknown => this.require(specifier, from);
    const resolve = (specifier: string): string => {
      const found = this.find(specifier, from, "require");
      return found.kind === "file" ? this.unit(found.path).virtualPath : specifier;
    };
    const main = this.commonJsModules.get(this.entry);
    return Object.assign(require, { resolve, cache: {}, extensions: {}, main }) as unknown as NodeJS.Require;
  }

  private unit(path: string): Unit {
    return outsideSimulatedCode(() => this.tree.unit(path));
  }

  private find(specifier: string, from: string, kind: ImportKind): Found {
    const found = outsideSimulatedCode(() => this.tree.resolve(specifier, from, kind));
    if (found.kind !== "missing") return found;
    const error = new Error(`Cannot find ${kind === "import" ? "package or module" : "module"} '${specifier}'`);
    throw Object.assign(error, { code: kind === "import" ? "ERR_MODULE_NOT_FOUND" : "MODULE_NOT_FOUND" });
  }

  private require(specifier: string, from: string): unknown {
    const found = this.find(specifier, from, "require");
    if (found.kind === "helper") return found.module;
    if (found.kind === "builtin") return this.environment.builtin(found.name);
    const unit = this.unit(found.path);
    if (unit.kind !== "esm") return this.required(unit);
    const module = this.esModule(unit);
    if (module.evaluation !== undefined) throw requiredAsync(specifier);
    const { exports } = module;
    return "module.exports" in exports ? exports["module.exports"] : exports;
  }

  private required(unit: Exclude<Unit, EsmUnit>): unknown {
    let module = this.commonJsModules.get(unit.path);
    if (module === undefined) {
      module = new CommonJsModule(unit.virtualPath);
      this.commonJsModules.set(unit.path, module);
      try {
        if (unit.kind === "json") module.exports = JSON.parse(unit.text);
        else this.evaluateCommonJs(unit, module);
        module.loaded = true;
      } catch (error) {
        this.commonJsModules.delete(unit.path);
        throw error;
      }
    }
    return module.exports;
  }

  private evaluateCommonJs(unit: CommonJsUnit, module: CommonJsModule): void {
    const { path, virtualPath } = unit;
    const require = this.requireFrom(path);
    if (path === this.entry) Object.assign(require, { main: module });
    module.require = require;
    const body = unit.instantiate(...this.environment.globals());
    const { exports } = module;
    body.call(exports, exports, require, module, virtualPath, dirname(virtualPath), this.importerFrom(path));
  }

  private esModule(unit: EsmUnit): EsModule {
    let module = this.esModules.get(unit.path);
    if (module === undefined) {
      module = new EsModule();
      this.esModules.set(unit.path, module);
      module.run(() => this.evaluate(unit, module!));
    }
    if (module.failure !== undefined) throw module.failure.error;
    return module;
  }

  private evaluate(unit: EsmUnit, module: EsModule): Promise<void> | undefined {
    const { path } = unit;
    const commonJs = unit.hasRequire ? this.commonJsNames(unit) : noCommonJsNames;
    const importDynamic = this.importerFrom(path);
    const waits = outsideSimulatedCode(() => this.tree.waits(unit));
    const instantiate = waits ? unit.instantiateAsync() : unit.instantiate!;
    const body = instantiate(...this.environment.globals(), ...commonJs, importDynamic);
    const importStatic = (specifier: string): unknown => this.importStatic(specifier, path, module);
    const { exports } = module;
    return body(exports, importStatic, importDynamic, exportAllOnto(exports), this.meta(unit));
  }

  private commonJsNames({ path, virtualPath }: EsmUnit): readonly unknown[] {
    const require = this.requireFrom(path);
    return [{}, require, { exports: {}, id: virtualPath, require }, virtualPath, dirname(virtualPath)];
  }

  private importStatic(specifier: string, from: string, importer: EsModule): unknown {
    const found = this.find(specifier, from, "import");
    if (found.kind === "helper") return found.module;
    if (found.kind === "builtin") return this.namespaceOf(this.environment.builtin(found.name));
    const unit = this.unit(found.path);
    if (unit.kind !== "esm") return this.namespaceOf(this.required(unit));
    const module = this.esModule(unit);
    // One that waits for its importer must not be waited for in turn.
    if (module.evaluation === undefined || module.waitsFor(importer)) return module.exports;
    importer.waitingFor = module;
    return module.evaluation.then(() => {
      importer.waitingFor = undefined;
      return module.exports;
    });
  }

  private importerFrom(from: string): (specifier: unknown) => Promise<unknown> {
    return async (specifier) => {
      const found = this.find(String(specifier), from, "import");
      if (found.kind === "helper") return found.module;
      if (found.kind === "builtin") return this.namespaceOf(this.environment.builtin(found.name));
      const unit = this.unit(found.path);
      if (unit.kind !== "esm") return this.namespaceOf(this.required(unit));
      const { exports, evaluation } = this.esModule(unit);
      await evaluation;
      return exports;
    };
  }

  /** A CommonJS module as an ES module sees it: what it exports as a whole is `default`. */
  private namespaceOf(exported: unknown): object {
    const isObject = (typeof exported === "object" && exported !== null) || typeof exported === "function";
    if (!isObject) return { default: exported };
    let namespace = this.namespaces.get(exported);
    if (namespace === undefined) {
      namespace = Object.create(null) as object;
      for (const name of Object.keys(exported)) defineMember(namespace, name, () => Reflect.get(exported, name));
      defineMember(namespace, "default", () => exported);
      this.namespaces.set(exported, namespace);
    }
    return namespace;
  }

  private meta(unit: EsmUnit): object {
    const { path, virtualPath } = unit;
    return {
      url: `file://${virtualPath}`,
      filename: virtualPath,
      dirname: dirname(virtualPath),
      main: path === this.entry,
      env: this.environment.env,
      resolve: (specifier: string): string => {
        const found = this.find(specifier, path, "import");
        if (found.kind === "file") return `file://${this.tree.virtualPath(found.path)}`;
        return found.kind === "builtin" ? `node:${found.name}` : specifier;
      },
    };
  }
}

/** What one process has beside its modules. */
export interface ModuleEnvironment {
  /** In the order of the names with which the tree was compiled. */
  globals(): readonly unknown[];
  /** @param name without `node:` */
  builtin(name: string): object;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const noCommonJsNames: readonly unknown[] = [undefined, undefined, undefined, undefined, undefined];

type Found = Exclude<Resolution, { readonly kind: "missing" }>;

class EsModule {
  readonly exports = Object.create(null, { [Symbol.toStringTag]: { value: "Module" } }) as Record<string, unknown>;
  /** Present while it waits at its top level, or something that it imports does. */
  evaluation: Promise<void> | undefined;
  failure: { readonly error: unknown } | undefined;
  /** What it imports and has to wait for just now. */
  waitingFor: EsModule | undefined;

  run(body: () => Promise<void> | undefined): void {
    try {
      this.evaluation = body()?.then(
        () => {
          this.evaluation = undefined;
        },
        (error: unknown) => {
          this.failure = { error };
          throw error;
        },
      );
    } catch (error) {
      this.failure = { error };
    }
  }

  waitsFor(other: EsModule): boolean {
    for (let each = this.waitingFor; each !== undefined; each = each.waitingFor) if (each === other) return true;
    return this === other;
  }
}

class CommonJsModule {
  exports: unknown = {};
  loaded = false;
  require: NodeJS.Require | undefined;
  readonly children: readonly unknown[] = [];
  readonly paths: readonly string[] = [];
  readonly id: string;
  readonly filename: string;

  constructor(virtualPath: string) {
    this.id = virtualPath;
    this.filename = virtualPath;
  }
}

function exportAllOnto(exports: object): (from: object) => void {
  return (from) => {
    for (const name of Object.keys(from)) {
      if (name === "default" || Object.hasOwn(exports, name)) continue;
      defineMember(exports, name, () => Reflect.get(from, name));
    }
  };
}

function defineMember(holder: object, name: string, get: () => unknown): void {
  Object.defineProperty(holder, name, { enumerable: true, configurable: true, get });
}

function requiredAsync(specifier: string): Error {
  const error = new Error(`require() of ${specifier}, which waits at its top level, is not possible; use import()`);
  return Object.assign(error, { code: "ERR_REQUIRE_ASYNC_MODULE" });
}
