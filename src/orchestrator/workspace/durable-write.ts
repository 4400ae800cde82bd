import type { FileCall, FilesPort } from "../../ports/files.ts";
import type { Result } from "../../ports/result.ts";

export interface DurableWrite {
  readonly path: string;
  /** In the same file system; its own for each writer that may live at the same time. */
  readonly temporaryPath: string;
  readonly content: string | Uint8Array;
  readonly call?: FileCall;
}

/** The same in a folder that may not be there yet; its parent is. */
export async function writeDurablyInFolder(files: FilesPort, write: DurableWrite): Promise<Result<void>> {
  const written = await writeDurably(files, write);
  if (written.kind === "ok" || written.error.code !== "ENOENT") return written;
  const made = await files.makeFolder(write.path.slice(0, write.path.lastIndexOf("/")), write.call);
  return made.kind === "ok" ? writeDurably(files, write) : made;
}

/**
 * Replaces a file as a whole and for good: whoever reads sees the old content or the new one, also after a crash of
 * the host. The last step makes the name durable.
 */
export async function writeDurably(files: FilesPort, write: DurableWrite): Promise<Result<void>> {
  const { path, temporaryPath, content, call } = write;
  const written = await files.write(temporaryPath, content, call);
  if (written.kind !== "ok") return written;
  const synced = await files.sync(temporaryPath, call);
  if (synced.kind !== "ok") return synced;
  const renamed = await files.rename(temporaryPath, path, call);
  if (renamed.kind !== "ok") return renamed;
  return files.sync(path.slice(0, path.lastIndexOf("/")), call);
}
