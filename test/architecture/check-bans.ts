import {
  bannedDates,
  bannedGlobals,
  bannedMembers,
  bannedMethods,
  bannedModules,
  dynamicImport,
  onlyNames,
  unsortedListing,
  unsortedListings,
} from "./ban-list.ts";
import { Bindings, isReference, isTypeNode } from "./bindings.ts";
import type { SourceFile, Violation } from "./source-file.ts";
import { isCast, lineOf, nameOf, nodeAt, nodesAt, parse, propertyName, walk, type SyntaxNode } from "./syntax.ts";

/** A violation that an exception can name. */
export interface BanViolation extends Violation {
  readonly ban: string;
}

interface Ban {
  readonly name: string;
  readonly use: string;
}

/** Finds what the ban list names, in the order of the source. */
export function checkBans(file: SourceFile): BanViolation[] {
  const violations: BanViolation[] = [];
  const bindings = new Bindings();
  walk(parse(file), (node, ancestors) => {
    if (isTypeNode(node)) return false;
    for (const { name, use } of bansAt(node, ancestors, bindings)) {
      violations.push({
        path: file.path,
        line: lineOf(file, node),
        ban: name,
        message: `${name} is banned, use ${use}`,
      });
    }
    return true;
  });
  return violations;
}

function bansAt(node: SyntaxNode, ancestors: readonly SyntaxNode[], bindings: Bindings): Ban[] {
  switch (node.type) {
    case "Identifier":
      return present(banOnGlobal(node, ancestors, bindings));
    case "MemberExpression":
      return present(banOn(bannedMethods, propertyName(node)));
    case "Property":
      return ancestors.at(-1)?.type === "ObjectPattern"
        ? present(banOn(bannedMethods, nameOf(nodeAt(node, "key"))))
        : [];
    case "CallExpression":
      return present(banOnListing(node, ancestors));
    case "ImportExpression":
      return [dynamicImport];
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return bansOnModule(node);
    default:
      return [];
  }
}

function banOnGlobal(node: SyntaxNode, ancestors: readonly SyntaxNode[], bindings: Bindings): Ban | undefined {
  const name = nameOf(node)!;
  const banned = Object.hasOwn(bannedGlobals, name);
  if (!banned && !namespaces.has(name)) return undefined;
  if (!isReference(node, ancestors.at(-1)) || !bindings.isGlobal(name, ancestors)) return undefined;
  return banned ? { name, use: bannedGlobals[name]! } : banOnNamespace(name, node, ancestors);
}

/** The globals of which some members are banned. */
const namespaces: ReadonlySet<string> = new Set(Object.keys(bannedMembers).map((member) => member.split(".")[0]!));

function banOnNamespace(name: string, node: SyntaxNode, ancestors: readonly SyntaxNode[]): Ban | undefined {
  const [parent, child] = aroundCasts(node, ancestors);
  const asValue = { name: `${name} as a value`, use: `a member of ${name}, so that the ban list can see it` };
  switch (parent?.type) {
    case "MemberExpression": {
      if (parent["object"] !== child) return asValue;
      const member = propertyName(parent);
      return member === undefined ? asValue : banOn(bannedMembers, `${name}.${member}`);
    }
    case "NewExpression":
      return parent["callee"] !== child ? asValue : name === "Date" ? banOnNewDate(parent) : undefined;
    case "CallExpression":
      return parent["callee"] === child && name === "Date" ? bannedDates.called : asValue;
    case "BinaryExpression":
      return parent["operator"] === "instanceof" && parent["right"] === child ? undefined : asValue;
    default:
      return asValue;
  }
}

function banOnNewDate(call: SyntaxNode): Ban | undefined {
  const parts = nodesAt(call, "arguments");
  if (parts.length === 0) return bannedDates.withoutArguments;
  return parts.length > 1 || parts[0]!.type === "SpreadElement" ? bannedDates.withParts : undefined;
}

/** A listing is sorted when the chain of calls on it contains a sort: `readdirSync(path).filter(f).toSorted()`. */
function banOnListing(call: SyntaxNode, ancestors: readonly SyntaxNode[]): Ban | undefined {
  const callee = nodeAt(call, "callee");
  const name = callee?.type === "MemberExpression" ? propertyName(callee) : nameOf(callee);
  if (name === undefined || !unsortedListings.includes(name)) return undefined;
  let child = call;
  for (const parent of ancestors.toReversed()) {
    if (parent.type === "MemberExpression" && parent["object"] === child) {
      if (sorts.has(propertyName(parent) ?? "")) return undefined;
    } else if (!isCast(parent) && !transparentTypes.has(parent.type) && parent["callee"] !== child) {
      return unsortedListing;
    }
    child = parent;
  }
  return unsortedListing;
}

const sorts: ReadonlySet<string> = new Set(["sort", "toSorted"]);
const transparentTypes: ReadonlySet<string> = new Set(["AwaitExpression", "ChainExpression"]);

function bansOnModule(node: SyntaxNode): Ban[] {
  if (node["importKind"] === "type" || node["exportKind"] === "type") return [];
  const specifier = nameOf(nodeAt(node, "source"));
  if (specifier === undefined) return [];
  const builtin = specifier.split("/")[0]!;
  const ban = banOn(bannedModules, builtin);
  if (ban !== undefined) return [{ name: specifier, use: ban.use }];
  const only = Object.hasOwn(onlyNames, builtin) ? onlyNames[builtin]! : undefined;
  if (only === undefined) return [];
  const names = nodesAt(node, "specifiers").map((one) => nameOf(nodeAt(one, importedField(one))) ?? "*");
  return (names.length === 0 ? ["*"] : names)
    .filter((name) => !only.names.includes(name))
    .map((name) => ({ name: `${specifier} ${name}`, use: only.use }));
}

/** The field with the name in the other module; a default or namespace import has none, and takes everything. */
function importedField(specifier: SyntaxNode): string {
  return specifier.type === "ExportSpecifier" ? "local" : "imported";
}

/** The first ancestor that is not a cast, and its child on the way to the node. */
function aroundCasts(node: SyntaxNode, ancestors: readonly SyntaxNode[]): [SyntaxNode | undefined, SyntaxNode] {
  let child = node;
  let depth = ancestors.length - 1;
  for (; depth >= 0 && isCast(ancestors[depth]!); depth--) child = ancestors[depth]!;
  return [ancestors[depth], child];
}

function banOn(bans: Readonly<Record<string, string>>, name: string | undefined): Ban | undefined {
  return name !== undefined && Object.hasOwn(bans, name) ? { name, use: bans[name]! } : undefined;
}

function present<Value>(value: Value | undefined): Value[] {
  return value === undefined ? [] : [value];
}
