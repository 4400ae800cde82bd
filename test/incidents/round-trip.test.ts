import { beforeAll, expect, test } from "vitest";
import type { JsonValue } from "../../src/base/json.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import { causeOf, causeShares } from "../../src/incidents/cause.ts";
import { prepareIncident, type PreparedIncident } from "../../src/incidents/prepare-incident.ts";
import { IncidentSearch } from "../../src/incidents/search.ts";
import { timelineOf } from "../../src/incidents/timeline.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Case } from "../../src/sim/case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import { builtInMutants, scenarioWith } from "../../scenarios/index.ts";
import { logsOfRun } from "./logs-of-run.ts";
import { read } from "./read.ts";

beforeAll(installGuards);

const people = ["people", "operator", "relay"];

interface Happened {
  readonly scenario: Scenario;
  /** As `I2: EPIC-1/S1`: what was reported. */
  readonly invariant: string;
  readonly place: string;
  readonly case: Case;
  readonly files: Readonly<Record<string, string>>;
}

/** An incident as it really was, in a system with a known mistake, and the logs that it left. */
function incidentOf(mutant: string, seed: number): Promise<Happened> {
  return inMacrotask(() => {
    const { scenario: name, expects } = builtInMutants.find(({ id }) => id === mutant)!;
    const scenario = scenarioWith(name, { mutant });
    const judged = {
      ...scenario,
      invariants: scenario.invariants.filter(({ id }) => expects.includes(id)),
      sometimes: [],
    };
    const { case: input, exploration } = new Explorer(judged, "portfolio", runCaseNow).plan(seed);
    const { verdict, realised } = runCaseNow(judged, input, exploration);
    if (verdict.kind !== "violated") throw new Error(`${mutant}, seed ${seed}: nothing happened`);
    // Outside nobody stops the system when a rule is broken.
    const whole = runCaseNow({ ...judged, invariants: [] }, realised());
    const { files } = logsOfRun(whole.history.events, {
      beganMs: Date.UTC(2026, 2, 3, 9),
      boardAheadMs: 37_000,
      people,
    });
    const { invariant, place } = verdict.violation;
    return { scenario, invariant, place, case: realised(), files };
  });
}

/** @param plan of the epic, where the logs name only some of its stories */
function prepared({ scenario, files, invariant, place }: Happened, plan?: JsonValue): Promise<PreparedIncident> {
  const contents = read(files);
  const symptom = { invariants: [invariant], place: place.split(" "), from: "as reported" };
  const timeline = timelineOf(contents);
  const options = {
    contents,
    timeline,
    scenario,
    people,
    nameOf: (name: string) => name,
    symptom,
    ...(plan === undefined ? {} : { plan }),
  };
  return inMacrotask(() => prepareIncident(options, runCaseNow));
}

/** Runs until the symptom shows. */
async function firstFind(incident: PreparedIncident, runsMax: number) {
  const search = new IncidentSearch(incident, runCaseNow);
  for (let seed = 0; seed < runsMax; seed++) {
    const find = await inMacrotask(() => search.attempt(seed));
    if (find !== undefined) return { find, runs: search.runs, search };
  }
  throw new Error(`not found in ${runsMax} runs`);
}

// Plain search over the whole scenario takes 43, 141, 43 and 1,458 runs to each of them.
test.each([
  { mutant: "F22", seed: 43, runsMax: 10, what: "a lost story of which no log says what went wrong" },
  { mutant: "F22b", seed: 141, runsMax: 60, what: "a fan-out that was given up" },
  { mutant: "F24", seed: 43, runsMax: 20, what: "a doubled story after an answer that was lost" },
  { mutant: "F26", seed: 1_458, runsMax: 100, what: "a doubled story after three faults" },
])("$what is found again from its logs in few runs", async ({ mutant, seed, runsMax }) => {
  const happened = await incidentOf(mutant, seed);
  const { epics } = happened.case.workload as { readonly epics: readonly { readonly prd: JsonValue }[] };
  const incident = await prepared(happened, epics[0]!.prd);
  expect(incident.workloadFrom.kind).toBe("logs");
  expect(incident.faults.length).toBeGreaterThan(0);
  const { find } = await firstFind(incident, runsMax);
  expect(find.invariant).toBe("I2");
});

test("what a find needs is told apart from what it does not, and the true cause is among the causes", async () => {
  const happened = await incidentOf("F24", 43);
  const incident = await prepared(happened);
  const search = new IncidentSearch(incident, runCaseNow);
  const causes = [];
  for (let seed = 0; seed < 60 && causes.length < 4; seed++) {
    const find = await inMacrotask(() => search.attempt(seed));
    if (find !== undefined) causes.push(await causeOf(find, (input) => inMacrotask(() => search.shows(input))));
  }
  for (const { case: input, unseen, needed, needsSchedule } of causes) {
    expect(await inMacrotask(() => search.shows(input))).toBe(true);
    expect(unseen.length + needed.length + Number(needsSchedule)).toBeGreaterThan(0);
    expect(input.workload).toEqual(incident.workloads!.find((each) => each === input.workload));
  }
  const shares = causeShares(causes);
  expect(shares.reduce((sum, { finds }) => sum + finds, 0)).toBe(causes.length);
  expect(shares.every(({ share }) => share.low <= share.estimate && share.estimate <= share.high)).toBe(true);
  expect(shares.flatMap(({ cause }) => cause.words).join()).toMatch(/at board\.(?:createTask|duplicateTaskToProject)/);
});

test("a process that was killed is killed again after its last word, and not elsewhere", async () => {
  const { scenario } = await incidentOf("F24", 43);
  const site = "poller-a@0/card EPIC-1 lane 5 attempt 1/board.createTask(EPIC-1/S2)#0";
  const { history } = await inMacrotask(() =>
    runCaseNow(
      { ...scenario, invariants: [] },
      {
        scenario: scenario.name,
        drawSeed: 0,
        workload: scenario.workloads.scripted[0]!,
        faults: [{ kind: "kill", when: "during", restartAfterMs: 2_000, site }],
        preemptions: [],
        delays: [],
      },
    ),
  );
  const { files } = logsOfRun(history.events, { beganMs: Date.UTC(2026, 2, 3, 9), boardAheadMs: 0, people });
  const incident = await prepared({ scenario, files, invariant: "I2", place: "", case: {} as Case });
  expect(incident.faults).toMatchObject([
    { after: { name: "spawn.intended", fields: { epic: "EPIC-1", story: "S2" } } },
  ]);
  expect(incident.shown.crashes).toBe(true);
  const search = new IncidentSearch({ ...incident, symptom: { invariants: [], place: [], from: "" } }, runCaseNow);
  for (let seed = 0; seed < 12; seed++) await inMacrotask(() => search.attempt(seed));
  expect(search.placed[0]).toBeGreaterThan(8);
});

test("the same seed is the same case", async () => {
  const incident = await prepared(await incidentOf("F24", 43));
  const { find } = await firstFind(incident, 20);
  const again = await inMacrotask(() => new IncidentSearch(incident, runCaseNow).attempt(find.seed));
  expect(again?.case).toEqual(find.case);
});
