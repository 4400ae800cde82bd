/**
 * How many runs one process has under way: its pollers and its webhook server share them. Each of these works one card at
 * a time, so a host's runs are bounded by what its operator starts there. A count over processes would cost every run
 * claims on the disk, and a process that was killed would keep its slots until they expire.
 */
export class RunSlots {
  private readonly max: number;
  private taken = 0;

  constructor(max: number) {
    this.max = max;
  }

  /** @returns false when all are taken */
  take(): boolean {
    if (this.taken >= this.max) return false;
    this.taken += 1;
    return true;
  }

  giveBack(): void {
    this.taken -= 1;
  }
}
