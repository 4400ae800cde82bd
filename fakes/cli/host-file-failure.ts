import type { DiskErrorCode } from "../../src/ports/result.ts";

/** A failure of the host's disk as a program meets it. */
export interface HostFileFailure extends Error {
  readonly code: DiskErrorCode;
  readonly path: string;
}

/** Tells the world's failure from a bug of our own: anything else that is thrown must not be caught. */
export function isHostFileFailure(error: unknown): error is HostFileFailure {
  return error instanceof Error && error.name === "HostFileError" && "code" in error;
}

/** What a C program prints for the code. */
export function failureText(code: DiskErrorCode): string {
  switch (code) {
    case "ENOENT":
      return "No such file or directory";
    case "EEXIST":
      return "File exists";
    case "EISDIR":
      return "Is a directory";
    case "ENOTDIR":
      return "Not a directory";
    case "ENOTEMPTY":
      return "Directory not empty";
    case "EACCES":
      return "Permission denied";
    case "ELOOP":
      return "Too many levels of symbolic links";
    case "EINVAL":
      return "Invalid argument";
    case "ENOSPC":
      return "No space left on device";
    case "EIO":
      return "Input/output error";
    case "EXDEV":
      return "Invalid cross-device link";
    case "EMFILE":
      return "Too many open files";
  }
}
