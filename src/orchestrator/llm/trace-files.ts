import type { JsonObject } from "../../base/json.ts";
import type { Ports } from "../../ports/ports.ts";
import { redact } from "./redact.ts";

export interface TraceOptions {
  /** Absolute: one folder for each day below it. */
  readonly folder: string;
  /** Absolute, in the same file system. */
  readonly temporaryFolder: string;
  /** As the folder stands in the names of calls. */
  readonly label: string;
  readonly limits: TraceLimits;
  /** What must not be found in a trace. */
  readonly secrets: readonly string[];
}

export interface TraceLimits {
  /** Of one file. */
  readonly traceBytesMax: number;
  /** Of all files that one run writes. */
  readonly traceBytesPerRunMax: number;
  /** Kept in a workspace, whichever is reached first. */
  readonly traceFilesMax: number;
  readonly traceBytesKeptMax: number;
}

/** One question to a model and what became of it. */
export interface Trace extends JsonObject {
  readonly card: string;
  readonly purpose: string;
  readonly attempt: number;
  readonly prompt: string;
  /** Empty where there was none. */
  readonly answer: string;
}

/**
 * The traces of one run, a JSON file each: `<folder>/<day>/<time>-<card>-<purpose>-<attempt>.json`. Secrets are taken out,
 * long texts cut and marked, the oldest files removed. Nothing here can make a run fail: what could not be written is
 * told in the log, once.
 */
export class TraceFiles {
  private readonly options: TraceOptions;
  /** Of files of others whose size nobody looked at, the largest that they can have. */
  private known: { readonly path: string; readonly bytes: number }[] | undefined;
  private readonly folders = new Set<string>();
  private writtenBytes = 0;
  private hasFailed = false;

  constructor(options: TraceOptions) {
    this.options = options;
  }

  async write(ports: Ports, trace: Trace): Promise<void> {
    const { limits, label } = this.options;
    const call = { key: `${label}/traces` };
    const room = Math.min(limits.traceBytesMax, limits.traceBytesPerRunMax - this.writtenBytes);
    const content = this.serialise(trace, room);
    if (content === undefined) return this.leaveOut(ports, trace, "the run's traces are full");
    const [day, time] = dayAndTime(ports.clock.nowMs());
    const name = `${time}-${fileName(trace.card)}-${fileName(trace.purpose)}-${trace.attempt}.json`;
    const folder = `${this.options.folder}/${day}`;
    if (!this.folders.has(folder)) {
      const made = await ports.files.makeFolder(folder, call);
      if (made.kind !== "ok") return this.leaveOut(ports, trace, made.error.code);
      this.folders.add(folder);
    }
    const bytes = Buffer.byteLength(content);
    if (!(await this.makeRoom(ports, bytes, day))) return this.leaveOut(ports, trace, "old traces cannot be removed");
    const temporaryPath = `${this.options.temporaryFolder}/trace-${name}`;
    const path = `${folder}/${name}`;
    const written = await ports.files.write(temporaryPath, content, call);
    const synced = written.kind === "ok" ? await ports.files.sync(temporaryPath, call) : written;
    const renamed = synced.kind === "ok" ? await ports.files.rename(temporaryPath, path, call) : synced;
    if (renamed.kind !== "ok") {
      await ports.files.remove(temporaryPath, call);
      return this.leaveOut(ports, trace, renamed.error.code);
    }
    this.writtenBytes += bytes;
    this.known?.push({ path, bytes });
  }

  /** undefined when not even a cut one fits. */
  private serialise(trace: Trace, bytesMax: number): string | undefined {
    const { secrets } = this.options;
    const clean = JSON.stringify(trace, (_, value: unknown) =>
      typeof value === "string" ? redact(value, secrets) : value,
    );
    const whole = JSON.parse(clean) as Trace;
    for (let charsMax = bytesMax; charsMax >= 64; charsMax = Math.floor(charsMax / 2)) {
      const text = `${JSON.stringify(cut(whole, charsMax), null, 2)}\n`;
      if (Buffer.byteLength(text) <= bytesMax) return text;
    }
    return undefined;
  }

  /** Removes the oldest until one more fits. */
  private async makeRoom(ports: Ports, bytes: number, today: string): Promise<boolean> {
    const { limits, label } = this.options;
    this.known ??= await this.list(ports, today);
    if (this.known === undefined) return false;
    let total = this.known.reduce((sum, file) => sum + file.bytes, 0);
    while (this.known.length >= limits.traceFilesMax || total + bytes > limits.traceBytesKeptMax) {
      const oldest = this.known[0];
      if (oldest === undefined) return false;
      const removed = await ports.files.remove(oldest.path, { key: `${label}/traces` });
      if (removed.kind !== "ok" && removed.error.code !== "ENOENT") return false;
      this.known.shift();
      total -= oldest.bytes;
    }
    return true;
  }

  /** Oldest first. Removes the folders of days of which nothing is left. */
  private async list(ports: Ports, today: string): Promise<{ path: string; bytes: number }[] | undefined> {
    const { folder, label, limits } = this.options;
    const call = { key: `${label}/traces` };
    const days = await ports.files.list(folder, call);
    if (days.kind !== "ok") return undefined;
    const files: { path: string; bytes: number }[] = [];
    for (const { name: day, kind } of days.value) {
      if (kind !== "folder" || !/^\d{8}$/.test(day)) continue;
      const listing = await ports.files.list(`${folder}/${day}`, call);
      if (listing.kind !== "ok") return undefined;
      // What cannot be removed now is empty the next time, too.
      if (listing.value.length === 0 && day < today) {
        await ports.files.remove(`${folder}/${day}`, { ...call, recursive: true });
      }
      for (const { name } of listing.value) {
        if (name.endsWith(".json")) files.push({ path: `${folder}/${day}/${name}`, bytes: limits.traceBytesMax });
      }
    }
    return files.toSorted((left, right) => (left.path < right.path ? -1 : 1));
  }

  private leaveOut(ports: Ports, { card, purpose }: Trace, reason: string): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    ports.log.event("trace.failed", { card, purpose, reason });
  }
}

/** Long texts lose their middle, and the trace says so. */
function cut(trace: Trace, charsMax: number): JsonObject {
  const shorten = (text: string): string =>
    text.length <= charsMax
      ? text
      : `${text.slice(0, charsMax >> 1)}[… ${text.length - charsMax} characters are left out here …]${text.slice(text.length - (charsMax >> 1))}`;
  const short = { ...trace, prompt: shorten(trace.prompt), answer: shorten(trace.answer) };
  const isCut = short.prompt !== trace.prompt || short.answer !== trace.answer;
  return isCut ? { ...short, isCut } : short;
}

/** `20260105` and `083000123`, in universal time. */
function dayAndTime(nowMs: number): readonly [string, string] {
  const digits = new Date(nowMs).toISOString().replace(/\D/g, "");
  return [digits.slice(0, 8), digits.slice(8, 17)];
}

function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, "_").slice(0, 60);
}
