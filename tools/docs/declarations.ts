import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync, type Class, type Comment, type Program } from "oxc-parser";
import { root } from "./pages.ts";

/** What a door exports under a name, as its reader sees it. */
export interface Declaration {
  readonly name: string;
  readonly kind: "function" | "class" | "value" | "type";
  /** What stands in `/** … *\/` right before it, without the asterisks; empty when there is nothing. */
  readonly docstring: string;
  /** The source without bodies. */
  readonly signature: string;
  /** From the root of the repository. */
  readonly path: string;
}

/** A door: a module that others import. */
export interface Door {
  /** The docstring at its head. */
  readonly about: string;
  /** In the order in which it names them. */
  readonly declarations: readonly Declaration[];
  /** What `export *` gives on: as `./orchestrator.ts`, or `fast-check as fc`. */
  readonly wholes: readonly string[];
}

/** @param path from the root of the repository, as `src/index.ts` */
export function readDoor(path: string): Door {
  const module = readModule(path);
  const declarations: Declaration[] = [];
  const wholes: string[] = [];
  for (const node of module.program.body) {
    if (node.type === "ExportAllDeclaration") {
      const name = nameOf(node.exported);
      wholes.push(name === undefined ? node.source.value : `${node.source.value} as ${name}`);
    }
    if (node.type !== "ExportNamedDeclaration") continue;
    for (const name of namesOf(node)) declarations.push(declarationOf(path, name));
  }
  return { about: headOf(module), declarations, wholes };
}

type Node = Program["body"][number];
type ExportNode = Extract<Node, { type: "ExportNamedDeclaration" }>;
type Named = NonNullable<ExportNode["declaration"]>;

interface Module {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
}

/** Sources do not change while a tool runs. */
const modules = new Map<string, Module>();

function readModule(path: string): Module {
  const known = modules.get(path) ?? parseModule(path);
  modules.set(path, known);
  return known;
}

