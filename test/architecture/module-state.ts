import { Bindings } from "./bindings.ts";
import type { SourceFile, Violation } from "./source-file.ts";
import { lineOf, nameOf, nodeAt, nodesAt, parse, propertyName, walk, withoutCasts, type SyntaxNode } from "./syntax.ts";

/** A violation that an exception can name. */
export interface StateViolation extends Violation {
  readonly name: string;
}

/**
 * Finds state that would outlive a run: what a module keeps, not what an object made per process keeps.
 *
 * Reported, for the module's own names and for static fields of its classes:
 * - `let` and `var`;
 * - a collection or array that is not declared read-only (`ReadonlyMap`, `readonly T[]`, `as const`, `Object.freeze`);
 * - an object of any other class, but of those that keep nothing: a class of the file whose fields are all read-only;
 * - an assignment to a member of it, a mutating method called on it, and `test` or `exec` of a pattern with g or y.
 *
 * Not seen: what a called function closes over (`const next = makeCounter()`), and a change through another name.
 */
export function findModuleState(file: SourceFile): StateViolation[] {
  const program = parse(file);
  const declarations = moduleDeclarations(program);
  const stateless = new Set([...statelessGlobals, ...valueClasses(program)]);
  const violations = [...declarations, ...staticFields(program)].flatMap((declaration) => {
    const message = judgeDeclaration(declaration, stateless);
    const { name, node } = declaration;
    return message === undefined ? [] : [{ path: file.path, line: lineOf(file, node), name, message }];
  });
  const values = new Map(declarations.map(({ name, value }) => [name, value]));
  const bindings = new Bindings();
  walk(program, (node, ancestors) => {
    const name = changedName(node, values);
    if (name !== undefined && bindings.scopeOf(name, ancestors) === program) {
      violations.push({ path: file.path, line: lineOf(file, node), name, message: `${name} is changed: ${advice}` });
    }
  });
  return violations.toSorted((left, right) => left.line - right.line);
}

const advice = "state of a module outlives the run; keep it in an object that is made per process";

interface Declaration {
  readonly node: SyntaxNode;
  readonly name: string;
  readonly keyword: "var" | "let" | "const" | "static" | "static readonly";
  readonly annotation: SyntaxNode | undefined;
  readonly value: SyntaxNode | undefined;
}

function moduleDeclarations(program: SyntaxNode): Declaration[] {
  return nodesAt(program, "body")
    .map((statement) => (statement.type === "ExportNamedDeclaration" ? nodeAt(statement, "declaration") : statement))
    .filter((statement) => statement?.type === "VariableDeclaration" && statement["declare"] !== true)
    .flatMap((statement) =>
      nodesAt(statement!, "declarations").map((node) => ({
        node,
        name: nameOf(nodeAt(node, "id")) ?? "a destructured name",
        keyword: statement!["kind"] as "var" | "let" | "const",
        annotation: annotationOf(nodeAt(node, "id")!),
        value: nodeAt(node, "init"),
      })),
    );
}

/** Of every class of the file: a class inside a function is rare, and no better a place for state. */
function staticFields(program: SyntaxNode): Declaration[] {
  const fields: Declaration[] = [];
  walk(program, (node) => {
    if (node.type !== "PropertyDefinition" || node["static"] !== true || node["declare"] === true) return;
    fields.push({
      node,
      name: nameOf(nodeAt(node, "key")) ?? "a static field",
      keyword: node["readonly"] === true ? "static readonly" : "static",
      annotation: annotationOf(node),
      value: nodeAt(node, "value"),
    });
  });
  return fields;
}

function annotationOf(node: SyntaxNode): SyntaxNode | undefined {
  const annotation = nodeAt(node, "typeAnnotation");
  return annotation === undefined ? undefined : nodeAt(annotation, "typeAnnotation");
}

function judgeDeclaration(declaration: Declaration, stateless: ReadonlySet<string>): string | undefined {
  const { name, keyword, annotation, value } = declaration;
  if (keyword === "let" || keyword === "var" || keyword === "static") return `${keyword} ${name}: ${advice}`;
  if (value === undefined || isReadOnlyType(annotation) || isCastReadOnly(value)) return undefined;
  const bare = withoutCasts(value);
  if (bare.type === "ArrayExpression") return `${name} is an array that can change: declare it read-only`;
  if (bare.type !== "NewExpression") return undefined;
  const made = nameOf(nodeAt(bare, "callee")) ?? "an object";
  if (collections.has(made))
    return `${name} is a ${made} that can change: declare it Readonly${made}, or make it per run`;
  return stateless.has(made) ? undefined : `${name} is a ${made} made once: ${advice}`;
}

