import { posix } from "node:path";
import type { SourceFile } from "./source-file.ts";
import { lineOf, nameOf, nodeAt, parse, walk, type SyntaxNode } from "./syntax.ts";

/** One arrow of a file to a module. */
export interface Import {
  /** A path of the repository for a relative import, else the specifier as written. */
  readonly target: string;
  readonly relative: boolean;
  /** Nothing is left of it at run time. `import { type A }` does not count: its module is still loaded. */
  readonly typesOnly: boolean;
  readonly line: number;
}

/** All imports of a file in source order: static, re-exported, dynamic with a literal, and those inside types. */
export function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = [];
  walk(parse(file), (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    const relative = specifier.startsWith(".");
    imports.push({
      relative,
      target: relative ? posix.join(posix.dirname(file.path), specifier) : specifier,
      typesOnly: node.type === "TSImportType" || node["importKind"] === "type" || node["exportKind"] === "type",
      line: lineOf(file, node),
    });
  });
  return imports;
}

function specifierOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return nameOf(nodeAt(node, "source"));
    case "TSExternalModuleReference":
      return nameOf(nodeAt(node, "expression"));
    default:
      return undefined;
  }
}
