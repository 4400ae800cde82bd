import type { CardRow } from "../board/rows.ts";
import { writeDurably } from "./durable-write.ts";
import { isDirname } from "./path-rules.ts";

/** Where an epic is worked, and how its files are written. */
export interface WorkspacePolicy {
  /** The folder that a card names; empty when it names none. */
  dirnameOf(metadata: Readonly<Record<string, string>>, card: CardRow): string;
  isDirname(dirname: string): boolean;
  readonly writeFile: typeof writeDurably;
}

/** A field that people fill in counts; text that anybody writes never does. */
export const namedWorkspace: WorkspacePolicy = {
  dirnameOf: (metadata) => metadata["dirname"] ?? "",
  isDirname,
  writeFile: writeDurably,
};
