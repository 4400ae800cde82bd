import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { release, type, userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { baselineSchema, parseBaseline, type Baseline, type BaselineOrigin } from "../../bench/baseline.ts";
import type { Lane } from "../../bench/lane.ts";
import type { Metrics } from "../../bench/verdict.ts";
import { cpusInWords } from "../effective-cpus.ts";
import { UsageError } from "../usage-error.ts";
import { cloneUrl } from "./load-benches.ts";

/** What one `stormlane bench` measured: a baseline without a history. */
export const measuredSchema = baselineSchema.omit({ history: true });
export type Measured = z.infer<typeof measuredSchema>;

export function baselinePath(lane: Lane): string {
  return fileURLToPath(new URL(`reports/baselines/${lane}.json`, cloneUrl));
}

/** @returns nothing when there is none yet @throws UsageError when it cannot be used, with every reason */
export async function readBaseline(lane: Lane): Promise<Baseline | undefined> {
  const path = baselinePath(lane);
  if (!existsSync(path)) return undefined;
  const parsed = parseBaseline(await readFile(path, "utf8"));
  if (!("wrong" in parsed)) return parsed;
  throw new UsageError({
    what: `reports/baselines/${lane}.json`,
    why: parsed.wrong.join("; "),
    fix: "mend it, or write it anew with bench refresh",
  });
}

/** A file of `bench --out`, or a baseline. @throws UsageError when it is neither */
export async function readMeasured(what: string, path: string): Promise<Measured> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError({ what, why: `cannot be read (${code})`, fix: "name a file that bench --out wrote" });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError({ what, why: "is not JSON", fix: "name a file that bench --out wrote" });
  }
  const parsed = z.union([measuredSchema, baselineSchema]).safeParse(value);
  if (!parsed.success || Object.keys(parsed.data.metrics).length === 0) {
    throw new UsageError({ what, why: "holds no measurements", fix: "name a file that bench --out wrote" });
  }
  const { version, origin, metrics } = parsed.data;
  return { version, origin, metrics };
}

/** Of a measurement that is made now, in the clone. @param reason why it is made */
export function originOf(reason: string, by: string | undefined): BaselineOrigin {
  return {
    at: new Date().toISOString(),
    by: by ?? userInfo().username,
    reason,
    commit: `${git("rev-parse", "HEAD")}${changedFiles().length === 0 ? "" : "-dirty"}`,
    hostClass: `${process.platform}-${process.arch}-${cpusInWords()}cpu`,
    node: process.version,
    operatingSystem: `${type()} ${release()}`,
  };
}

/** Beside those below `reports/`, which measurements write themselves. */
export function changedFiles(): readonly string[] {
  return git("status", "--porcelain", "--", ".", ":!reports")
    .split("\n")
    .filter((line) => line !== "");
}

export function ofLane(metrics: Metrics, lane: Lane): Metrics {
  return Object.fromEntries(
    Object.entries(metrics).filter(([, { isDeterministic }]) => isDeterministic === (lane === "deterministic")),
  );
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: fileURLToPath(cloneUrl), encoding: "utf8" }).trim();
}
