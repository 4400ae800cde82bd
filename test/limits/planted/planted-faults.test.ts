import { expect, test } from "vitest";
import { builtInRamps } from "../../../scenarios/ramps/built-in-ramps.ts";
import { limitEdges } from "../../../scenarios/ramps/limit-edges.ts";
import type { RampSubject } from "../../../scenarios/ramps/ramp-world.ts";
import { measureMemory } from "../../../src/cli/limits/memory-growth.ts";
import { buildReport, type Commands } from "../../../src/limits/build-report.ts";
import { climb } from "../../../src/limits/climb.ts";
import type { Ramp } from "../../../src/limits/ramp.ts";
import type { LimitFinding } from "../../../src/limits/report.ts";
import { tryLimit } from "../../../src/limits/try-limit.ts";
import { runCase } from "../../../src/sim/run-case.ts";
import { splitterRamp } from "./card-splitter.ts";
import { plantedFaults, type PlantedFault } from "./planted-faults.ts";

const commands: Commands = {
  level: (ramp, level, seed) => `limits ${ramp} --level ${level} --seed ${seed}`,
  ramp: (ramp) => `limits ${ramp}`,
  limit: (limit) => `limits limit:${limit}`,
};

/** What is found of a subject where a fault is looked for. */
async function findings(fault: PlantedFault, subject: RampSubject): Promise<readonly LimitFinding[]> {
  if (fault.limit !== undefined) {
    const edge = limitEdges(subject).find(({ name }) => name === fault.limit)!;
    return found({ trials: [await tryLimit(edge, 0, runCase)] });
  }
  const ramp = builtInRamps(subject).find(({ name }) => name === fault.ramp)!;
  if (fault.finds === "memory") return (await measureMemory(ramp, 0, commands)).findings;
  return findingsOf({ ...ramp, to: fault.to ?? ramp.to, growthLevels: fault.growthLevels ?? ramp.growthLevels });
}

async function findingsOf(ramp: Ramp): Promise<readonly LimitFinding[]> {
  return found({ climbs: [await climb(ramp, { runCase, seeds: 1, firstSeed: 0 })] });
}

function found(parts: Partial<Parameters<typeof buildReport>[0]>): readonly LimitFinding[] {
  return buildReport({ seeds: 1, firstSeed: 0, climbs: [], trials: [], untried: {}, commands, ...parts }).findings;
}

test.for(plantedFaults)("$name: is found, and what is sound is not blamed for it", async (fault) => {
  const blamed = await findings(fault, fault.subject);
  expect(blamed).toContainEqual(
    expect.objectContaining({
      kind: fault.finds,
      of: fault.limit ?? fault.ramp,
      command: expect.stringMatching(/^limits /),
    }),
  );
  const words = blamed.filter(({ kind }) => kind === fault.finds).map(({ title, why }) => `${title} ${why}`);
  expect(words.join("\n")).toMatch(fault.says);
  expect(await findings(fault, {})).toEqual([]);
});

test("unbounded recursion: parts are cut into parts for ever: is found, and parts of a card alone are no recursion", async () => {
  expect(await findingsOf(splitterRamp(Infinity))).toContainEqual(
    expect.objectContaining({ kind: "recursion", title: "Cards make cards make cards, 11 deep." }),
  );
  expect(await findingsOf(splitterRamp(2))).toEqual([]);
});
