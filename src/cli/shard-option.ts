import type { Shard } from "../campaign/seed-range.ts";
import { readShard, wrongValue } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `--shard i/n`, or `--shard auto`: what the scheduler of jobs says about this one. */
export function readShardOption(text: string, environment: Environment): Shard {
  return text === "auto" ? shardOfJob(environment) : readShard(text);
}

/**
 * Kubernetes numbers the pods of an indexed job from 0 and does not tell them how many there are; Slurm tells all,
 * from any first number in any step; GitLab numbers parallel jobs from 1.
 */
function shardOfJob(environment: Environment): Shard {
  const number = (name: string): number => wholeNumberIn(environment, name);
  if (environment["JOB_COMPLETION_INDEX"] !== undefined) {
    return checked("JOB_COMPLETION_INDEX", number("JOB_COMPLETION_INDEX") + 1, number("STORMLANE_SHARDS"));
  }
  if (environment["SLURM_ARRAY_TASK_ID"] !== undefined) {
    const first = environment["SLURM_ARRAY_TASK_MIN"] === undefined ? 0 : number("SLURM_ARRAY_TASK_MIN");
    const step = environment["SLURM_ARRAY_TASK_STEP"] === undefined ? 1 : number("SLURM_ARRAY_TASK_STEP");
    const index = (number("SLURM_ARRAY_TASK_ID") - first) / Math.max(1, step) + 1;
    return checked("SLURM_ARRAY_TASK_ID", index, number("SLURM_ARRAY_TASK_COUNT"));
  }
  if (environment["CI_NODE_INDEX"] !== undefined) {
    return checked("CI_NODE_INDEX", number("CI_NODE_INDEX"), number("CI_NODE_TOTAL"));
  }
  throw wrongValue(
    "--shard",
    "auto",
    "no scheduler of jobs says which part this is",
    "set JOB_COMPLETION_INDEX and STORMLANE_SHARDS (Kubernetes), SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT (Slurm), " +
      "CI_NODE_INDEX and CI_NODE_TOTAL (GitLab), or use --shard i/n",
  );
}

function wholeNumberIn(environment: Environment, name: string): number {
  const text = environment[name];
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text);
  const why = text === undefined ? "is not set" : "is not a whole number";
  throw new UsageError({ what: `--shard auto: ${name}`, why, fix: "set it, or use --shard i/n" });
}

function checked(name: string, index: number, count: number): Shard {
  if (Number.isInteger(index) && index >= 1 && index <= count && count <= shardsMax) return { index, count };
  throw new UsageError({
    what: `--shard auto: ${name}`,
    why: `makes this shard ${index} of ${count}`,
    fix: `check how many there are, ${shardsMax} at most, or use --shard i/n`,
  });
}

const shardsMax = 99_999;
