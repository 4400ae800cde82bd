import type { JsonValue } from "../../base/json.ts";
import type { FolderEntry } from "../../ports/files.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import { pathComponent, scopeOf } from "../decide/reference.ts";
import { writeDurablyInFolder } from "../workspace/durable-write.ts";
import { nothingSpent, spendingLine, sumSpending, type Spending } from "./spending.ts";
import { freshRecord, parseRecord, serialiseRecord, type Cause, type RunRecord } from "./run-record.ts";

/** The run records of all causes, a file each. Read and written under the lease of the scope. */
export class RunRecords {
  private readonly folder: string;
  /** Scopes whose folder's own name is known to survive a crash of the host. */
  private readonly durableScopes = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * The record of a cause; undefined when nothing was begun. One that cannot be understood counts as begun: what it
   * said may have been that effects took place.
   */
  async load(ports: Ports, cause: Cause, reference: string): Promise<Answer<RunRecord | undefined>> {
    const text = await ports.files.readText(this.path(cause, reference), { key: recordKey(cause, reference) });
    if (text.kind === "ok") {
      const record = parseRecord(text.value, cause);
      if (record !== undefined) return { kind: "ok", value: record };
      ports.log.event("record.corrupt", { card: reference, cause: `${cause.cardId}/${cause.lane}/${cause.dateMoved}` });
      return { kind: "ok", value: { ...freshRecord(cause, reference), attempts: 1 } };
    }
    if (text.error.code === "ENOENT") return { kind: "ok", value: undefined };
    return { kind: "fail", reason: text.error.code };
  }

  /** @param generation of the lease: no two writers share a temporary file */
  async save(ports: Ports, record: RunRecord, generation: number): Promise<Answer<void>> {
    const path = this.path(record.cause, record.reference);
    const call = { key: recordKey(record.cause, record.reference) };
    const write = { path, temporaryPath: `${path}.g${generation}.tmp`, content: serialiseRecord(record), call };
    let result = await writeDurablyInFolder(ports.files, write);
    // Also a folder that was there already: who made it may have died before it was safe.
    const scope = scopeOf(record.reference);
    if (result.kind === "ok" && !this.durableScopes.has(scope)) {
      result = await ports.files.sync(this.folder, call);
      if (result.kind === "ok") this.durableScopes.add(scope);
    }
    return result.kind === "ok" ? { kind: "ok", value: undefined } : { kind: result.kind, reason: result.error.code };
  }

  /** What stands in the folder of a scope, by names alone. */
  async list(ports: Ports, scope: string): Promise<Answer<FoundRecords>> {
    const listing = await ports.files.list(this.scopeFolder(scope), { key: `runs:${scope}` });
    if (listing.kind === "ok") return { kind: "ok", value: sortRecords(listing.value) };
    if (listing.error.code === "ENOENT") return { kind: "ok", value: { causes: [], leftovers: [] } };
    return { kind: "fail", reason: listing.error.code };
  }

  /** Forgets a cause for good. Nothing may ask for it any more. */
  async remove(ports: Ports, scope: string, cause: Cause): Promise<Answer<void>> {
    const removed = await ports.files.remove(this.path(cause, scope), { key: recordKey(cause, scope) });
    if (removed.kind === "ok" || removed.error.code === "ENOENT") return { kind: "ok", value: undefined };
    return { kind: removed.kind, reason: removed.error.code };
  }

  /** As good as it goes. */
  async removeLeftover(ports: Ports, scope: string, name: string): Promise<void> {
    const call = { key: `runs:${scope}/leftover`, recursive: true };
    await ports.files.remove(`${this.scopeFolder(scope)}/${name}`, call);
  }

  /**
   * Notes that a child process of the scope lives, or no longer does. Not synced: a crash of the host ends children too.
   *
   * @param line `+1234` or `-1234`
   */
  async noteChild(ports: Ports, scope: string, line: string): Promise<Answer<void>> {
    const call = { key: `children:${scope}`, mode: "append" } as const;
    const result = await ports.files.write(this.childrenPath(scope), `${line}\n`, call);
    return result.kind === "ok" ? { kind: "ok", value: undefined } : { kind: result.kind, reason: result.error.code };
  }

  /** Children that were started for the scope and, as far as is known, not seen to end. */
  async loadChildren(ports: Ports, scope: string): Promise<Answer<readonly number[]>> {
    const text = await ports.files.readText(this.childrenPath(scope), { key: `children:${scope}` });
    if (text.kind === "ok") return { kind: "ok", value: livingChildren(text.value) };
    return text.error.code === "ENOENT" ? { kind: "ok", value: [] } : { kind: "fail", reason: text.error.code };
  }

  /** What a card has cost, over all its causes. */
  async loadSpending(ports: Ports, cardId: number, reference: string): Promise<Answer<Spending>> {
    const text = await ports.files.readText(this.spendingPath(cardId, reference), { key: `spent:${reference}` });
    if (text.kind === "ok") return { kind: "ok", value: sumSpending(text.value) };
    return text.error.code === "ENOENT"
      ? { kind: "ok", value: nothingSpent }
      : { kind: "fail", reason: text.error.code };
  }

