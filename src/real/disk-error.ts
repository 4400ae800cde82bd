import { assert } from "../base/assert.ts";
import type { DiskErrorCode, PortError } from "../ports/result.ts";

/** What the disk's refusal is called at the ports. */
export function diskError(error: unknown, path: string): PortError {
  const code = diskErrorCode(error);
  return { code, message: `${path}: ${diskMessages[code]}` };
}

export function diskErrorCode(error: unknown): DiskErrorCode {
  assert(error instanceof Error && "code" in error && typeof error.code === "string", "a disk failure has a code");
  const code = relatedCodes[error.code] ?? error.code;
  return isDiskErrorCode(code) ? code : "EIO";
}

function isDiskErrorCode(code: string): code is DiskErrorCode {
  return Object.hasOwn(diskMessages, code);
}

/** What the port has no code of its own for, by its nearest one. */
const relatedCodes: Readonly<Record<string, DiskErrorCode>> = {
  EPERM: "EACCES",
  EROFS: "EACCES",
  EBUSY: "EACCES",
  EDQUOT: "ENOSPC",
  EFBIG: "ENOSPC",
  ENFILE: "EMFILE",
  ENAMETOOLONG: "EINVAL",
  ENXIO: "EINVAL",
  ERR_INVALID_ARG_VALUE: "EINVAL",
};

const diskMessages: Readonly<Record<DiskErrorCode, string>> = {
  ENOENT: "no such file or folder",
  EEXIST: "it exists already",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is not a folder",
  ENOTEMPTY: "the folder is not empty",
  EACCES: "access is denied",
  ELOOP: "too many symbolic links",
  EINVAL: "the disk cannot do this with such a path",
  ENOSPC: "no space is left on the disk",
  EIO: "the disk failed",
  EXDEV: "the two paths are on different disks",
  EMFILE: "too many files are open",
};
