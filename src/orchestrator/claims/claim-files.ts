import type { FolderEntry } from "../../ports/files.ts";

export type ClaimFile = "claim" | "beats" | "released";

/** What the folder of one scope says: the highest generation of which any file is left. */
export interface ClaimState {
  /** 0 when nobody ever claimed the scope. */
  readonly generation: number;
  readonly released: boolean;
  readonly filesCount: number;
}

const digits = 6;

export function claimPath(folder: string, generation: number, file: ClaimFile): string {
  return `${folder}/${String(generation).padStart(digits, "0")}.${file}`;
}

/**
 * A crash of the host may undo the claim and leave its beats: any file counts, so that no generation that somebody
 * may have held is given out again.
 */
export function readClaims(entries: readonly FolderEntry[]): ClaimState {
  let generation = 0;
  let released = false;
  for (const { name } of entries) {
    const found = generationOf(name);
    if (found > generation) {
      generation = found;
      released = false;
    }
    if (found === generation && name.endsWith(".released")) released = true;
  }
  return { generation, released, filesCount: entries.length };
}

/** 0 for a name that is no claim file. */
export function generationOf(name: string): number {
  const match = /^(\d{6,15})\.(?:claim|beats|released)$/.exec(name);
  return match === null ? 0 : Number(match[1]);
}
