import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname } from "node:path";
import { ResolverFactory, type NapiResolveOptions } from "oxc-resolver";
import { decoratorHelpers } from "./decorators.ts";

export type ImportKind = "import" | "require";

export type Resolution =
  | { readonly kind: "builtin"; readonly name: string }
  /** What the transformer put into the code. */
  | { readonly kind: "helper"; readonly module: object }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "missing"; readonly why: string };

/**
 * Finds modules as the user's toolchain does: in the user's own files with `paths` of tsconfig.json, without extensions, and
 * `.js` for what is written in `.ts`; in packages by Node's rules alone.
 */
export class Resolver {
  private readonly own: Readonly<Record<ImportKind, ResolverFactory>>;
  private readonly packaged: Readonly<Record<ImportKind, ResolverFactory>>;
  private readonly known = new Map<string, Resolution>();
  private readonly packageTypes = new Map<string, PackageType>();

  constructor() {
    const own: NapiResolveOptions = {
      tsconfig: "auto",
      extensions: [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx", ".json", ".node"],
      extensionAlias: { ".js": [".ts", ".tsx", ".js"], ".mjs": [".mts", ".mjs"], ".cjs": [".cts", ".cjs"] },
    };
    const packaged: NapiResolveOptions = { extensions: [".js", ".json", ".node"] };
    this.own = resolvers(own);
    this.packaged = resolvers(packaged);
  }

  /** @param from absolute path of the file that imports */
  resolve(specifier: string, from: string, kind: ImportKind): Resolution {
    if (isBuiltin(specifier)) return { kind: "builtin", name: specifier.replace(/^node:/, "") };
    const helper = decoratorHelpers[specifier];
    if (helper !== undefined) return { kind: "helper", module: helper };
    const key = `${kind}\0${specifier}\0${dirname(from)}`;
    let found = this.known.get(key);
    if (found === undefined) {
      found = this.look(specifier, from, kind);
      this.known.set(key, found);
    }
    return found;
  }

  /** What the nearest package.json says of `.js` files. */
  packageType(path: string): PackageType {
    const folder = dirname(path);
    let type = this.packageTypes.get(folder);
    if (type === undefined) {
      type = readType(folder) ?? (folder === dirname(folder) ? "unsaid" : this.packageType(folder));
      this.packageTypes.set(folder, type);
    }
    return type;
  }

  private look(specifier: string, from: string, kind: ImportKind): Resolution {
    const factory = (isInPackage(from) ? this.packaged : this.own)[kind];
    const request = specifier.startsWith("file:") ? new URL(specifier).pathname : specifier;
    const { path, error } = factory.resolveFileSync(from, request);
    return path === undefined ? { kind: "missing", why: error ?? `no ${specifier}` } : { kind: "file", path };
  }
}

export type PackageType = "module" | "commonjs" | "unsaid";

export function isInPackage(path: string): boolean {
  return path.includes("/node_modules/");
}

function resolvers(options: NapiResolveOptions): Record<ImportKind, ResolverFactory> {
  return {
    import: new ResolverFactory({ ...options, conditionNames: ["node", "import", "module-sync", "default"] }),
    require: new ResolverFactory({ ...options, conditionNames: ["node", "require", "module-sync", "default"] }),
  };
}

function readType(folder: string): PackageType | undefined {
  let text: string;
  try {
    text = readFileSync(`${folder}/package.json`, "utf8");
  } catch {
    return undefined;
  }
  const { type } = JSON.parse(text) as { readonly type?: unknown };
  return type === "module" || type === "commonjs" ? type : "unsaid";
}
