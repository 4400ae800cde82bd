import { posix } from "node:path";
import { sameEntry } from "./object.ts";
import type { ObjectId, TreeEntry } from "./object.ts";
import type { Change } from "./tree-change.ts";

export type BlobReader = (id: ObjectId) => Uint8Array;

/**
 * Pairs removed files with added ones, in the order that git's `diffcore-rename.c` (2.39) uses: equal content first, then
 * files of one base name that is unique on both sides (75 % alike), then the best of all pairs (50 % alike).
 */
export function detectRenames(changes: readonly Change[], readBlob: BlobReader): Change[] {
  const sources = changes.filter((change) => change.letter === "D");
  const targets = changes.filter((change) => change.letter === "A");
  if (sources.length === 0 || targets.length === 0) return [...changes];
  const pairs = new Map<Added, Pair>();
  const used = new Set<Removed>();
  const pair = (source: Removed, target: Added, score: number): void => {
    pairs.set(target, { source, score });
    used.add(source);
  };
  pairEqual(sources, targets, used, pair);
  const score = similarity(readBlob);
  pairByBaseName(
    sources.filter((source) => !used.has(source)),
    targets.filter((target) => !pairs.has(target)),
    (source, target) => {
      const found = score(source.before, target.after);
      if (found >= BASE_NAME_SCORE_MIN) pair(source, target, found);
    },
  );
  const candidates: (Pair & { readonly target: Added; readonly sameName: boolean })[] = [];
  for (const target of targets) {
    if (pairs.has(target)) continue;
    for (const source of sources) {
      if (used.has(source)) continue;
      const found = score(source.before, target.after);
      const sameName = posix.basename(source.path) === posix.basename(target.path);
      if (found >= SCORE_MIN) candidates.push({ source, target, score: found, sameName });
    }
  }
  const best = candidates.toSorted((a, b) => b.score - a.score || Number(b.sameName) - Number(a.sameName));
  for (const candidate of best) {
    if (pairs.has(candidate.target) || used.has(candidate.source)) continue;
    pair(candidate.source, candidate.target, candidate.score);
  }
  return changes.flatMap((change): readonly Change[] => {
    if (change.letter === "D" && used.has(change)) return [];
    const found = change.letter === "A" ? pairs.get(change) : undefined;
    if (change.letter !== "A" || found === undefined) return [change];
    const similarityPercent = Math.floor((found.score * 100) / SCORE_MAX);
    const { path: from, before } = found.source;
    return [{ letter: "R", path: change.path, from, before, after: change.after, similarityPercent }];
  });
}

type Removed = Extract<Change, { letter: "D" }>;
type Added = Extract<Change, { letter: "A" }>;

interface Pair {
  readonly source: Removed;
  /** 0 to `SCORE_MAX`. */
  readonly score: number;
}

const SCORE_MAX = 60_000;
const SCORE_MIN = 30_000;
const BASE_NAME_SCORE_MIN = 45_000;

function pairEqual(
  sources: readonly Removed[],
  targets: readonly Added[],
  used: ReadonlySet<Removed>,
  pair: (source: Removed, target: Added, score: number) => void,
): void {
  for (const target of targets) {
    const equal = sources.filter((source) => !used.has(source) && sameEntry(source.before, target.after));
    const sameName = equal.find((source) => posix.basename(source.path) === posix.basename(target.path));
    const source = sameName ?? equal[0];
    if (source !== undefined) pair(source, target, SCORE_MAX);
  }
}

function pairByBaseName(
  sources: readonly Removed[],
  targets: readonly Added[],
  consider: (source: Removed, target: Added) => void,
): void {
  const sourcesByName = Map.groupBy(sources, (source) => posix.basename(source.path));
  const targetsByName = Map.groupBy(targets, (target) => posix.basename(target.path));
  for (const [name, named] of sourcesByName) {
    const matching = targetsByName.get(name);
    if (named.length === 1 && matching?.length === 1) consider(named[0]!, matching[0]!);
  }
}

/** The share of bytes, in pieces of a line or 64 bytes, that the two have in common. Links never resemble anything. */
function similarity(readBlob: BlobReader): (source: TreeEntry, target: TreeEntry) => number {
  const known = new Map<ObjectId, Pieces>();
  const piecesOf = (id: ObjectId): Pieces => {
    let pieces = known.get(id);
    if (pieces === undefined) {
      pieces = split(readBlob(id));
      known.set(id, pieces);
    }
    return pieces;
  };
  return (source, target) => {
    if (source.mode !== "100644" || target.mode !== "100644") return 0;
    const left = piecesOf(source.id);
    const right = piecesOf(target.id);
    const larger = Math.max(left.sizeBytes, right.sizeBytes);
    const smaller = Math.min(left.sizeBytes, right.sizeBytes);
    if (larger * (SCORE_MAX - SCORE_MIN) < (larger - smaller) * SCORE_MAX || smaller === 0) return 0;
    let copied = 0;
    for (const [piece, bytes] of left.bytesByPiece) copied += Math.min(bytes, right.bytesByPiece.get(piece) ?? 0);
    return Math.floor((copied * SCORE_MAX) / larger);
  };
}

interface Pieces {
  readonly sizeBytes: number;
  readonly bytesByPiece: ReadonlyMap<string, number>;
}

function split(content: Uint8Array): Pieces {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("latin1");
  const bytesByPiece = new Map<string, number>();
  // As real git, without the carriage returns of line ends, and with them in the size.
  const compared = text.slice(0, 8_000).includes("\0") ? text : text.replaceAll("\r\n", "\n");
  for (let start = 0; start < compared.length;) {
    const newline = compared.indexOf("\n", start);
    const end = Math.min(newline === -1 ? compared.length : newline + 1, start + 64);
    const piece = compared.slice(start, end);
    bytesByPiece.set(piece, (bytesByPiece.get(piece) ?? 0) + piece.length);
    start = end;
  }
  return { sizeBytes: text.length, bytesByPiece };
}