  async noteSpending(
    ports: Ports,
    { cardId, reference, spent }: { readonly cardId: number; readonly reference: string; readonly spent: Spending },
  ): Promise<void> {
    const call = { key: `spent:${reference}`, mode: "append" } as const;
    await ports.files.write(this.spendingPath(cardId, reference), spendingLine(spent), call);
  }

  private spendingPath(cardId: number, reference: string): string {
    return `${this.folder}/${pathComponent(scopeOf(reference))}/${cardId}-spent`;
  }

  /** Absolute. A folder that belongs to one attempt alone. */
  scratchFolder(cause: Cause, reference: string, attempt: number): string {
    return `${this.path(cause, reference).slice(0, -".json".length)}.scratch-${attempt}`;
  }

  private childrenPath(scope: string): string {
    return `${this.scopeFolder(scope)}/children`;
  }

  private path(cause: Cause, reference: string): string {
    return `${this.scopeFolder(scopeOf(reference))}/${cause.cardId}-lane${cause.lane}-${cause.dateMoved}.json`;
  }

  private scopeFolder(scope: string): string {
    return `${this.folder}/${pathComponent(scope)}`;
  }
}

export interface FoundRecords {
  /** Those that have a record. */
  readonly causes: readonly Cause[];
  /** Names of what a crash cut short: half-written records, and folders of coders. */
  readonly leftovers: readonly string[];
}

function sortRecords(entries: readonly FolderEntry[]): FoundRecords {
  const causes: Cause[] = [];
  const leftovers: string[] = [];
  for (const { name } of entries) {
    const match = /^(\d+)-lane(\d+)-(\d+)(\.json|\.json\..+\.tmp|\.scratch-.+)$/.exec(name);
    if (match === null) continue;
    if (match[4] !== ".json") leftovers.push(name);
    else causes.push({ cardId: Number(match[1]), lane: Number(match[2]), dateMoved: Number(match[3]) });
  }
  return { causes, leftovers };
}

/** In order of their start. A line that a crash cut short does not count: another process might bear its number. */
export function livingChildren(text: string): readonly number[] {
  const living = new Set<number>();
  const lines = text.split("\n");
  lines.pop();
  for (const line of lines) {
    // In front of it, what a write left behind that was cut short.
    const match = /^(?:[+-]\d*)*?([+-])([1-9]\d{0,9})$/.exec(line);
    if (match === null) continue;
    if (match[1] === "+") living.add(Number(match[2]));
    else living.delete(Number(match[2]));
  }
  return [...living];
}

/** The record of one run that is under way: its state on disk, changed one save at a time. */
export class OpenRecord {
  private readonly records: RunRecords;
  private readonly ports: Ports;
  private readonly generation: number;
  /** Shared by all parts of the run. */
  private readonly shared: { current: RunRecord };
  private readonly prefix: string;
  private readonly startMs: number;
  /** Of the attempts before this one. */
  private readonly earlierMs: number;

  constructor(records: RunRecords, ports: Ports, generation: number, record: RunRecord, part?: Part) {
    this.records = records;
    this.ports = ports;
    this.generation = generation;
    this.shared = part?.shared ?? { current: record };
    this.prefix = part?.prefix ?? "";
    this.startMs = part?.startMs ?? ports.clock.monotonicMs();
    this.earlierMs = part?.earlierMs ?? record.workedMs ?? 0;
  }

  /** The same record, with intents of its own for a part of the run. */
  within(name: string): OpenRecord {
    const { shared, startMs, earlierMs } = this;
    const part = { shared, startMs, earlierMs, prefix: `${this.prefix}${name} ` };
    return new OpenRecord(this.records, this.ports, this.generation, this.value, part);
  }

  get value(): RunRecord {
    return this.shared.current;
  }

  /** Of this attempt and those before it. */
  get workedMs(): number {
    return this.earlierMs + this.ports.clock.monotonicMs() - this.startMs;
  }

  intent(name: string): JsonValue | undefined {
    return this.value.intents[this.prefix + name];
  }

  saveIntent(name: string, value: JsonValue): Promise<Answer<void>> {
    return this.save({ intents: { ...this.value.intents, [this.prefix + name]: value } });
  }

  async save(change: Partial<RunRecord>): Promise<Answer<void>> {
    const changed = { ...this.value, workedMs: Math.round(this.workedMs), ...change };
    const saved = await this.records.save(this.ports, changed, this.generation);
    if (saved.kind === "ok") this.shared.current = changed;
    return saved;
  }
}

interface Part {
  readonly shared: { current: RunRecord };
  readonly prefix: string;
  readonly startMs: number;
  readonly earlierMs: number;
}

function recordKey(cause: Cause, reference: string): string {
  return `run:${reference}/lane-${cause.lane}`;
}
