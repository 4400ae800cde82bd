import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../base/digest.ts";

/**
 * Counts what happens in many processes at once, in a folder: each number of a count is a file that one process alone
 * can create.
 */
export class CallCounts {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @returns the next number, from 1; no two callers get the same one */
  next(name: string): number {
    mkdirSync(this.folder, { recursive: true });
    for (let number = this.reached(name) + 1; ; number++) if (this.take(name, number)) return number;
  }

  /** The largest number that was given, found by doubling and halving: numbers have no gaps. */
  private reached(name: string): number {
    let above = 1;
    while (existsSync(this.path(name, above))) above *= 2;
    let reached = Math.floor(above / 2);
    while (above - reached > 1) {
      const middle = Math.floor((above + reached) / 2);
      if (existsSync(this.path(name, middle))) reached = middle;
      else above = middle;
    }
    return reached;
  }

  private take(name: string, number: number): boolean {
    try {
      closeSync(openSync(this.path(name, number), "wx"));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  private path(name: string, number: number): string {
    return join(this.folder, `${sha256(name).slice(0, 24)}.${number}`);
  }
}
