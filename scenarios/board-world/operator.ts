import { parseRatchet, sha256, type Ports } from "../../src/index.ts";
import { projectsFolder } from "./settings.ts";
import type { FileSlip } from "./slips.ts";

const lookMs = 15_000;

/** Somebody with a shell on the server, who does something to approved files: each slip once, a while after the lock. */
export async function operator(ports: Ports, slips: readonly FileSlip[]): Promise<void> {
  const left = new Set(slips);
  while (left.size > 0) {
    for (const slip of slips) {
      if (!left.has(slip) || !(await isLocked(ports, slip))) continue;
      left.delete(slip);
      await ports.clock.sleep(slip.afterMs, { key: slip.path });
      ports.log.event("slip.made", { kind: slip.deed, path: `${slip.dirname}/${slip.path}` });
      await doDeed(ports, slip);
    }
    await ports.clock.sleep(lookMs, { key: "look" });
  }
}

async function isLocked(ports: Ports, slip: FileSlip): Promise<boolean> {
  const ratchet = await ports.files.readText(`${adminOf(slip)}/ratchet.json`);
  const parsed = ratchet.kind === "ok" ? parseRatchet(ratchet.value) : undefined;
  return parsed?.artifacts[slip.path]?.status === "LOCKED";
}

async function doDeed({ files }: Ports, slip: FileSlip): Promise<void> {
  const admin = adminOf(slip);
  const path = `${workspaceOf(slip)}/${slip.path}`;
  const ratchet = `${admin}/ratchet.json`;
  switch (slip.deed) {
    case "delete":
      await files.remove(path);
      return;
    case "edit":
      await files.write(path, changed);
      return;
    case "link":
      await files.remove(path);
      await files.makeLink("/etc/hostname", path);
      return;
    case "recreate":
      await files.remove(path);
      await files.write(path, changed, { mode: "createNew" });
      return;
    case "rename-over":
      await files.write(`${path}.new`, changed);
      await files.rename(`${path}.new`, path);
      return;
    case "other-spelling":
      // The first two are the file itself, the last one is another file.
      await files.write(`${workspaceOf(slip)}/.agentleeops/.././${slip.path}`, changed);
      await files.write(`${projectsFolder}/./${slip.dirname}/${slip.path}`, changed, { mode: "append" });
      await files.write(`${workspaceOf(slip)}/${slip.path.toUpperCase()}`, changed);
      return;
    case "folder":
      await files.remove(path);
      await files.makeFolder(path);
      await files.write(`${path}/inside`, changed);
      return;
    case "linked-parent":
      await plantLinkedParent(files, path);
      return;
    case "ratchet-cut":
      await files.write(ratchet, '{"version": 1, "artifacts": {"DESIGN.md": {"status": "LO');
      return;
    case "ratchet-object":
      await files.write(ratchet, "{}\n");
      return;
    case "ratchet-list":
      await files.write(ratchet, "[]\n");
      return;
    case "ratchet-null":
      await files.write(ratchet, "null\n");
      return;
    case "ratchet-deleted":
      await files.remove(ratchet);
      return;
    case "kept-damaged":
      for (const name of await namesIn(files, `${admin}/locked`)) await files.write(`${admin}/locked/${name}`, changed);
      return;
    case "record-forged":
      await forgeRecord(files, slip);
      return;
    case "record-removed":
      for (const name of await recordsOf(files, slip)) await files.remove(`${admin}/approvals/${name}`);
      return;
  }
}

type Files = Ports["files"];

/** The folder that holds the file gives way to a link to another one, with other files of the same names. */
async function plantLinkedParent(files: Files, path: string): Promise<void> {
  const parent = path.slice(0, path.lastIndexOf("/"));
  const elsewhere = `${stray}/${parent.slice(projectsFolder.length + 1).replaceAll("/", "-")}`;
  await files.makeFolder(elsewhere);
  for (const name of await namesIn(files, parent)) await files.write(`${elsewhere}/${name}`, changed);
  await files.remove(parent, { recursive: true });
  await files.makeLink(elsewhere, parent);
}

/** A later record than the true one, of something that nobody has ever seen. */
async function forgeRecord(files: Files, slip: FileSlip): Promise<void> {
  const last = (await recordsOf(files, slip)).at(-1);
  const match = last === undefined ? null : /^(.*)@(\d+)-lock-([0-9a-f]{16})-/.exec(last);
  if (match === null) return;
  const [, path, generation, basis] = match;
  const next = String(Number(generation) + 1).padStart(4, "0");
  await files.write(`${adminOf(slip)}/approvals/${path!}@${next}-lock-${basis!}-${sha256(neverSeen)}.json`, "{}\n");
}

async function recordsOf(files: Files, slip: FileSlip): Promise<readonly string[]> {
  const names = await namesIn(files, `${adminOf(slip)}/approvals`);
  return names.filter((name) => name.startsWith(`${encodeURIComponent(slip.path)}@`));
}

async function namesIn(files: Files, folder: string): Promise<readonly string[]> {
  const listing = await files.list(folder);
  return listing.kind === "ok" ? listing.value.map(({ name }) => name) : [];
}

const changed = "Changed by hand, after the approval.\n";
const neverSeen = "What the forged record is about.\n";
const stray = "/srv/elsewhere";

function workspaceOf({ dirname }: FileSlip): string {
  return `${projectsFolder}/${dirname}`;
}

function adminOf(slip: FileSlip): string {
  return `${workspaceOf(slip)}/.agentleeops`;
}
