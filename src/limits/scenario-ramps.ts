import type { FaultSpec } from "../faults/fault.ts";
import type { JsonValue } from "../base/json.ts";
import type { Scenario } from "../sim/scenario.ts";
import type { Load, Ramp } from "./ramp.ts";
import type { Stress } from "./stress.ts";

/** A scenario that brings ramps of its own along. */
export interface RampedScenario extends Scenario {
  readonly ramps?: readonly Ramp[];
}

/**
 * The ramps of any scenario: those that it names, and those that need nothing of it. Nothing is promised of the latter
 * but that it holds when nothing goes wrong.
 */
export function scenarioRamps(scenario: RampedScenario): readonly Ramp[] {
  const ramp = (about: string, rest: Pick<Ramp, "name" | "unit" | "to" | "levelMax" | "step">, of: StressAt): Ramp => ({
    ...rest,
    name: `${scenario.name}:${rest.name}`,
    about,
    from: 0,
    promised: 0,
    growthLevels: [],
    load: (level, seed) => ({ ...usualLoad(scenario, seed), stress: level === 0 ? [] : [of(level)] }),
  });
  return [
    ...(scenario.ramps ?? []).map((own) => ({ ...own, name: `${scenario.name}:${own.name}` })),
    ramp(
      "So many of a hundred requests are refused, or answered by a proxy.",
      { name: "error-rate", unit: "%", to: 64, levelMax: 100 },
      (level) => requests(level * 10_000, [refused, badGateway]),
    ),
    ramp(
      "Each answer to a request comes so much later.",
      { name: "latency", unit: "ms", to: 25_600, levelMax: 600_000, step: 100 },
      (level) => requests(always, [{ kind: "answer-delayed", delayMs: level }]),
    ),
    ramp(
      "For so many seconds from the start no request gets through.",
      { name: "outage", unit: "s", to: 1_024, levelMax: 86_400 },
      (level) => ({ ...requests(always, [refused]), untilMs: 1_000 * level }),
    ),
    ramp(
      "So many of a hundred programs cannot be started.",
      { name: "fork-failures", unit: "%", to: 64, levelMax: 100 },
      (level) => ({
        seams: ["spawn"],
        ratePpm: level * 10_000,
        faults: [{ kind: "spawn-fails", code: "EAGAIN" }],
      }),
    ),
  ];
}

type StressAt = (level: number) => Stress;

const always = 1_000_000;
const refused: FaultSpec = { kind: "refused" };
const badGateway: FaultSpec = { kind: "answered-with", status: 502, effect: "none" };

function requests(ratePpm: number, faults: readonly FaultSpec[]): Stress {
  return { seams: ["board", "model", "service"], ratePpm, faults };
}

/** The scripted workloads by turns, then drawn ones. */
function usualLoad(scenario: Scenario, seed: number): Load {
  const { workloads } = scenario;
  const workload: JsonValue = workloads.scripted[seed] ?? workloads.draw(seed);
  return { scenario, workload };
}
