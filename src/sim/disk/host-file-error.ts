import type { DiskErrorCode } from "../../ports/result.ts";

/** A failed operation of a host's disk: the world's failure, for programs to handle and for the file port to answer. */
export class HostFileError extends Error {
  override readonly name = "HostFileError";
  readonly code: DiskErrorCode;
  readonly path: string;

  constructor(code: DiskErrorCode, path: string) {
    // It is a value of the simulated world, not a bug of ours: nobody reads its stack, and taking one costs more than
    // the rest of the operation.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`${path}: ${code}`);
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.path = path;
  }
}
