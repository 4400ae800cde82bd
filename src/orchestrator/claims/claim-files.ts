import type { FolderEntry } from "../../ports/files.ts";

export type ClaimFile = "claim" | "beats" | "released";

/** What the folder of one scope says: the highest generation of which any file is left. */
export interface ClaimState {
  /** 0 when nobody ever claimed the scope. */
  readonly generation: number;
  readonly released: boolean;
  readonly filesCount: number;
}

/** Always as many: generations stand in a listing in their order, and only its end is read. */
const digits = 12;

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
  for (let index = entries.length - 1; index >= 0; index--) {
    const { name } = entries[index]!;
    const found = generationOf(name);
    if (found === 0) continue;
    if (found < generation) break;
    generation = found;
    if (name.endsWith(".released")) released = true;
  }
  return { generation, released, filesCount: entries.length };
}

/** 0 for a name that is no claim file. */
export function generationOf(name: string): number {
  const match = claimFileName.exec(name);
  return match === null ? 0 : Number(match[1]);
}

const claimFileName = new RegExp(`^(\\d{${digits}})\\.(?:claim|beats|released)$`);
