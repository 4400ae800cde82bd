import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../../src/base/digest.ts";
import { timedBench } from "../../../src/bench/bench-module.ts";
import type { Segment } from "../../../src/campaign/explore-seeds.ts";
import { Ledger } from "../../../src/campaign/ledger/ledger.ts";
import { addRow, emptyRows } from "../../../src/campaign/seed-rows.ts";
import { emptyTally } from "../../../src/campaign/tally.ts";
import { emptyTimelines } from "../../../src/campaign/timeline-column.ts";

const runs = 50;

/** A chunk of a campaign recorded durably, in a ledger that is there already. */
export const ledgerWrite = timedBench({
  name: "ledger write",
  about: `a chunk of ${runs} runs, recorded in one transaction`,
  operations: 1,
  setUp: () => {
    const folder = mkdtempSync(join(tmpdir(), "stormlane-bench-"));
    const ledger = Ledger.open(join(folder, "ledger.sqlite"));
    const session = ledger.beginSession("code");
    const target = ledger.target({ scenario: "toy", variant: "", code: "code", strategy: "portfolio" });
    return { folder, ledger, session, target, segments: [chunk()] };
  },
  body: ({ ledger, target, session, segments }) => ledger.recordChunk(target, session, segments, 1),
  isDone: (_, { ledger, target, folder }) => {
    const recorded = ledger.runsOf(target);
    ledger.close();
    rmSync(folder, { recursive: true });
    return recorded === runs;
  },
});

function chunk(): Segment {
  const rows = emptyRows();
  for (let seed = 1; seed <= runs; seed++) {
    const historyHash = sha256(`history ${seed}`);
    addRow(rows, {
      seed,
      end: "held",
      signature: "",
      historyHash,
      timeline: `t${seed}`,
      strategy: "pos",
      steps: 1_000,
    });
  }
  return { tally: { ...emptyTally(), runs }, timelines: emptyTimelines(), rows };
}
