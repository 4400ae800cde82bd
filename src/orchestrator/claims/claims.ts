import type { FolderEntry } from "../../ports/files.ts";
import type { Ports } from "../../ports/ports.ts";
import { pathComponent } from "../decide/reference.ts";
import { claimPath, generationOf, readClaims } from "./claim-files.ts";
import { HeldLease, type Lease } from "./lease.ts";

export type Acquired = { readonly kind: "held"; readonly lease: Lease } | { readonly kind: "busy" };

/** Others may go on using what they listed for this share of a term before it could mislead them. */
const listingFreshShare = 1 / 4;
/** Far more than anybody can miss between listing and claiming. */
const generationsKept = 64;
const filesBeforeCleaning = 400;

/**
 * Exclusion over processes of one host by files alone: a generation belongs to who creates its claim file, a file that
 * can be created once. See docs/orchestrator.md for why two owners never overlap.
 */
export class Claims {
  private readonly folder: string;
  private readonly ttlMs: number;
  /** What this process saw last of scopes that others hold, and since when. */
  private readonly observed = new Map<string, Observation>();
  private readonly looks = new Map<string, Look>();

  constructor(options: { readonly folder: string; readonly ttlMs: number }) {
    this.folder = options.folder;
    this.ttlMs = options.ttlMs;
  }

  /** Anything but a certain success is `busy`: a claim that was made all the same expires like any other. */
  async acquire(ports: Ports, scope: string): Promise<Acquired> {
    const folder = `${this.folder}/${pathComponent(scope)}`;
    const call = { key: `claim:${scope}` };
    const listedMs = ports.clock.monotonicMs();
    const listing = await ports.files.list(folder, call);
    let entries: readonly FolderEntry[] = [];
    if (listing.kind === "ok") entries = listing.value;
    else if (listing.error.code !== "ENOENT") return busy;
    else if ((await ports.files.makeFolder(folder, call)).kind !== "ok") return busy;

    const { generation, released, filesCount } = readClaims(entries);
    const takeover = generation > 0 && !released;
    if (takeover && !(await this.isSilent(ports, { scope, folder, generation }))) return busy;

    const beforeMs = ports.clock.monotonicMs();
    const claim = claimPath(folder, generation + 1, "claim");
    const created = await ports.files.write(claim, `${this.ttlMs}\n`, { ...call, mode: "createNew" });
    if (created.kind !== "ok") return busy;
    const afterMs = ports.clock.monotonicMs();
    const validUntilMs = beforeMs + this.ttlMs;
    if (afterMs >= validUntilMs) return busy;
    // A generation that was given out and cleaned away since the listing could be created a second time.
    if (afterMs - listedMs > this.ttlMs * listingFreshShare) {
      const again = await ports.files.list(folder, call);
      if (again.kind !== "ok" || readClaims(again.value).generation !== generation + 1) return busy;
    }
    this.observed.delete(scope);
    ports.log.event("lease.acquired", { scope, generation: generation + 1, takeover });
    if (filesCount > filesBeforeCleaning) {
      await this.clean(ports, { scope, folder, entries, before: generation - generationsKept });
    }
    const options = { scope, generation: generation + 1, ttlMs: this.ttlMs, takeover, folder, validUntilMs };
    return { kind: "held", lease: new HeldLease(ports, options) };
  }

  /**
   * Whether the highest claim of a scope stands unreleased; its owner may live or not. Removes files of generations that
   * are long past: who listed the folder before the look before this one lists it again before it trusts a claim.
   */
  async look(ports: Ports, scope: string): Promise<boolean> {
    const folder = `${this.folder}/${pathComponent(scope)}`;
    const listing = await ports.files.list(folder, { key: `claim:${scope}` });
    if (listing.kind !== "ok") return false;
    const { generation, released } = readClaims(listing.value);
    const nowMs = ports.clock.monotonicMs();
    const looked = this.looks.get(scope);
    if (looked === undefined || nowMs - looked.atMs > this.ttlMs) {
      this.looks.set(scope, { generation, atMs: nowMs });
      if (looked !== undefined) {
        await this.clean(ports, { scope, folder, entries: listing.value, before: looked.generation });
      }
    }
    return generation > 0 && !released;
  }

  /**
   * Whether the owner gave no sign of life for a term and a quarter, by this process's own clock. The longer term counts:
   * while a new version is brought out, not all have the same.
   */
  private async isSilent(
    ports: Ports,
    claim: { readonly scope: string; readonly folder: string; readonly generation: number },
  ): Promise<boolean> {
    const { scope, folder, generation } = claim;
    const call = { key: `claim:${scope}` };
    const stat = await ports.files.stat(claimPath(folder, generation, "beats"), call);
    if (stat.kind !== "ok" && stat.error.code !== "ENOENT") return false;
    const beats = stat.kind === "ok" ? stat.value.sizeBytes : 0;
    const nowMs = ports.clock.monotonicMs();
    const seen = this.observed.get(scope);
    if (seen === undefined || seen.generation !== generation || seen.beats !== beats) {
      this.observed.set(scope, { generation, beats, sinceMs: nowMs });
      return false;
    }
    const silentMs = nowMs - seen.sinceMs;
    if (silentMs < this.ttlMs * 1.25) return false;
    const owner = await ports.files.readText(claimPath(folder, generation, "claim"), call);
    if (owner.kind !== "ok") return owner.error.code === "ENOENT";
    // A claim that still says nothing after a whole term was cut short by a crash, and its owner with it.
    const ownersTtlMs = /^[1-9]\d{0,9}\n$/.test(owner.value) ? Number(owner.value) : 0;
    return silentMs >= ownersTtlMs * 1.25;
  }

  private async clean(
    ports: Ports,
    claim: {
      readonly scope: string;
      readonly folder: string;
      readonly entries: readonly FolderEntry[];
      /** The first generation that stays. */
      readonly before: number;
    },
  ): Promise<void> {
    for (const { name } of claim.entries) {
      const generation = generationOf(name);
      if (generation === 0 || generation >= claim.before) continue;
      await ports.files.remove(`${claim.folder}/${name}`, { key: `claim:${claim.scope}` });
    }
  }
}

interface Observation {
  readonly generation: number;
  readonly beats: number;
  /** Monotonic. */
  readonly sinceMs: number;
}

interface Look {
  readonly generation: number;
  /** Monotonic. */
  readonly atMs: number;
}

const busy: Acquired = { kind: "busy" };
