import { createHash } from "node:crypto";
import type { Brand } from "../../../src/base/brand.ts";

/** 40 hexadecimal digits, equal to what real git computes for the same content. */
export type ObjectId = Brand<string, "ObjectId">;

/** The disk knows no executable bit, so a file is always `100644`. */
export type FileMode = "100644" | "120000";

export interface TreeEntry {
  readonly id: ObjectId;
  readonly mode: FileMode;
}

export function sameEntry(left: TreeEntry, right: TreeEntry): boolean {
  return left.id === right.id && left.mode === right.mode;
}

/** A whole tree, flat: path from the root to entry, in code-unit order of the paths. */
export type Tree = ReadonlyMap<string, TreeEntry>;

export interface Commit {
  readonly tree: Tree;
  readonly parents: readonly ObjectId[];
  readonly author: Signature;
  readonly committer: Signature;
  /** Ends in a newline. */
  readonly message: string;
}

export function isMerge(commit: Commit): boolean {
  return commit.parents.length > 1;
}

export interface AnnotatedTag {
  readonly name: string;
  readonly commit: ObjectId;
  readonly tagger: Signature;
  /** Ends in a newline, unless it is empty. */
  readonly message: string;
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Since the Unix epoch; the zone is always +0000. */
  readonly atSeconds: number;
}

export function blobId(content: Uint8Array): ObjectId {
  return objectId("blob", content);
}

export function commitId(commit: Commit): ObjectId {
  const lines = [
    `tree ${treeId(commit.tree)}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signatureText(commit.author)}`,
    `committer ${signatureText(commit.committer)}`,
    "",
    commit.message,
  ];
  return objectId("commit", Buffer.from(lines.join("\n")));
}

export function tagId(tag: AnnotatedTag): ObjectId {
  const lines = [
    `object ${tag.commit}`,
    "type commit",
    `tag ${tag.name}`,
    `tagger ${signatureText(tag.tagger)}`,
    "",
    tag.message,
  ];
  return objectId("tag", Buffer.from(lines.join("\n")));
}

export function treeId(tree: Tree): ObjectId {
  return folderId([...tree]);
}

/** The first line of the message. */
export function subjectOf(commit: Commit): string {
  const blank = commit.message.indexOf("\n\n");
  const paragraph = blank === -1 ? commit.message.trimEnd() : commit.message.slice(0, blank);
  return paragraph.replaceAll("\n", " ");
}

function signatureText(signature: Signature): string {
  return `${signature.name} <${signature.email}> ${signature.atSeconds} +0000`;
}

/** Ids of all folders below come first; a folder sorts as if its name ended in a slash. */
function folderId(entries: readonly (readonly [string, TreeEntry])[]): ObjectId {
  const members = new Map<string, { readonly mode: string; readonly name: string; readonly id: ObjectId }>();
  const folders = new Map<string, (readonly [string, TreeEntry])[]>();
  for (const [path, entry] of entries) {
    const slash = path.indexOf("/");
    if (slash === -1) {
      members.set(path, { mode: entry.mode, name: path, id: entry.id });
      continue;
    }
    const name = path.slice(0, slash);
    const inside = folders.get(name) ?? [];
    if (inside.length === 0) folders.set(name, inside);
    inside.push([path.slice(slash + 1), entry]);
  }
  for (const [name, inside] of folders) members.set(`${name}/`, { mode: "40000", name, id: folderId(inside) });
  const encoded: Uint8Array[] = [];
  for (const key of [...members.keys()].toSorted()) {
    const member = members.get(key)!;
    encoded.push(Buffer.from(`${member.mode} ${member.name}\0`), Buffer.from(member.id, "hex"));
  }
  return objectId("tree", Buffer.concat(encoded));
}

function objectId(kind: string, content: Uint8Array): ObjectId {
  const hash = createHash("sha1").update(`${kind} ${content.byteLength}\0`).update(content);
  return hash.digest("hex") as ObjectId;
}
