import { assert } from "../../base/assert.ts";
import { sha256 } from "../../base/digest.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import { pathComponent } from "../decide/reference.ts";
import type { Guard } from "../guard.ts";
import { failed, GuardedFolder, isAbsence, refused } from "../workspace/guarded-folder.ts";
import { isPlainPath } from "../workspace/path-rules.ts";
import { packagePage, statusDocument, statusOf, type PackageStatus } from "./dashboard.ts";
import { packageLimits } from "./lifecycle.ts";
import { serialiseManifest } from "./manifest.ts";
import {
  eventFileName,
  parseEvent,
  sequenceOfFileName,
  serialiseEvent,
  type EventHead,
  type PackageDeed,
  type PackageEvent,
} from "./package-event.ts";
import { artifactKinds } from "./stages.ts";
import { packageOf, withEvent, type Contents, type WorkPackage } from "./work-package.ts";

/** Where packages are kept, and the right to write there. */
export interface PackageShelf {
  readonly ports: Ports;
  readonly guard: Guard;
  /** Validity of the guard that a write asks for. */
  readonly diskMarginMs: number;
  /** Absolute: `work-packages`. */
  readonly folder: string;
  /** Of the lease: no two writers share a temporary file. */
  readonly generation: number;
}

/** Who does something, and why. */
export type Actor = Pick<EventHead, "who" | "reason" | "cause">;

export interface Opening extends Actor {
  readonly title: string;
  /** Absolute: where agents write. */
  readonly workspace: string;
}

/**
 * Opens the package of a card, whatever a crash left of its files. Must be called under the lease that excludes
 * other writers of this package.
 *
 * @param opening makes the package when there is none; without it that is refused
 */
export function openPackage(shelf: PackageShelf, reference: string, opening?: Opening): Promise<Answer<OpenPackage>> {
  return openFolder(shelf, { name: pathComponent(reference), reference }, opening);
}

/**
 * Opens every package, in code-unit order of their folders, which brings their files up to date. One that cannot be
 * opened keeps no other from it. Must be called under the lease that excludes all other writers.
 */
export async function openAllPackages(shelf: PackageShelf): Promise<Answer<ReadonlyMap<string, Answer<OpenPackage>>>> {
  const names = await listPackages(shelf);
  if (names.kind !== "ok") return names;
  const opened = new Map<string, Answer<OpenPackage>>();
  for (const name of names.value) opened.set(name, await openFolder(shelf, { name, reference: name }));
  return { kind: "ok", value: opened };
}

/** Names of the folders of packages, in code-unit order. */
export async function listPackages({ ports, folder }: PackageShelf): Promise<Answer<readonly string[]>> {
  const listing = await ports.files.list(folder, { key: "work-packages" });
  if (listing.kind !== "ok") return isAbsence(listing.error) ? { kind: "ok", value: [] } : failed(listing);
  const folders = listing.value.filter(({ name, kind }) => kind === "folder" && !name.startsWith("."));
  return { kind: "ok", value: folders.map(({ name }) => name) };
}

async function openFolder(
  shelf: PackageShelf,
  place: { readonly name: string; readonly reference: string },
  opening?: Opening,
): Promise<Answer<OpenPackage>> {
  const { reference } = place;
  const root = `${shelf.folder}/${place.name}`;
  if (opening !== undefined) {
    const made = await makeFolders(shelf, root);
    if (made.kind !== "ok") return made;
  }
  const parent = await shelf.ports.files.realPath(shelf.folder, { key: "work-packages" });
  if (parent.kind !== "ok") return isAbsence(parent.error) ? absent(reference) : failed(parent);
  const real = await shelf.ports.files.realPath(root, { key: reference });
  if (real.kind !== "ok") return isAbsence(real.error) ? absent(reference) : failed(real);
  if (real.value !== `${parent.value}${root.slice(shelf.folder.length)}`)
    return refused(`the package ${reference} is a link`);

  const found = await readEvents(shelf, root, reference);
  if (found.kind !== "ok") return found;
  await removeTemporaries(shelf, root, reference);
  const known = packageOf(found.value.events);
  if (known === undefined && opening === undefined) return absent(reference);
  const opened = new OpenPackage(shelf, { reference, root, realRoot: real.value, ...found.value });
  if (opening !== undefined && (known?.title !== opening.title || known.workspace !== opening.workspace)) {
    const { title, workspace } = opening;
    const recorded = await opened.append({ type: "opened", reference, title, workspace }, opening);
    if (recorded.kind !== "ok") return recorded;
  }
  const looked = await opened.look();
  if (looked.kind !== "ok") return looked;
  const shown = await opened.show();
  return shown.kind === "ok" ? { kind: "ok", value: opened } : shown;
}

