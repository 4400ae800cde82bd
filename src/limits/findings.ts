import type { Commands } from "./build-report.ts";
import type { Climb, FigureGrowth } from "./climb.ts";
import { figureOf } from "./figures.ts";
import type { LevelResult } from "./find-edges.ts";
import type { LimitFinding } from "./report.ts";
import type { LimitTrial } from "./try-limit.ts";

/** An epic, its stories, and what a story may be cut into: what lies deeper makes itself. */
const generationsMax = 3;

export function findingsOfClimb(climb: Climb, commands: Commands): readonly LimitFinding[] {
  return [
    ...recursion(climb, commands),
    ...earlyEdge(climb, commands),
    ...climb.growth.flatMap((growth) => (growth.isTooFast ? [tooFast(climb, growth, commands)] : [])),
  ];
}

function recursion({ ramp, deepest }: Climb, commands: Commands): readonly LimitFinding[] {
  const { level, seed, generations } = deepest;
  if (generations <= generationsMax) return [];
  return [
    {
      kind: "recursion",
      title: `Cards make cards make cards, ${generations} deep.`,
      of: ramp.name,
      why: `no more than ${generationsMax} generations make sense: an epic, its stories, and their parts`,
      evidence: `at ${level} ${ramp.unit} a card of generation ${generations} was made`,
      seed,
      command: commands.level(ramp.name, level, seed),
    },
  ];
}

/** The lowest level at which it does not hold, where it should. */
function earlyEdge({ ramp, edges }: Climb, commands: Commands): readonly LimitFinding[] {
  const edge = [edges.degradesFrom, edges.breaksAt].find((each) => each !== undefined && each.level <= ramp.promised);
  if (edge === undefined) return [];
  const { level, seed = 0, why = "", verdict } = edge;
  const words = verdict === "breaks" ? "breaks" : "degrades";
  return [
    {
      kind: isEndless(edge) ? "no-end" : verdict === "breaks" ? "breaks-early" : "degrades-early",
      title: `It ${words} at ${level} ${ramp.unit}, and must hold up to ${ramp.promised}.`,
      of: ramp.name,
      why,
      evidence: `it ${edges.holdsUpTo === undefined ? "holds at no level" : `holds up to ${edges.holdsUpTo.level}`}`,
      seed,
      command: commands.level(ramp.name, level, seed),
    },
  ];
}

function isEndless({ why = "" }: LevelResult): boolean {
  return why.startsWith("no end within");
}

function tooFast({ ramp, firstSeed }: Climb, growth: FigureGrowth, commands: Commands): LimitFinding {
  const { figure, fit, allowed, exponent, points } = growth;
  const { unit } = figureOf(figure);
  const errors = fit.candidates.map((each) => `${each.law} ${(100 * each.relativeError).toFixed(1)} %`);
  return {
    kind: "growth",
    title: `${figure} grows ${growthWords[fit.law]} with the ${ramp.unit}; ${growthWords[allowed!]} is allowed.`,
    of: ramp.name,
    why: `in the upper half it grows with the power ${exponent.toFixed(2)} of the load; off by: ${errors.join(", ")}`,
    evidence: points.map(({ size, cost }) => `${size}: ${Number(cost.toFixed(1))}`).join(", ") + ` ${unit}`,
    seed: firstSeed,
    command: commands.ramp(ramp.name),
  };
}

const growthWords = { constant: "not at all", linear: "linearly", "n log n": "as n log n", quadratic: "quadratically" };

export function findingsOfTrial(
  { edge, within, beyond, verdict }: LimitTrial,
  seed: number,
  commands: Commands,
): readonly LimitFinding[] {
  const base = { of: edge.name, seed, command: commands.limit(edge.name) };
  const at = `${edge.limit} ${beyond.limitIs}`;
  const came = beyond.observation.why === "" ? "nothing was said of it" : beyond.observation.why;
  switch (verdict) {
    case "enforced":
      return [];
    case "unenforced":
      return [
        {
          ...base,
          kind: "unenforced-limit",
          title: `Nothing enforces ${edge.limit}.`,
          why: `with ${at}, a load that needs ${within.limitIs} ${edge.unit} was not held back`,
          evidence: `${edge.about} ${came}`,
        },
      ];
    case "silent":
      return [
        {
          ...base,
          kind: "silent-limit",
          title: `${edge.limit} holds back, and ${edge.tells === "card" ? "the card does not say so" : "no log says so"}.`,
          why: `with ${at}, a load that needs ${within.limitIs} ${edge.unit} was held back without a word`,
          evidence: `${edge.about} ${came}`,
        },
      ];
    case "premature":
      return [
        {
          ...base,
          kind: "premature-limit",
          title: `${edge.limit} holds back what it allows.`,
          why: `with ${edge.limit} ${within.limitIs}, a load that needs no more was held back`,
          evidence: `${edge.about} ${within.observation.why}`,
        },
      ];
  }
}
