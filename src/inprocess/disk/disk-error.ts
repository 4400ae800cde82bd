import type { DiskErrorCode } from "../../ports/result.ts";

/** An error as `node:fs` throws it. */
export function diskError(code: DiskErrorCode | "EBADF", call: string, path: string): NodeJS.ErrnoException {
  const { errno, words } = known[code];
  const error = new Error(`${code}: ${words}, ${call} '${path}'`);
  return Object.assign(error, { errno, code, syscall: call, path });
}

const known: Readonly<Record<DiskErrorCode | "EBADF", { readonly errno: number; readonly words: string }>> = {
  ENOENT: { errno: -2, words: "no such file or directory" },
  EIO: { errno: -5, words: "i/o error" },
  EBADF: { errno: -9, words: "bad file descriptor" },
  EACCES: { errno: -13, words: "permission denied" },
  EEXIST: { errno: -17, words: "file already exists" },
  EXDEV: { errno: -18, words: "cross-device link not permitted" },
  ENOTDIR: { errno: -20, words: "not a directory" },
  EISDIR: { errno: -21, words: "illegal operation on a directory" },
  EINVAL: { errno: -22, words: "invalid argument" },
  EMFILE: { errno: -24, words: "too many open files" },
  ENOSPC: { errno: -28, words: "no space left on device" },
  ENOTEMPTY: { errno: -39, words: "directory not empty" },
  ELOOP: { errno: -40, words: "too many symbolic links encountered" },
};