const subfolders: readonly string[] = [
  "approvals",
  "artifacts",
  ...artifactKinds.map((kind) => `artifacts/${kind}`),
  "dashboard",
  "tmp",
];

/** Before the first event, all folders stand for good: what is recorded in them later is not lost with their names. */
async function makeFolders({ ports, guard, diskMarginMs, folder }: PackageShelf, root: string): Promise<Answer<void>> {
  const call = { key: root.slice(folder.length + 1) };
  const known = await ports.files.stat(`${root}/manifest.json`, call);
  // The manifest comes after the first event, and that after the folders.
  if (known.kind === "ok") return done;
  guard.require(diskMarginMs);
  for (const each of subfolders) {
    const made = await ports.files.makeFolder(`${root}/${each}`, call);
    if (made.kind !== "ok") return failed(made);
  }
  for (const each of [`${root}/artifacts`, root, folder, folder.slice(0, folder.lastIndexOf("/")) || "/"]) {
    const synced = await ports.files.sync(each, call);
    if (synced.kind !== "ok") return failed(synced);
  }
  return done;
}

interface FoundEvents {
  /** In the order of their sequence. */
  readonly events: readonly PackageEvent[];
  /** Names of files that should be events and say nothing. */
  readonly damaged: readonly string[];
  /** The highest that any name claims. */
  readonly sequence: number;
}

interface FoundFolder {
  readonly reference: string;
  readonly root: string;
  readonly realRoot: string;
}

async function readEvents({ ports }: PackageShelf, root: string, reference: string): Promise<Answer<FoundEvents>> {
  const call = { key: `${reference}/approvals` };
  const listing = await ports.files.list(`${root}/approvals`, call);
  if (listing.kind !== "ok" && !isAbsence(listing.error)) return failed(listing);
  const names = listing.kind === "ok" ? listing.value.map(({ name }) => name) : [];
  const events: PackageEvent[] = [];
  const damaged: string[] = [];
  let sequence = 0;
  for (const name of names) {
    const claimed = sequenceOfFileName(name);
    if (claimed === undefined) continue;
    sequence = Math.max(sequence, claimed);
    const text = await ports.files.readText(`${root}/approvals/${name}`, call);
    if (text.kind !== "ok" && !isAbsence(text.error)) return failed(text);
    const event = text.kind === "ok" ? parseEvent(text.value, name) : undefined;
    if (event === undefined) damaged.push(name);
    else events.push(event);
  }
  events.sort((left, right) => left.sequence - right.sequence);
  return { kind: "ok", value: { events, damaged, sequence } };
}

async function removeTemporaries({ ports }: PackageShelf, root: string, reference: string): Promise<void> {
  const call = { key: `${reference}/tmp`, recursive: true };
  const listing = await ports.files.list(`${root}/tmp`, call);
  if (listing.kind !== "ok") return;
  for (const { name } of listing.value) await ports.files.remove(`${root}/tmp/${name}`, call);
}

/** One package while its lease is held: what its events say, what stands in its workspace, and how to go on. */
export class OpenPackage {
  readonly damaged: readonly string[];

  private readonly shelf: PackageShelf;
  private readonly reference: string;
  private readonly folder: GuardedFolder;
  private readonly found: readonly PackageEvent[];
  private known: WorkPackage | undefined;
  /** Of the last event that any file name claims. */
  private sequence: number;
  private texts: ReadonlyMap<string, string> = new Map();
  private hashes: Contents = new Map();

  constructor(shelf: PackageShelf, found: FoundEvents & FoundFolder) {
    const { root } = found;
    this.shelf = shelf;
    this.reference = found.reference;
    this.damaged = found.damaged;
    this.sequence = found.sequence;
    this.found = found.events;
    this.known = packageOf(found.events);
    this.folder = new GuardedFolder({
      ...shelf,
      root,
      realRoot: found.realRoot,
      temporaryFolder: `${root}/tmp`,
      label: found.reference,
    });
  }

  get work(): WorkPackage {
    assert(this.known !== undefined, "a package is opened before it is used");
    return this.known;
  }

  /** What stood in the workspace when it was last looked at. */
  get contents(): Contents {
    return this.hashes;
  }

  get status(): PackageStatus {
    return statusOf(this.work, this.contents, this.damaged);
  }

