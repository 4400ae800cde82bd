import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killEverything } from "../queue/kill-everything.ts";
import type { Part } from "./run-parts.ts";

export interface KillQueueOptions {
  readonly kills: number;
  readonly redisRestarts: number;
}

/** A campaign on many machines whose coordinator, workers and Redis die all the time: each seed is in the ledger once. */
export function killQueue({ kills, redisRestarts }: KillQueueOptions): Part {
  return {
    name: "kill-queue",
    title: `${kills} times SIGKILL for a coordinator or a worker, and ${redisRestarts} restarts of a Redis that forgets everything`,
    command: "npm run proof -- --only kill-queue",
    async find(say) {
      const folder = mkdtempSync(join(tmpdir(), "stormlane-queue-"));
      try {
        const result = await killEverything({
          folder,
          scenario: "classics/lost-update",
          seedsAtATime: 500,
          kills,
          redisRestarts,
          workers: 2,
          seed: 1,
          say: (line) => say(`   ${line}`),
        });
        return {
          facts: {
            seeds: result.seeds,
            coordinatorsKilled: result.kills.coordinator,
            workersKilled: result.kills.worker,
            redisRestarts: result.redisRestarts,
            seconds: Math.round(result.wallMs / 1_000),
          },
          problems: result.problems,
        };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
