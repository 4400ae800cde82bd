import { childrenOf, isSyntaxNode, nameOf, nodeAt, nodesAt, walk, type SyntaxNode } from "./syntax.ts";

/**
 * Tells a global from a name of the file. Scopes are those of functions and of the module: a name declared in some
 * block of a function counts as declared in all of it, which is coarser than the language and enough for these checks.
 */
export class Bindings {
  private readonly namesByScope = new Map<SyntaxNode, ReadonlySet<string>>();

  isGlobal(name: string, ancestors: readonly SyntaxNode[]): boolean {
    return this.scopeOf(name, ancestors) === undefined;
  }

  /** The innermost function, or the program, that declares the name. */
  scopeOf(name: string, ancestors: readonly SyntaxNode[]): SyntaxNode | undefined {
    return ancestors.findLast((ancestor) => isScope(ancestor) && this.namesOf(ancestor).has(name));
  }

  private namesOf(scope: SyntaxNode): ReadonlySet<string> {
    let names = this.namesByScope.get(scope);
    if (names === undefined) this.namesByScope.set(scope, (names = declaredNames(scope)));
    return names;
  }
}

/** Whether an identifier stands for a value: not a property's name, a label, or a part of an import or export list. */
export function isReference(identifier: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  switch (parent?.type) {
    case undefined:
      return false;
    case "MemberExpression":
      return parent["object"] === identifier || parent["computed"] === true;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
    case "AccessorProperty":
      return parent["value"] === identifier || parent["computed"] === true;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
    case "ImportAttribute":
    case "ExportSpecifier":
    case "ExportAllDeclaration":
    case "MetaProperty":
      return false;
    default:
      return true;
  }
}

/** Whether a node exists for the compiler alone, so that nothing in it runs. */
export function isTypeNode(node: SyntaxNode): boolean {
  return node.type.startsWith("TS") && !typescriptValueTypes.has(node.type);
}

/** The names that a pattern binds: `{ a, b: [c = 1, ...d] }` binds a, c and d. */
function patternNames(pattern: SyntaxNode): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [nameOf(pattern)!];
    case "Property":
      return patternNamesAt(pattern, "value");
    case "AssignmentPattern":
      return patternNamesAt(pattern, "left");
    case "RestElement":
      return patternNamesAt(pattern, "argument");
    case "TSParameterProperty":
      return patternNamesAt(pattern, "parameter");
    case "ObjectPattern":
    case "ArrayPattern":
      return childrenOf(pattern)
        .filter((child) => !isTypeNode(child))
        .flatMap(patternNames);
    default:
      return [];
  }
}

function patternNamesAt(node: SyntaxNode, field: string): string[] {
  const pattern = nodeAt(node, field);
  return pattern === undefined ? [] : patternNames(pattern);
}

function declaredNames(scope: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (pattern: unknown): void => {
    if (isSyntaxNode(pattern)) for (const name of patternNames(pattern)) names.add(name);
  };
  for (const parameter of nodesAt(scope, "params")) add(parameter);
  walk(scope, (node) => {
    if (isTypeNode(node)) return false;
    switch (node.type) {
      case "ImportDeclaration":
        return node["importKind"] !== "type";
      case "ImportSpecifier":
      case "ImportDefaultSpecifier":
      case "ImportNamespaceSpecifier":
        if (node["importKind"] !== "type") add(node["local"]);
        return false;
      case "CatchClause":
        add(node["param"]);
        return true;
      case "VariableDeclarator":
      case "ClassDeclaration":
      case "ClassExpression":
      case "FunctionDeclaration":
      case "FunctionExpression":
        if (node.type !== "FunctionExpression" || node === scope) add(node["id"]);
        break;
      default:
        break;
    }
    return node === scope || !isScope(node);
  });
  return names;
}

function isScope(node: SyntaxNode): boolean {
  return scopeTypes.has(node.type);
}

const scopeTypes: ReadonlySet<string> = new Set([
  "Program",
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

const typescriptValueTypes: ReadonlySet<string> = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "TSParameterProperty",
]);
