import { parseSync, visitorKeys } from "oxc-parser";
import type { SourceFile } from "./source-file.ts";

/** A node of the syntax tree (ESTree with TypeScript). `start` is an offset in UTF-16 code units. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** @throws when the file does not parse: what cannot be read cannot be judged */
export function parse(file: SourceFile): SyntaxNode {
  const { program, errors } = parseSync(file.path, file.text, { lang: "ts", sourceType: "module" });
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${file.path}: ${error.message}`);
  return program as unknown as SyntaxNode;
}

export function lineOf(file: SourceFile, node: SyntaxNode): number {
  let line = 1;
  for (let at = file.text.indexOf("\n"); at !== -1 && at < node.start; at = file.text.indexOf("\n", at + 1)) line++;
  return line;
}

/**
 * Visits the tree from the outside in, children in source order. `ancestors` goes from the program to the parent.
 * A visitor that answers `false` keeps the walk out of that node.
 */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => boolean | void,
  ancestors: readonly SyntaxNode[] = [],
): void {
  if (visit(node, ancestors) === false) return;
  const inner = [...ancestors, node];
  for (const child of childrenOf(node)) walk(child, visit, inner);
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return (visitorKeys[node.type] ?? []).flatMap((key) => {
    const value = node[key];
    return (Array.isArray(value) ? value : [value]).filter(isSyntaxNode);
  });
}

export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** The node in a field, if there is one. */
export function nodeAt(node: SyntaxNode, field: string): SyntaxNode | undefined {
  const value = node[field];
  return isSyntaxNode(value) ? value : undefined;
}

/** The nodes in a list field. Holes of array patterns are left out. */
export function nodesAt(node: SyntaxNode, field: string): SyntaxNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isSyntaxNode) : [];
}

/** The name of an identifier or the value of a string literal; undefined for every other node. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.type === "Identifier") return node["name"] as string;
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"];
  return undefined;
}

/** The property a member expression reads: `a.b` and `a["b"]` give `b`; `a[b]` gives undefined. */
export function propertyName(member: SyntaxNode): string | undefined {
  const property = nodeAt(member, "property");
  return member["computed"] === true && property?.type !== "Literal" ? undefined : nameOf(property);
}

/** An expression without the casts around it. */
export function withoutCasts(node: SyntaxNode): SyntaxNode {
  const inner = isCast(node) ? nodeAt(node, "expression") : undefined;
  return inner === undefined ? node : withoutCasts(inner);
}

/** `as`, `satisfies`, `!` and the like: they leave nothing at run time. */
export function isCast(node: SyntaxNode): boolean {
  return castTypes.has(node.type);
}

const castTypes: ReadonlySet<string> = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "ParenthesizedExpression",
]);
