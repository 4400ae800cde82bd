const textBytesMax = 1024;
/** Beats, length of the site text, seed, site text. */
const slotBytes = 4 + 4 + 8 + textBytesMax;

/**
 * What a worker shows of itself in shared memory while a run keeps its thread busy: beats, the seed, and the last site
 * when it is asked to keep it. One slot for each task that runs at a time.
 */
export class Pulse {
  /** Counts the steps of the kernel. */
  readonly beat: Int32Array;

  private readonly length: Int32Array;
  private readonly seedCell: Float64Array;
  private readonly text: Uint8Array;

  constructor(memory: SharedArrayBuffer, slot: number) {
    const start = slot * slotBytes;
    this.beat = new Int32Array(memory, start, 1);
    this.length = new Int32Array(memory, start + 4, 1);
    this.seedCell = new Float64Array(memory, start + 8, 1);
    this.text = new Uint8Array(memory, start + 16, textBytesMax);
  }

  static memory(slots: number): SharedArrayBuffer {
    return new SharedArrayBuffer(slots * slotBytes);
  }

  /** A run begins. */
  enter(seed: number): void {
    this.beat[0]!++;
    this.seedCell[0] = seed;
  }

  get seed(): number {
    return this.seedCell[0]!;
  }

  /** Where the run is. Costs more than a beat: only for a run that is known to hang. */
  set site(site: string) {
    const { written } = new TextEncoder().encodeInto(site, this.text);
    this.length[0] = written;
  }

  get site(): string {
    return new TextDecoder().decode(this.text.slice(0, this.length[0]));
  }

  /** Forgets the task before. */
  clear(): void {
    this.beat[0] = 0;
    this.length[0] = 0;
    this.seedCell[0] = Number.NaN;
  }
}
