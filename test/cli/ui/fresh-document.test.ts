import { expect, test } from "vitest";
import type { CampaignReader } from "../../../src/cli/ui/campaign-reader.ts";
import { FreshDocument } from "../../../src/cli/ui/fresh-document.ts";
import { fullDocument } from "../../report/campaign-page/documents.ts";

/** A ledger that takes so long to read, and the clock that shows it. */
class SlowLedger {
  readMs = 0;
  reads = 0;
  nowMs = 1_000;
  changes = 0;

  readonly reader = {
    version: () => String(this.changes),
    read: () => {
      this.reads++;
      this.nowMs += this.readMs;
      return { ...fullDocument(), stormlane: String(this.changes) };
    },
  } as unknown as CampaignReader;

  readonly fresh = new FreshDocument(this.reader, () => this.nowMs);
}

test("a ledger that has not changed is read once", () => {
  const ledger = new SlowLedger();
  const first = ledger.fresh.get();
  ledger.nowMs += 1_000_000;
  expect(ledger.fresh.get()).toBe(first);
  expect(ledger.reads).toBe(1);
});

test("a ledger that changes all the time is read for a twentieth of the time at most, and another tag says so", () => {
  const ledger = new SlowLedger();
  ledger.readMs = 100;
  const tags = new Set([ledger.fresh.get().tag]);
  const startMs = ledger.nowMs;
  while (ledger.nowMs < startMs + 100_000) {
    ledger.changes++;
    ledger.nowMs += 10;
    tags.add(ledger.fresh.get().tag);
  }
  expect(ledger.reads * ledger.readMs).toBeLessThanOrEqual(100_000 / 20 + ledger.readMs);
  expect(ledger.reads).toBeGreaterThan(40);
  expect(tags.size).toBe(ledger.reads);
});
