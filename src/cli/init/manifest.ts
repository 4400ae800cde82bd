/** What was done to a `package.json`. Nothing that stood there has another value afterwards. */
export interface ManifestMerge {
  /** Its text; empty when there was none. */
  readonly before: string;
  readonly after: string;
  /** Lines that came in, for people. */
  readonly added: readonly string[];
  /** Whether `.ts` and `.js` are ES modules here; `.mts` and `.mjs` are anywhere. */
  readonly isModule: boolean;
}

export interface ManifestNeeds {
  /** Version ranges by package. */
  readonly versions: Readonly<Record<string, string>>;
  /** There are scenarios that `stormlane run` runs. */
  readonly hasScenarios: boolean;
}

type Members = Readonly<Record<string, unknown>>;

/** @param folderName what the project is called, as far as npm allows */
export function newManifest(folderName: string, needs: ManifestNeeds): ManifestMerge {
  const name = folderName
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const manifest = {
    name: name === "" ? "orchestrator" : name,
    private: true,
    type: "module",
    scripts: scriptsFor(needs),
    devDependencies: needs.versions,
  };
  return { before: "", after: `${JSON.stringify(manifest, undefined, 2)}\n`, added: [], isModule: true };
}

/** @returns what is wrong with the text, or what came of it */
export function mergeManifest(before: string, needs: ManifestNeeds): ManifestMerge | string {
  let manifest: unknown;
  try {
    manifest = JSON.parse(before.replace(/^\ufeff/, ""));
  } catch {
    return "is not JSON";
  }
  if (!isMembers(manifest)) return "holds no object";
  for (const part of ["scripts", "dependencies", "devDependencies", "peerDependencies"]) {
    if (manifest[part] !== undefined && !isMembers(manifest[part])) return `${part} is no object`;
  }
  const isModule = manifest["type"] === "module";
  const scripts = missing(scriptsFor(needs), manifest["scripts"]);
  const packages = missing(
    needs.versions,
    manifest["dependencies"],
    manifest["devDependencies"],
    manifest["peerDependencies"],
  );
  if (Object.keys(scripts).length + Object.keys(packages).length === 0) {
    return { before, after: before, added: [], isModule };
  }
  const merged = {
    ...manifest,
    ...extended(manifest, "scripts", scripts),
    ...extended(manifest, "devDependencies", packages),
  };
  const end = /\r?\n$/.exec(before)?.[0] ?? "";
  return {
    before,
    after: `${JSON.stringify(merged, undefined, indentOf(before))}${end}`,
    added: [...lines("scripts", scripts), ...lines("devDependencies", packages)],
    isModule,
  };
}

function scriptsFor({ hasScenarios }: ManifestNeeds): Readonly<Record<string, string>> {
  return { ...(hasScenarios ? { stormlane: "stormlane run" } : {}), test: "vitest run" };
}

/** Those that stand in none of the parts. */
function missing(
  wanted: Readonly<Record<string, string>>,
  ...parts: readonly unknown[]
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(wanted).filter(([name]) => !parts.some((part) => isMembers(part) && Object.hasOwn(part, name))),
  );
}

function extended(manifest: Members, part: string, added: Members): Members {
  if (Object.keys(added).length === 0) return {};
  const { [part]: present } = manifest;
  return { [part]: { ...(isMembers(present) ? present : {}), ...added } };
}

function lines(part: string, added: Readonly<Record<string, string>>): string[] {
  return Object.entries(added).map(([name, value]) => `${part}: ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
}

/** What its author indents by. */
function indentOf(text: string): string {
  return /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
