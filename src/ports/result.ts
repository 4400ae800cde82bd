/**
 * What the caller of a port learns.
 * `fail`: the effect did not happen. `unknown`: it may have happened, now or later.
 */
export type Result<Value> =
  | { readonly kind: "ok"; readonly value: Value }
  | { readonly kind: "fail"; readonly error: PortError }
  | { readonly kind: "unknown"; readonly error: PortError };

/** The world's failure, as a value that the caller must handle. `message` is our own text on every platform. */
export interface PortError {
  readonly code: PortErrorCode;
  readonly message: string;
}

export type PortErrorCode = NetworkErrorCode | DiskErrorCode | SpawnErrorCode;

/** `ABORTED` = the caller's own signal; `ETIMEDOUT` = the caller's own time limit or the network's. */
export type NetworkErrorCode =
  | "ECONNREFUSED"
  | "ECONNRESET"
  | "ETIMEDOUT"
  | "EHOSTUNREACH"
  | "ENOTFOUND"
  | "EADDRINUSE"
  | "ABORTED";

export type DiskErrorCode =
  | "ENOENT"
  | "EEXIST"
  | "EISDIR"
  | "ENOTDIR"
  | "ENOTEMPTY"
  | "EACCES"
  | "ELOOP"
  | "EINVAL"
  | "ENOSPC"
  | "EIO"
  | "EXDEV"
  | "EMFILE";

export type SpawnErrorCode =
  | "ENOENT"
  | "EACCES"
  | "EAGAIN"
  | "EMFILE"
  | "E2BIG"
  | "ETXTBSY"
  | "ESRCH"
  | "EPIPE"
  | "EINVAL";
