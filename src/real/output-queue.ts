import type { Readable } from "node:stream";
import { assert } from "../base/assert.ts";
import type { OutputChunk } from "../ports/subprocess.ts";

/** What a program may print before somebody reads it. Then it waits, as on any full pipe. */
export const waitingBytesMax = 1024 * 1024;

/** Both pipes as one queue, in order of arrival. */
export class OutputQueue {
  private readonly streams: readonly Readable[];
  private readonly chunks: OutputChunk[] = [];
  private waitingBytes = 0;
  private open: number;
  private reader: ((chunk: OutputChunk | null) => void) | undefined;

  constructor(stdout: Readable, stderr: Readable) {
    this.streams = [stdout, stderr];
    this.open = this.streams.length;
    this.follow("stdout", stdout);
    this.follow("stderr", stderr);
  }

  read(): Promise<OutputChunk | null> {
    assert(this.reader === undefined, "one read at a time");
    const chunk = this.chunks.shift();
    if (chunk !== undefined) {
      this.waitingBytes -= chunk.bytes.length;
      if (this.waitingBytes < waitingBytesMax) for (const stream of this.streams) stream.resume();
      return Promise.resolve(chunk);
    }
    if (this.open === 0) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.reader = resolve;
    });
  }

  /** What waits is lost, and the end comes soon. */
  close(): void {
    this.chunks.length = 0;
    this.waitingBytes = 0;
    for (const stream of this.streams) stream.destroy();
  }

  private follow(name: OutputChunk["stream"], stream: Readable): void {
    stream.on("data", (data: Buffer) => this.arrive({ stream: name, bytes: new Uint8Array(data) }));
    // A pipe that breaks has nothing more to say: it closes.
    stream.on("error", () => {});
    stream.once("close", () => {
      this.open--;
      if (this.open === 0) this.hand(null);
    });
  }

  private arrive(chunk: OutputChunk): void {
    if (this.hand(chunk)) return;
    this.chunks.push(chunk);
    this.waitingBytes += chunk.bytes.length;
    if (this.waitingBytes >= waitingBytesMax) for (const stream of this.streams) stream.pause();
  }

  /** @returns false when nobody waits */
  private hand(chunk: OutputChunk | null): boolean {
    const { reader } = this;
    this.reader = undefined;
    reader?.(chunk);
    return reader !== undefined;
  }
}
