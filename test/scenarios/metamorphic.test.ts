import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { facts } from "../../scenarios/board-world/settings.ts";
import { smallEpic } from "../../scenarios/board-world/stories.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import { agentFrom, laneByLane, referenceWorkloads } from "../../scenarios/lane-by-lane/scenario.ts";
import type { Fault, FaultSpec, Seam } from "../../src/faults/fault.ts";
import type { FaultSource } from "../../src/faults/plan.ts";
import { differencesOf, endStateOf, type EndState } from "../../src/invariants/end-state.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import { signatureOf, type Outcome } from "../../src/sim/outcome.ts";
import { runCase } from "../../src/sim/run-case.ts";

const scenario = laneByLane.build();

/** Workloads that end alike whatever is done to them here, and the shares of runs that each can afford. */
const workloads: readonly { readonly name: keyof typeof referenceWorkloads; readonly numRuns: number }[] = [
  { name: "planning", numRuns: 12 },
  { name: "spawning by creation", numRuns: 12 },
  { name: "spawning by copies", numRuns: 8 },
  { name: "a story", numRuns: 4 },
];

describe.each(workloads)("the end of $name is the same", ({ name, numRuns }) => {
  const workload: Workload = referenceWorkloads[name];
  const sites: Site[] = [];
  let expected: EndState;

  beforeAll(async () => {
    const noted: FaultSource = {
      strike({ site, process }: Operation, seam: Seam) {
        sites.push({ site, process, seam });
        return undefined;
      },
    };
    expected = endOf(await runCase(scenario, emptyCase(scenario, 0, workload), { faults: noted }));
  });

  test("when webhooks come twice, late, in another order or not at all", async () => {
    const webhooks = sites.filter(({ seam }) => seam === "webhook");
    await property(fc.uniqueArray(fault(webhooks, webhookFaults), atMostOnePerSite(10)), async (faults) => {
      expect(differencesOf(expected, endOf(await run(workload, faults)))).toEqual([]);
    });
  });

  test("when somebody works on another card beside it", async () => {
    await property(fc.integer({ min: 1, max: 2 }), async (stories) => {
      const outcome = await run({ ...workload, epics: [...workload.epics, smallEpic(2, stories)] }, []);
      const withoutOther = [...endOf(outcome)].filter(([entry]) => !/EPIC-2|epic-2/.test(entry));
      expect(differencesOf(expected, new Map(withoutOther))).toEqual([]);
    });
  });

  test("when the clocks of all orchestrators are shifted", async () => {
    const ofSystem = [...new Set(sites.map(({ process }) => process))].filter(isOfSystem);
    const firstSleeps = ofSystem.map((process) => sites.find((each) => each.process === process && isSleep(each))!);
    await property(fc.integer({ min: -86_400_000, max: 86_400_000 }), async (byMs) => {
      const faults = firstSleeps.map(({ site }): Fault => ({ kind: "clock-jump", byMs, site }));
      const outcome = await run(workload, faults);
      expect(outcome.unused).toEqual([]);
      expect(differencesOf(expected, endOf(outcome))).toEqual([]);
    });
  });

  test("when orchestrators are restarted while nothing is under way", async () => {
    const quiet = sleepsBeforeMoves(sites);
    expect(quiet.length).toBeGreaterThan(0);
    const kills: readonly FaultSpec[] = [0, 2_000, 15_000].map((restartAfterMs) => ({
      kind: "kill",
      when: "after",
      restartAfterMs,
    }));
    // A life that has ended comes to none of its later sites: one restart each.
    await property(fault(quiet, kills), async (kill) => {
      const outcome = await run(workload, [kill]);
      expect(outcome.unused).toEqual([]);
      expect(differencesOf(expected, endOf(outcome))).toEqual([]);
    });
  });

  test("when more orchestrators work beside the first", async () => {
    const more = fc.record({ pollers: fc.integer({ min: 1, max: 3 }), webhookServers: fc.integer({ min: 1, max: 2 }) });
    await property(more, async (orchestrators) => {
      expect(differencesOf(expected, endOf(await run({ ...workload, ...orchestrators }, [])))).toEqual([]);
    });
  });

  async function property<Input>(inputs: fc.Arbitrary<Input>, holds: (input: Input) => Promise<void>): Promise<void> {
    await fc.assert(fc.asyncProperty(inputs, holds), { numRuns, endOnFailure: true });
  }
});

interface Site {
  readonly site: string;
  readonly process: string;
  readonly seam: Seam;
}

const webhookFaults: readonly FaultSpec[] = [
  { kind: "request-duplicated", afterMs: 0 },
  { kind: "request-duplicated", afterMs: 20_000 },
  { kind: "request-delayed", delayMs: 1_000 },
  { kind: "request-delayed", delayMs: 45_000 },
  { kind: "request-lost" },
  { kind: "answer-lost" },
];

function fault(sites: readonly Site[], specs: readonly FaultSpec[]): fc.Arbitrary<Fault> {
  return fc
    .tuple(fc.constantFrom(...sites), fc.constantFrom(...specs))
    .map(([{ site }, spec]): Fault => ({ ...spec, site }));
}

function atMostOnePerSite(faultsMax: number): fc.UniqueArrayConstraints<Fault, string> {
  return { selector: ({ site }) => site, minLength: 1, maxLength: faultsMax };
}

function isOfSystem(process: string): boolean {
  return process.startsWith("poller") || process.startsWith("webhooks");
}

function isSleep({ seam, site }: Site): boolean {
  return seam === "clock" && /\/clock\.sleep\((?:poll|rest)\)#\d+$/.test(site);
}

/** The last sleep of each orchestrator before people move a card on: its lane is served, the next one not yet begun. */
function sleepsBeforeMoves(sites: readonly Site[]): readonly Site[] {
  const found = new Set<Site>();
  const latest = new Map<string, Site>();
  for (const each of sites) {
    if (agentFrom(each.site) !== undefined) for (const sleep of latest.values()) found.add(sleep);
    if (isOfSystem(each.process) && isSleep(each)) latest.set(each.process, each);
  }
  return [...found];
}

function run(workload: Workload, faults: readonly Fault[]): Promise<Outcome> {
  return runCase(scenario, { ...emptyCase(scenario, 0, workload), faults });
}

/** Of a run that held. */
function endOf(outcome: Outcome): EndState {
  expect(signatureOf(outcome.verdict)).toBe("held");
  return endStateOf(facts, outcome.history.events, "text");
}
