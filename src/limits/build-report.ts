import type { Climb } from "./climb.ts";
import type { LevelResult } from "./find-edges.ts";
import { figureOf } from "./figures.ts";
import { findingsOfClimb, findingsOfTrial } from "./findings.ts";
import type { EdgeReport, GrowthReport, LimitFinding, LimitReport, LimitsReport, RampReport } from "./report.ts";
import type { LimitTrial } from "./try-limit.ts";

export interface ReportParts {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly climbs: readonly Climb[];
  readonly trials: readonly LimitTrial[];
  readonly untried: Readonly<Record<string, string>>;
  /** The command line that shows something again. */
  readonly commands: Commands;
}

export interface Commands {
  level(ramp: string, level: number, seed: number): string;
  ramp(name: string): string;
  limit(name: string): string;
}

export function buildReport({ seeds, firstSeed, climbs, trials, untried, commands }: ReportParts): LimitsReport {
  const findings: readonly LimitFinding[] = [
    ...climbs.flatMap((climb) => findingsOfClimb(climb, commands)),
    ...trials.flatMap((trial) => findingsOfTrial(trial, firstSeed, commands)),
  ];
  return {
    version: 1,
    ok: findings.length === 0,
    seeds,
    firstSeed,
    ramps: climbs.map((climb) => rampReport(climb, commands)),
    limits: trials.map((trial) => limitReport(trial, commands)),
    untried,
    findings,
  };
}

function rampReport({ ramp, to, edges, growth }: Climb, commands: Commands): RampReport {
  const { name, about, unit, from, promised } = ramp;
  const edge = (key: "holdsUpTo" | "degradesFrom" | "breaksAt"): Partial<Record<typeof key, EdgeReport>> =>
    edges[key] === undefined ? {} : { [key]: edgeReport(name, edges[key], commands) };
  return {
    name,
    about,
    unit,
    from,
    to,
    promised,
    ...edge("holdsUpTo"),
    ...edge("degradesFrom"),
    ...edge("breaksAt"),
    isMonotone: edges.isMonotone,
    levels: edges.probed.map(({ level, verdict, runs, seed = 0, why = "" }) => ({ level, verdict, runs, seed, why })),
    growth: growth.map(
      ({
        figure,
        fit: { law, base, perUnit, relativeError, candidates },
        allowed,
        exponent,
        points,
      }): GrowthReport => ({
        figure,
        unit: figureOf(figure).unit,
        law,
        ...(allowed === undefined ? {} : { allowed }),
        base: rounded(base),
        perUnit: rounded(perUnit),
        relativeError: rounded(relativeError),
        exponent: rounded(exponent),
        points: points.map(({ size, cost }) => ({ level: size, cost })),
        candidates: candidates.map((each) => ({ law: each.law, relativeError: rounded(each.relativeError) })),
      }),
    ),
  };
}

function edgeReport(ramp: string, result: LevelResult, commands: Commands): EdgeReport {
  const { level, runs, seed = 0, why = "", verdict } = result;
  return {
    level,
    runs,
    seed,
    why,
    ...(verdict === "holds" ? { failureRateMax: rounded(failureRateMax(runs)) } : {}),
    command: commands.level(ramp, level, seed),
  };
}

/** Of so many runs none failed: the upper end of the one-sided interval of 95 %. */
function failureRateMax(runs: number): number {
  return 1 - 0.05 ** (1 / runs);
}

function limitReport({ edge, within, beyond, verdict }: LimitTrial, commands: Commands): LimitReport {
  const { name, limit, about, unit } = edge;
  const side = ({ limitIs, isHeldBack, observation }: LimitTrial["within"]): LimitReport["within"] => ({
    limitIs,
    isHeldBack,
    why: observation.why,
  });
  return {
    name,
    limit,
    about,
    unit,
    command: commands.limit(name),
    within: side(within),
    beyond: side(beyond),
    verdict,
  };
}

/** Nine digits: what is left differs from processor to processor. */
function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(9)) : 1e9;
}
