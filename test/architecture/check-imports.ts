import { coreTable, importTable, onlyImporters, ownName, packageTable, type FolderRule } from "./import-table.ts";
import { importsOf, type Import } from "./imports.ts";
import type { SourceFile, Violation } from "./source-file.ts";

/**
 * Holds the files against the import table. Three things fail: an arrow that is not in the table, a folder that the
 * table does not know, and a cycle. Cycles are looked for between files over value imports: types leave nothing at
 * run time, and two interfaces of one folder may well name each other.
 */
export function checkImports(files: readonly SourceFile[]): Violation[] {
  const importsByPath = new Map(files.map((file) => [file.path, importsOf(file).map(throughOwnName)]));
  const violations: Violation[] = [];
  for (const [path, imports] of importsByPath) {
    const folder = ruleKey(importTable, path);
    if (folder === undefined) {
      violations.push({ path, line: 1, message: "its folder is not in the import table: add it, with what it needs" });
      continue;
    }
    for (const arrow of imports) {
      const message = arrow.relative ? judgeArrow(path, folder, arrow) : judgePackage(path, arrow);
      if (message !== undefined) violations.push({ path, line: arrow.line, message });
    }
  }
  return [...violations, ...findCycles(importsByPath)];
}

function throughOwnName(arrow: Import): Import {
  return arrow.target === ownName.specifier ? { ...arrow, target: ownName.path, relative: true } : arrow;
}

function judgeArrow(path: string, folder: string, arrow: Import): string | undefined {
  const { target } = arrow;
  if (!covers(folder, target)) {
    const message = judgeByRule(folder, importTable[folder]!, arrow);
    if (message !== undefined) return message;
  }
  const inner = ruleKey(coreTable, path);
  if (inner !== undefined && !covers(inner, target)) {
    const message = judgeByRule(inner, coreTable[inner]!, arrow);
    if (message !== undefined) return message;
  }
  const guarded = ruleKey(onlyImporters, target);
  if (guarded === undefined || arrow.typesOnly || covers(guarded, path)) return undefined;
  const importers = onlyImporters[guarded]!;
  if (importers.some((importer) => covers(importer, path))) return undefined;
  return `imports ${target}, but ${importers.join(", ")} alone may import values of ${guarded}`;
}

function judgeByRule(folder: string, rule: FolderRule, { target, typesOnly }: Import): string | undefined {
  if (rule.values.some((allowed) => covers(allowed, target))) return undefined;
  if (rule.types.some((allowed) => covers(allowed, target))) {
    return typesOnly ? undefined : `${folder} may import types alone of ${target}: use \`import type\``;
  }
  const allowed = [...rule.values, ...rule.types.map((type) => `types of ${type}`)];
  return `${folder} may not import ${target}; it may import ${allowed.join(", ") || "nothing"}`;
}

function judgePackage(path: string, { target }: Import): string | undefined {
  const name = packageName(target);
  const allowed = packageTable[name] ?? (name.startsWith("node:") ? packageTable["node:*"] : undefined);
  if (allowed === undefined)
    return `package ${name} is not in the package table: add it, with the folders that need it`;
  if (allowed.some((place) => covers(place, path))) return undefined;
  return `package ${name} belongs to ${allowed.join(", ")}`;
}

/** `@scope/name/part` gives `@scope/name`; `node:fs/promises` gives `node:fs`. */
function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The longest key of the table that covers the path. */
function ruleKey(table: Readonly<Record<string, unknown>>, path: string): string | undefined {
  return Object.keys(table)
    .filter((key) => covers(key, path))
    .toSorted((left, right) => right.length - left.length)[0];
}

function covers(place: string, path: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

/** Depth-first over value imports; each cycle is reported once, at the file where it was entered first. */
function findCycles(importsByPath: ReadonlyMap<string, readonly Import[]>): Violation[] {
  const violations: Violation[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    trail.push(path);
    for (const { target, typesOnly, line } of importsByPath.get(path) ?? []) {
      if (typesOnly || finished.has(target) || !importsByPath.has(target)) continue;
      const entry = trail.indexOf(target);
      if (entry === -1) visit(target);
      else violations.push({ path, line, message: `closes a cycle: ${[...trail.slice(entry), target].join(" -> ")}` });
    }
    trail.pop();
    finished.add(path);
  };
  for (const path of importsByPath.keys()) {
    if (!finished.has(path)) visit(path);
  }
  return violations;
}
