import { fatal } from "../failure.ts";
import type { ObjectId } from "../object.ts";
import { refuseMissingPath, resolveCommit, resolveObject, resolvePath } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";

/** `git cat-file -e | -t | -s | -p <object>`, where `-s` and `-p` are modelled for blobs alone. */
export function* catFile(session: Session, args: readonly string[]): GitRun {
  const [mode, name, ...rest] = args;
  if (name === undefined || rest.length > 0) session.unmodelled(args);
  if (mode !== "-e" && mode !== "-t" && mode !== "-s" && mode !== "-p") session.unmodelled(args);
  const { repository } = session;
  yield session.work(2_500, "r");
  const object = name.includes(":") ? undefined : resolveObject(repository, name);
  if (object !== undefined && repository.readTag(object) !== undefined) {
    if (mode === "-t") session.print("tag");
    else if (mode !== "-e") session.unmodelled(args);
    return 0;
  }
  const commit = name.includes(":") ? undefined : resolveCommit(repository, name);
  if (commit !== undefined) {
    if (mode === "-t") session.print("commit");
    else if (mode !== "-e") session.unmodelled(args);
    return 0;
  }
  const blob = name.includes(":") ? resolvePath(repository, name)?.id : blobNamed(session, name);
  if (blob === undefined || !repository.hasBlob(blob)) {
    if (mode === "-e" && /^[0-9a-f]{40}$/.test(name)) return 1;
    if (name.includes(":")) refuseMissingPath(name, session.isOnDisk(name.slice(name.indexOf(":") + 1)));
    fatal(`Not a valid object name ${name}`);
  }
  const content = repository.readBlob(blob);
  if (mode === "-t") session.print("blob");
  if (mode === "-s") session.print(String(content.byteLength));
  if (mode === "-p") session.context.stdout(content);
  return 0;
}

function blobNamed(session: Session, name: string): ObjectId | undefined {
  if (!/^[0-9a-f]{4,40}$/.test(name)) return undefined;
  const { blobs } = session.repository.objectsWith(name);
  return blobs.length === 1 ? blobs[0] : undefined;
}
