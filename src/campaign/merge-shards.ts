import { canonicalJson, type JsonValue } from "../base/json.ts";
import type { ScenarioResult } from "./explore-scenario.ts";
import { progressOf, type RecordedTimeline } from "./recorded-timeline.ts";
import type { BlobFailure, BlobScenario, ShardBlob } from "./shard-blob.ts";
import { addTally, emptyTally } from "./tally.ts";

/** A shard, and what its file is called. */
export interface NamedShard {
  readonly name: string;
  readonly blob: ShardBlob;
}

export interface MergedCampaign {
  readonly scenarios: readonly MergedScenario[];
  /** Indexes of shards that there is no file of. */
  readonly missing: readonly number[];
  readonly interrupted: boolean;
  /** Of all machines together. */
  readonly cpuMs: number;
  /** Of the longest. */
  readonly wallMs: number;
}

export interface MergedScenario {
  readonly result: ScenarioResult;
  /** By signature: the smallest case of the failure of the lowest seed. */
  readonly kept: ReadonlyMap<string, BlobFailure>;
}

/** Why shards are none of one campaign. */
export interface MergeObstacle {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** @returns why these shards cannot be put together, or undefined when they can. Missing ones are no obstacle. */
export function obstacleTo(shards: readonly NamedShard[]): MergeObstacle | undefined {
  const [first] = shards;
  if (first === undefined) return undefined;
  const byIndex = new Map<number, string>();
  for (const { name, blob } of shards) {
    const difference = differenceOf(first.blob, blob);
    if (difference !== undefined) {
      return {
        what: name,
        why: `is of another campaign than ${first.name}: ${difference}`,
        fix: "merge shards of one campaign: the same code, flags and number of shards",
      };
    }
    const other = byIndex.get(blob.shard.index);
    if (other !== undefined) {
      return {
        what: name,
        why: `overlaps with ${other}: both are shard ${blob.shard.index} of ${blob.shard.count}`,
        fix: "name each shard once",
      };
    }
    byIndex.set(blob.shard.index, name);
  }
  return undefined;
}

/** Puts the shards of one campaign together, in whatever order they come: what one machine would have come to. */
export function mergeShards(shards: readonly NamedShard[]): MergedCampaign {
  const blobs = shards.map(({ blob }) => blob).toSorted((left, right) => left.shard.index - right.shard.index);
  const [first] = blobs;
  const count = first?.shard.count ?? 0;
  const present = new Set(blobs.map(({ shard }) => shard.index));
  const names = first === undefined ? [] : Object.keys(first.campaign.seeds);
  return {
    scenarios: names.map((name) =>
      mergeScenario(
        name,
        blobs.flatMap(({ scenarios }) => scenarios.filter((each) => each.name === name)),
      ),
    ),
    missing: Array.from({ length: count }, (_, index) => index + 1).filter((index) => !present.has(index)),
    interrupted: blobs.some(({ interrupted }) => interrupted),
    cpuMs: blobs.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    wallMs: Math.max(0, ...blobs.map(({ wallMs }) => wallMs)),
  };
}

function mergeScenario(name: string, parts: readonly BlobScenario[]): MergedScenario {
  const tally = emptyTally();
  for (const part of parts) addTally(tally, part.tally);
  const kept = new Map<string, BlobFailure>();
  const failedRuns: Record<string, number> = {};
  const inOrder = parts
    .flatMap(({ failures }) => failures)
    .toSorted((left, right) => left.failure.seed - right.failure.seed);
  for (const each of inOrder) {
    const { signature } = each.failure;
    if (!kept.has(signature)) kept.set(signature, each);
    failedRuns[signature] = (failedRuns[signature] ?? 0) + each.runs;
  }
  const result: ScenarioResult = {
    scenario: name,
    tally,
    progress: progressOf(timelinesInOrder(parts)),
    failures: [...kept.values()].map(({ failure }) => failure),
    failedRuns,
    end: endOf(parts),
    wallMs: Math.max(0, ...parts.map(({ wallMs }) => wallMs)),
  };
  return { result, kept };
}

function timelinesInOrder(parts: readonly BlobScenario[]): RecordedTimeline[] {
  return parts
    .flatMap(({ timelines: { seeds, timelines, strategies } }) =>
      seeds.map((seed, index) => ({ seed, timeline: timelines[index]!, strategy: strategies[index]! })),
    )
    .toSorted((left, right) => left.seed - right.seed);
}

/** The worst of the parts' ends; a part that was never begun was interrupted. */
function endOf(parts: readonly BlobScenario[]): ScenarioResult["end"] {
  const ends = ["workers", "interrupted", "failures", "duration"] as const;
  if (parts.length === 0) return "interrupted";
  return ends.find((end) => parts.some((part) => part.end === end)) ?? "seeds";
}

/** What is not the same in two shards that should be of one campaign. */
function differenceOf(one: ShardBlob, other: ShardBlob): string | undefined {
  const said = ({ stormlane, campaign, shard }: ShardBlob): Record<string, JsonValue> => ({
    "the version of stormlane": stormlane,
    "the hash of the code": campaign.code,
    "the strategy": campaign.strategy,
    "the mutant": campaign.mutant,
    "the epic": campaign.epic,
    "the budgets": campaign.budgets ?? null,
    "the seeds": campaign.seeds,
    "the first seed": campaign.firstSeed,
    "the share of double runs": campaign.doubleRunsPpm,
    "the number of failures to stop at": campaign.failuresMax,
    "the number of shards": shard.count,
  });
  const [left, right] = [said(one), said(other)];
  for (const [name, value] of Object.entries(left)) {
    const text = canonicalJson(value);
    const otherText = canonicalJson(right[name]!);
    if (text !== otherText) return `${name} is ${otherText.slice(0, 80)} here and ${text.slice(0, 80)} there`;
  }
  return undefined;
}
