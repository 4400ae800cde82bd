import type { Shard } from "../campaign/seed-range.ts";
import { strategyNames, type StrategyName } from "../explore/explorer.ts";
import { plainLine } from "../report/plain-line.ts";
import { suggestName } from "./nearest-name.ts";
import { UsageError } from "./usage-error.ts";

/** Reads a whole number of an option; `min` and `max` are included. */
export function readInteger(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw wrongValue(option, text, Number.isNaN(value) ? "not a whole number" : "out of range", `use ${min} to ${max}`);
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const durationMsMax = 7 * 24 * 3_600_000;

/** @returns milliseconds */
export function readDuration(option: string, text: string): number {
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const durationMs = Number(digits) * (unitsMs[unit ?? ""] ?? Number.NaN);
  if (durationMs >= 1 && durationMs <= durationMsMax) return durationMs;
  const why = Number.isNaN(durationMs) ? "not a duration" : "out of range";
  throw wrongValue(option, text, why, "use 500ms, 60s, 5m or 1h, 168h at most");
}

/** As `2/8`: the second of eight. */
export function readShard(text: string): Shard {
  const [, index, count] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  const why = index === undefined ? "not of the form i/n" : "there is no such shard";
  throw wrongValue("--shard", text, why, "use 1/n to n/n");
}

/** A share as `1%`, `0.5%` or `10000ppm`. @returns parts per million */
export function readSharePpm(option: string, text: string): number {
  const [, digits, unit] = /^(\d{1,7}(?:\.\d{1,4})?)(%|ppm)$/.exec(text) ?? [];
  const ppm = Math.round(Number(digits) * (unit === "%" ? 10_000 : 1));
  if (ppm >= 0 && ppm <= 1_000_000) return ppm;
  const why = Number.isNaN(ppm) ? "not a share" : "out of range";
  throw wrongValue(option, text, why, "use 0% to 100%, or 0ppm to 1000000ppm");
}

/** How fast a clock goes: 1 is real time, 0 waits for nothing. */
export function readSpeed(text: string): number {
  const speed = /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (speed >= 0 && speed <= 1_000_000) return speed;
  throw wrongValue("--speed", text, "not a number from 0 to 1000000", "use 1 for real time, 0 for no waiting");
}

export function readStrategy(text: string): StrategyName {
  const found = strategyNames.find((name) => name === text);
  if (found !== undefined) return found;
  throw wrongValue("--strategy", text, "no such strategy", suggestName(text, strategyNames));
}

export function wrongValue(option: string, text: string, why: string, fix: string): UsageError {
  return new UsageError({ what: `${option} ${plainLine(text, 60)}`, why, fix });
}