  /** Looks at what stands in the workspace now: all artifacts of the package, and `others`. */
  async look(others: readonly string[] = []): Promise<Answer<void>> {
    const { ports, guard, diskMarginMs, generation } = this.shelf;
    const { workspace, artifacts } = this.work;
    const texts = new Map<string, string>();
    const hashes = new Map<string, string>();
    const real = await ports.files.realPath(workspace, { key: `${this.reference}/workspace` });
    if (real.kind !== "ok" && !isAbsence(real.error)) return failed(real);
    if (real.kind === "ok") {
      // Never written to from here.
      const folder = new GuardedFolder({
        ports,
        guard,
        diskMarginMs,
        generation,
        root: workspace,
        realRoot: real.value,
        temporaryFolder: workspace,
        label: `${this.reference}/workspace`,
      });
      for (const path of new Set([...artifacts.map((each) => each.path), ...others])) {
        if (!isPlainPath(path)) continue;
        const text = await folder.read(path);
        if (text.kind !== "ok") return text;
        if (text.value === undefined || text.value.trim() === "") continue;
        if (text.value.length > packageLimits.artifactBytes)
          return refused(`${path} is larger than an artifact may be`);
        texts.set(path, text.value);
        hashes.set(path, sha256(text.value));
      }
    }
    this.texts = texts;
    this.hashes = hashes;
    return done;
  }

  /** Records deeds one after the other, each for good before the next, and shows what they led to. */
  async record(deeds: readonly PackageDeed[], actor: Actor): Promise<Answer<void>> {
    if (deeds.length === 0) return done;
    for (const deed of deeds) {
      const appended = await this.append(deed, actor);
      if (appended.kind !== "ok") return appended;
    }
    return this.show();
  }

  /** One event, on disk for good when this is answered. `show` is still to come. */
  async append(deed: PackageDeed, { who, reason, cause }: Actor): Promise<Answer<void>> {
    if (this.sequence >= packageLimits.events) {
      return refused(`the package has ${packageLimits.events} events already, the most there may be`);
    }
    const sequence = this.sequence + 1;
    const atMs = Math.max(Math.floor(this.shelf.ports.clock.nowMs()), this.known?.atMs ?? 0);
    const event: PackageEvent = { ...deed, sequence, atMs, who, reason: reason.slice(0, 1_000), cause };
    if (event.type === "approval") {
      for (const { path, hash } of event.contents) {
        const kept = await this.keep(`artifacts/${event.kind}/${hash}`, path);
        if (kept.kind !== "ok") return kept;
      }
    }
    const name = eventFileName(event);
    const written = await this.folder.replace({
      path: `${this.folder.root}/approvals/${name}`,
      name: `event-${sequence}`,
      content: serialiseEvent(event),
      key: `${this.reference}/approvals/${event.type}`,
    });
    // It may stand there all the same: nobody may use its number again.
    this.sequence = sequence;
    if (written.kind !== "ok") return written;
    this.known = this.known === undefined ? packageOf([...this.found, event]) : withEvent(this.known, event);
    const { type } = event;
    this.shelf.ports.log.event("workPackage.event", { card: this.reference, type, sequence, cause });
    return done;
  }

  /** Brings manifest and dashboard up to date; writes only what changed. */
  async show(): Promise<Answer<void>> {
    const { status } = this;
    const files: readonly (readonly [string, string])[] = [
      ["manifest.json", serialiseManifest(this.work)],
      ["dashboard/status.json", `${JSON.stringify(statusDocument(status), undefined, 2)}\n`],
      ["dashboard/README.md", packagePage(status)],
    ];
    for (const [path, content] of files) {
      const written = await writeChanged(this.folder, path, content);
      if (written.kind !== "ok") return written;
    }
    return done;
  }

  /** A copy of what is about to be approved: it tells for ever what was approved. */
  private keep(path: string, of: string): Promise<Answer<void>> {
    const text = this.texts.get(of);
    assert(text !== undefined, `${of} was looked at before its approval`);
    return writeChanged(this.folder, path, text);
  }
}

export async function writeChanged(folder: GuardedFolder, path: string, content: string): Promise<Answer<void>> {
  const found = await folder.read(path);
  if (found.kind !== "ok") return found;
  return found.value === content ? done : folder.write(path, content);
}

function absent(reference: string): Answer<never> {
  return refused(`there is no work package ${reference}`);
}

const done: Answer<void> = { kind: "ok", value: undefined };