function parseModule(path: string): Module {
  const text = readFileSync(join(root, path), "utf8");
  const { program, comments, errors } = parseSync(path, text, { lang: "ts", sourceType: "module" });
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]!.message}`);
  return { path, text, program, comments };
}

/**
 * What a name means inside a module: declared there, exported or not, or imported from a module of this repository.
 * undefined for what packages and the language itself give.
 */
export function meaningOf(path: string, name: string): Declaration | undefined {
  const module = readModule(path);
  for (const node of module.program.body) {
    const declaration = node.type === "ExportNamedDeclaration" ? node.declaration : node;
    if (declaration === null || !isDeclaration(declaration)) continue;
    if (!declaredNames(declaration).includes(name)) continue;
    return described(module, { start: node.start, declaration }, name);
  }
  for (const node of module.program.body) {
    if (node.type !== "ImportDeclaration" || !node.source.value.startsWith(".")) continue;
    const imported = node.specifiers.find(({ local }) => local.name === name);
    if (imported?.type === "ImportSpecifier")
      return declarationOf(resolved(path, node.source.value), nameOf(imported.imported)!);
  }
  return undefined;
}

function isDeclaration(node: Node | Named): node is Named {
  return /^(?:Function|Class|Variable|TSInterface|TSTypeAlias)/.test(node.type) && node.type.endsWith("Declaration");
}

/** Names that an export statement gives to the outside. */
function namesOf(node: ExportNode): string[] {
  if (node.declaration === null) return node.specifiers.map(({ exported }) => nameOf(exported)!);
  return declaredNames(node.declaration);
}

/** Follows re-exports to where the name is declared. */
function declarationOf(path: string, name: string): Declaration {
  const module = readModule(path);
  for (const node of module.program.body) {
    if (node.type === "ExportAllDeclaration" && node.exported === null) {
      const found = tryDeclarationOf(resolved(path, node.source.value), name);
      if (found !== undefined) return found;
    }
    if (node.type !== "ExportNamedDeclaration" || !namesOf(node).includes(name)) continue;
    if (node.declaration !== null) return described(module, node, name);
    const local = nameOf(node.specifiers.find(({ exported }) => nameOf(exported) === name)!.local)!;
    if (node.source !== null) return { ...declarationOf(resolved(path, node.source.value), local), name };
    return { ...declarationOf(...importedAs(module, local)), name };
  }
  throw new Error(`${path}: exports no ${name}`);
}

function tryDeclarationOf(path: string, name: string): Declaration | undefined {
  const exportsIt = readModule(path).program.body.some(
    (node) => node.type === "ExportNamedDeclaration" && namesOf(node).includes(name),
  );
  return exportsIt ? declarationOf(path, name) : undefined;
}

/** For `import { a as b } from "./c.ts"; export { b }`. */
function importedAs(module: Module, local: string): [path: string, name: string] {
  for (const node of module.program.body) {
    if (node.type !== "ImportDeclaration") continue;
    for (const specifier of node.specifiers) {
      if (specifier.type !== "ImportSpecifier" || specifier.local.name !== local) continue;
      return [resolved(module.path, node.source.value), nameOf(specifier.imported)!];
    }
  }
  throw new Error(`${module.path}: ${local} is exported, and neither declared nor imported`);
}

function resolved(from: string, source: string): string {
  if (!source.startsWith(".")) throw new Error(`${from}: a name of ${source} cannot be followed`);
  return join(dirname(from), source);
}

/** A declaration, and where the statement begins that holds it. */
interface Statement {
  readonly start: number;
  readonly declaration: Named | null;
}

function described(module: Module, node: Statement, name: string): Declaration {
  return { name, path: module.path, docstring: docstringBefore(module, node.start), ...shape(module, node, name) };
}

function shape(module: Module, node: Statement, name: string): Pick<Declaration, "kind" | "signature"> {
  const declaration = node.declaration!;
  const text = (start: number, end: number): string => module.text.slice(start, end).trimEnd();
  switch (declaration.type) {
    case "FunctionDeclaration":
      return { kind: "function", signature: text(declaration.start, declaration.body?.start ?? declaration.end) };
    case "ClassDeclaration":
      return { kind: "class", signature: classSignature(module, declaration) };
    case "VariableDeclaration": {
      const { id, init } = declaration.declarations.find((each) => nameOf(each.id) === name)!;
      const whole = `${declaration.kind} ${text(id.start, init?.end ?? id.end)}`;
      if (init === null || Boolean(id.typeAnnotation) || whole.length > 400) {
        return { kind: "value", signature: `${declaration.kind} ${text(id.start, id.end)}` };
      }
      return { kind: "value", signature: whole };
    }
    default:
      return { kind: "type", signature: text(declaration.start, declaration.end) };
  }
}

/** What others can reach of a class. */
function classSignature(module: Module, node: Class): string {
  const members = node.body.body.flatMap((member) => {
    if (!("key" in member) || !("value" in member)) return [];
    const isOwn =
      "accessibility" in member && (member.accessibility === "private" || member.accessibility === "protected");
    if (isOwn || member.key.type === "PrivateIdentifier") return [];
    const end = member.type === "MethodDefinition" ? member.value.body?.start : startOfValue(member.value);
    const text = module.text
      .slice(member.start, end ?? member.end)
      .trimEnd()
      .replace(/\s*=$/, "")
      .replace(/;$/, "");
    const comment = commentBefore(module, member.start);
    return [`  ${comment === undefined ? "" : `/*${comment.value}*/\n  `}${text};`];
  });
  return `${module.text.slice(node.start, node.body.start)}{\n${members.join("\n")}\n}`;
}

/** A literal says what a field is; anything else is how it came to be. */
function startOfValue(value: { readonly type: string; readonly start: number } | null): number | undefined {
  return value?.type === "Literal" ? undefined : value?.start;
}

function declaredNames(declaration: Named): string[] {
  if (declaration.type === "VariableDeclaration") return declaration.declarations.flatMap(({ id }) => nameOf(id) ?? []);
  return "id" in declaration ? [nameOf(declaration.id)!] : [];
}

function nameOf(node: unknown): string | undefined {
  const { type, name, value } = (node ?? {}) as { type?: string; name?: string; value?: string };
  return type === "Identifier" ? name : type === "Literal" ? value : undefined;
}

/** The docstring of the module: its first comment, or what stands before its first export. */
function headOf(module: Module): string {
  const [first] = module.comments;
  const isHead = first?.type === "Block" && first.value.startsWith("*") && first.start === 0;
  const firstExport = module.program.body.find(({ type }) => type.startsWith("Export"));
  return isHead ? withoutAsterisks(first.value) : docstringBefore(module, firstExport?.start ?? 0);
}

function docstringBefore(module: Module, start: number): string {
  const comment = commentBefore(module, start);
  return comment === undefined ? "" : withoutAsterisks(comment.value);
}

function commentBefore({ comments, text }: Module, start: number): Comment | undefined {
  const last = comments.findLast(({ end }) => end <= start);
  const isDocstring = last?.type === "Block" && last.value.startsWith("*");
  return isDocstring && text.slice(last.end, start).trim() === "" ? last : undefined;
}

function withoutAsterisks(comment: string): string {
  return comment
    .slice(1)
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
}
