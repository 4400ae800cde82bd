import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineScenario, noCrash } from "../../src/index.ts";
import { buildReport, type Commands } from "../../src/limits/build-report.ts";
import type { LimitEdge } from "../../src/limits/ramp.ts";
import { tryLimit, type LimitTrial } from "../../src/limits/try-limit.ts";
import { runCase } from "../../src/sim/run-case.ts";

const commands: Commands = {
  level: (ramp, level, seed) => `limits ${ramp} --level ${level} --seed ${seed}`,
  ramp: (ramp) => `limits ${ramp}`,
  limit: (limit) => `limits limit:${limit}`,
};

interface Toy {
  /** What the run needs of a limit before it is held back. */
  readonly isHeldBack: (limitIs: number) => boolean;
  readonly tells: LimitEdge["tells"];
  /** What it writes into its log when it is held back. */
  readonly notes: readonly string[];
}

/** A run that needs ten pieces. */
function toyEdge({ isHeldBack, tells, notes }: Toy): LimitEdge {
  const scenario = defineScenario<number>({
    name: "toy",
    workload: fc.nat(),
    system: {
      worker: async (ports, limitIs) => {
        if (!isHeldBack(limitIs)) return;
        ports.log.event("held.back", {});
        for (const name of notes) ports.log.event(name, { limit: "piecesMax", card: "A", value: limitIs });
      },
    },
    invariants: [noCrash],
  });
  return {
    name: "pieces-max",
    limit: "piecesMax",
    about: "Ten pieces.",
    unit: "pieces",
    load: (limitIs) => ({ scenario, workload: limitIs }),
    plenty: 1_000,
    within: () => 10,
    beyond: () => 9,
    isHeldBack: (run) => run.notes.has("held.back"),
    tells,
  };
}

const isSound = (limitIs: number): boolean => limitIs < 10;
const trial = (toy: Partial<Toy>): Promise<LimitTrial> =>
  tryLimit(toyEdge({ isHeldBack: isSound, tells: "log", notes: ["limit.reached"], ...toy }), 0, runCase);

describe("an explicit limit", () => {
  test.for<[string, Partial<Toy>, LimitTrial["verdict"]]>([
    ["holds back what needs more, and says so", {}, "enforced"],
    ["holds back nothing", { isHeldBack: () => false }, "unenforced"],
    ["holds back what needs no more", { isHeldBack: (limitIs) => limitIs < 11 }, "premature"],
    ["holds back, and no log says so", { notes: [] }, "silent"],
    ["holds back, and no card says so", { tells: "card" }, "silent"],
    ["holds back, and people see it", { tells: "card", notes: ["failure.seen"] }, "enforced"],
    ["holds back where nobody need be told", { tells: "effect", notes: [] }, "enforced"],
  ])("that %s", async ([, toy, verdict]) => {
    const tried = await trial(toy);
    expect(tried.verdict).toBe(verdict);
    const report = { seeds: 1, firstSeed: 0, climbs: [], trials: [tried], untried: {}, commands };
    const { findings, limits, ok } = buildReport(report);
    expect(ok).toBe(verdict === "enforced");
    expect(findings.map(({ kind, command }) => ({ kind, command }))).toEqual(
      ok ? [] : [{ kind: `${verdict}-limit`, command: "limits limit:pieces-max" }],
    );
    expect(limits[0]).toMatchObject({ name: "pieces-max", verdict, within: { limitIs: 10 }, beyond: { limitIs: 9 } });
  });

  test("is held back when it says so of itself, unless it is told how to see it", async () => {
    const { isHeldBack: _, ...edge } = toyEdge({ isHeldBack: isSound, tells: "log", notes: ["limit.reached"] });
    expect((await tryLimit(edge, 0, runCase)).verdict).toBe("enforced");
    expect((await tryLimit({ ...edge, limit: "another" }, 0, runCase)).verdict).toBe("unenforced");
  });
});
