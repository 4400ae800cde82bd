import { describe, expect, test } from "vitest";
import { readShardOption, type Environment } from "../../src/cli/shard-option.ts";

describe("--shard auto", () => {
  test.each<[string, Environment, { index: number; count: number }]>([
    ["an indexed job of Kubernetes", { JOB_COMPLETION_INDEX: "0", STORMLANE_SHARDS: "8" }, { index: 1, count: 8 }],
    ["its last pod", { JOB_COMPLETION_INDEX: "7", STORMLANE_SHARDS: "8" }, { index: 8, count: 8 }],
    ["an array of Slurm", { SLURM_ARRAY_TASK_ID: "3", SLURM_ARRAY_TASK_COUNT: "4" }, { index: 4, count: 4 }],
    [
      "an array of Slurm that begins later and goes in steps",
      {
        SLURM_ARRAY_TASK_ID: "14",
        SLURM_ARRAY_TASK_COUNT: "3",
        SLURM_ARRAY_TASK_MIN: "10",
        SLURM_ARRAY_TASK_STEP: "2",
      },
      { index: 3, count: 3 },
    ],
    ["parallel jobs of GitLab", { CI_NODE_INDEX: "1", CI_NODE_TOTAL: "4" }, { index: 1, count: 4 }],
  ])("is what the scheduler says of %s", (_, environment, shard) => {
    expect(readShardOption("auto", environment)).toEqual(shard);
  });

  test.each<[Environment, string]>([
    [{}, "no scheduler of jobs says which part this is"],
    [{ JOB_COMPLETION_INDEX: "0" }, "STORMLANE_SHARDS: is not set"],
    [{ JOB_COMPLETION_INDEX: "8", STORMLANE_SHARDS: "8" }, "makes this shard 9 of 8"],
    [{ JOB_COMPLETION_INDEX: "first", STORMLANE_SHARDS: "8" }, "is not a whole number"],
    [{ CI_NODE_INDEX: "0", CI_NODE_TOTAL: "4" }, "makes this shard 0 of 4"],
    [
      {
        SLURM_ARRAY_TASK_ID: "11",
        SLURM_ARRAY_TASK_COUNT: "4",
        SLURM_ARRAY_TASK_MIN: "10",
        SLURM_ARRAY_TASK_STEP: "2",
      },
      "makes this shard 1.5 of 4",
    ],
  ])("of %j is refused", (environment, why) => {
    expect(() => readShardOption("auto", environment)).toThrow(why);
  });
});

test("a shard that is named needs no scheduler", () => {
  expect(readShardOption("2/3", { JOB_COMPLETION_INDEX: "0", STORMLANE_SHARDS: "8" })).toEqual({ index: 2, count: 3 });
});
