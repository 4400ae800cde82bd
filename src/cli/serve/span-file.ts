import { appendFileSync, renameSync, statSync } from "node:fs";
import type { Mark, Span } from "../../orchestrator/spans/span.ts";

/** Spans and marks as JSON lines, `{"process", "role", …}`. A full file becomes `FILE.1` in place of the one before: two are kept at most. */
export class SpanFile {
  private readonly path: string;
  private readonly sizeBytesMax: number;
  private readonly onFailure: (code: string) => void;
  private sizeBytes: number | undefined;
  private failed = false;

  /** @param onFailure told once for each time that it cannot be written; spans are lost then, and nothing else */
  constructor(path: string, sizeBytesMax: number, onFailure: (code: string) => void) {
    this.path = path;
    this.sizeBytesMax = sizeBytesMax;
    this.onFailure = onFailure;
  }

  write(role: string, entry: Span | Mark): void {
    const line = `${JSON.stringify({ process: process.pid, role, ...entry })}\n`;
    try {
      this.sizeBytes ??= statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
      if (this.sizeBytes > 0 && this.sizeBytes + Buffer.byteLength(line) > this.sizeBytesMax) {
        renameSync(this.path, `${this.path}.1`);
        this.sizeBytes = 0;
      }
      appendFileSync(this.path, line);
      this.sizeBytes += Buffer.byteLength(line);
      this.failed = false;
    } catch (error) {
      this.sizeBytes = undefined;
      if (!this.failed) this.onFailure((error as NodeJS.ErrnoException).code ?? "unknown");
      this.failed = true;
    }
  }
}
