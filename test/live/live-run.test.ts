import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { liveWorkload } from "../../tools/live/epic.ts";
import { processesIn } from "../../tools/live/left-programs.ts";
import { runLive } from "../../tools/live/live-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "stormlane-live-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a run that is interrupted after a kill leaves nothing running", { timeout: 120_000 }, async () => {
  const interruption = new AbortController();
  const kills: string[] = [];
  const run = runLive({
    folder,
    workload: liveWorkload(1),
    kills: 2,
    seed: 1,
    expected: { runs: 9, operations: 2 },
    interruption: interruption.signal,
    say: (line) => {
      kills.push(line);
      interruption.abort(new Error("enough"));
    },
  });
  await expect(run).rejects.toThrow("enough");
  expect(kills).toHaveLength(1);
  expect(processesIn(folder)).toEqual([]);
});