function isReadOnlyType(type: SyntaxNode | undefined): boolean {
  if (type === undefined) return false;
  if (type.type === "TSTypeOperator") return type["operator"] === "readonly";
  return type.type === "TSTypeReference" && (nameOf(nodeAt(type, "typeName")) ?? "").startsWith("Readonly");
}

/** `[…] as const`, `[…] satisfies readonly T[]`, `new Map() as ReadonlyMap<…>`; `Object.freeze(…)` is a call and passes. */
function isCastReadOnly(value: SyntaxNode): boolean {
  if (value.type !== "TSAsExpression" && value.type !== "TSSatisfiesExpression") return false;
  const type = nodeAt(value, "typeAnnotation");
  const isConst = type?.type === "TSTypeReference" && nameOf(nodeAt(type, "typeName")) === "const";
  const readOnly = isConst || (value.type === "TSAsExpression" && isReadOnlyType(type));
  return readOnly || isCastReadOnly(nodeAt(value, "expression")!);
}

const collections: ReadonlySet<string> = new Set(["Map", "Set", "WeakMap", "WeakSet", "Array"]);
const statelessGlobals: ReadonlySet<string> = new Set(["RegExp", "URL", "TextEncoder"]);

/** Classes of the file whose objects cannot change: no superclass, and every field of theirs read-only. */
function valueClasses(program: SyntaxNode): string[] {
  const names: string[] = [];
  walk(program, (node) => {
    if (node.type !== "ClassDeclaration" || nodeAt(node, "superClass") !== undefined) return;
    const members = nodesAt(nodeAt(node, "body")!, "body");
    const fields = members.filter(({ type, static: shared }) => type.endsWith("PropertyDefinition") && shared !== true);
    if (fields.every((field) => field["readonly"] === true)) names.push(nameOf(nodeAt(node, "id"))!);
  });
  return names;
}

/** The name of the module that a node changes, if its root is one of them. */
function changedName(node: SyntaxNode, values: ReadonlyMap<string, SyntaxNode | undefined>): string | undefined {
  const target = changeTarget(node, values);
  const name = target === undefined ? undefined : rootName(target);
  return name !== undefined && values.has(name) ? name : undefined;
}

function changeTarget(node: SyntaxNode, values: ReadonlyMap<string, SyntaxNode | undefined>): SyntaxNode | undefined {
  switch (node.type) {
    case "AssignmentExpression":
      return memberAt(node, "left");
    case "UpdateExpression":
      return memberAt(node, "argument");
    case "UnaryExpression":
      return node["operator"] === "delete" ? memberAt(node, "argument") : undefined;
    case "CallExpression": {
      const callee = memberAt(node, "callee");
      const method = callee === undefined ? undefined : propertyName(callee);
      if (method === undefined) return undefined;
      if (patternMethods.has(method)) return isStatefulPattern(callee!, values) ? callee : undefined;
      return mutatingMethods.has(method) ? callee : undefined;
    }
    default:
      return undefined;
  }
}

function memberAt(node: SyntaxNode, field: string): SyntaxNode | undefined {
  const inner = nodeAt(node, field);
  const bare = inner === undefined ? undefined : withoutCasts(inner);
  return bare?.type === "MemberExpression" ? bare : undefined;
}

/** `a` of `a.b[c].d`; undefined when the root is a call or `this`. */
function rootName(member: SyntaxNode): string | undefined {
  const object = withoutCasts(nodeAt(member, "object")!);
  if (object.type === "MemberExpression") return rootName(object);
  return object.type === "Identifier" ? nameOf(object) : undefined;
}

/** A pattern with g or y remembers where it stopped. */
function isStatefulPattern(callee: SyntaxNode, values: ReadonlyMap<string, SyntaxNode | undefined>): boolean {
  const value = values.get(rootName(callee) ?? "");
  const pattern =
    value === undefined ? undefined : (withoutCasts(value)["regex"] as { flags: string } | null | undefined);
  return pattern !== null && pattern !== undefined && /[gy]/.test(pattern.flags);
}

const patternMethods: ReadonlySet<string> = new Set(["test", "exec"]);

const mutatingMethods: ReadonlySet<string> = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
  "set",
  "add",
  "delete",
  "clear",
]);
