import { writeSync } from "node:fs";

export type OutputStream = "stdout" | "stderr";

/**
 * Writes everything before it returns: a program that ends, or is struck down, right after has lost nothing that it
 * said. Waits while the pipe is full.
 *
 * @returns false when nobody reads any more
 */
export function writeFully(stream: OutputStream, content: string | Uint8Array): boolean {
  const descriptor = stream === "stdout" ? 1 : 2;
  let rest: Uint8Array = typeof content === "string" ? Buffer.from(content) : content;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE" || code === "EBADF") return false;
      if (code !== "EAGAIN") throw error;
      // A pipe that somebody has set not to block.
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
  return true;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));
