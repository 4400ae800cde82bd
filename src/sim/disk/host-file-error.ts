import type { DiskErrorCode } from "../../ports/result.ts";

/** A failed operation of a host's disk: the world's failure, for programs to handle and for the file port to answer. */
export class HostFileError extends Error {
  override readonly name = "HostFileError";
  readonly code: DiskErrorCode;
  readonly path: string;

  constructor(code: DiskErrorCode, path: string) {
    super(`${path}: ${code}`);
    this.code = code;
    this.path = path;
  }
}
