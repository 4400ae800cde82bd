/**
 * How much the logs of an incident save: `node tools/measure-incidents.ts [--runs 300] [mutant…]`.
 *
 * Each mutant is simulated from seed 10,001 on until something goes wrong. The run is written down as its real system would have
 * left it, and the same violation at the same place is searched from seed 0: as a campaign does, and by `stormlane import`.
 */
import { parseArgs } from "node:util";
import { builtInMutants, scenarioWith } from "../scenarios/index.ts";
import { Explorer } from "../src/explore/explorer.ts";
import { prepareIncident } from "../src/incidents/prepare-incident.ts";
import { IncidentSearch } from "../src/incidents/search.ts";
import { showsSymptom, type Symptom } from "../src/incidents/symptom.ts";
import { timelineOf } from "../src/incidents/timeline.ts";
import { installGuards } from "../src/kernel/guards.ts";
import { inMacrotask } from "../src/kernel/settle.ts";
import { tableLines } from "../src/report/table.ts";
import type { Outcome } from "../src/sim/outcome.ts";
import { runCaseNow } from "../src/sim/run-case.ts";
import type { Scenario } from "../src/sim/scenario.ts";
import { logsOfRun } from "../test/incidents/logs-of-run.ts";
import { read } from "../test/incidents/read.ts";

const usual = "F22 F22b F23 F24 F31 F33 F25 F01 F02 F03 F05 F06 F11 F32 F37 F40 F41 F66 F72".split(" ");
const people = ["people", "operator", "relay"];
const incidentSeed = 10_001;
const incidentSeedsMax = 1_500;

const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "300" } },
  allowPositionals: true,
});
const runsMax = Number(values.runs);
installGuards();
const rows: string[][] = [];
for (const id of positionals.length > 0 ? positionals : usual) rows.push(await measure(id));
const titles = ["bug", "scenario", "violation", "without the logs", "with them"];
const columns = titles.map((title) => ({ title }));
console.log(tableLines(columns, rows).join("\n"));

async function measure(id: string): Promise<string[]> {
  const { scenario: name, expects } = builtInMutants.find((mutant) => mutant.id === id)!;
  const scenario = scenarioWith(name, { mutant: id });
  const happened = await firstViolation(judgedBy(scenario, expects), incidentSeed, incidentSeedsMax, () => true);
  if (happened === undefined) return [id, name, "nothing went wrong", "", ""];
  const { outcome, violation } = happened;
  const { history } = await inMacrotask(() => runCaseNow(judgedBy(scenario, []), outcome.realised()));
  const { files } = logsOfRun(history.events, { beganMs: Date.UTC(2026, 2, 3, 9), boardAheadMs: 37_000, people });
  const contents = read(files);
  const timeline = timelineOf(contents);
  const symptom: Symptom = { invariants: [violation.invariant], place: violation.place.split(" "), from: "as it was" };
  const options = { contents, timeline, scenario, people, nameOf: (known: string) => known, symptom };
  const incident = await inMacrotask(() => prepareIncident(options, runCaseNow));
  const search = new IncidentSearch(incident, runCaseNow);
  let withLogs = "";
  for (let seed = 0; seed < runsMax && withLogs === ""; seed++) {
    if ((await inMacrotask(() => search.attempt(seed))) !== undefined) withLogs = String(search.runs);
  }
  const judged = judgedBy(scenario, symptom.invariants);
  const plain = await firstViolation(judged, 0, runsMax, (each) => showsSymptom(symptom, each));
  const never = `more than ${runsMax}`;
  const place = `${violation.invariant}: ${violation.place}`;
  return [id, name, place, plain === undefined ? never : String(plain.runs), withLogs === "" ? never : withLogs];
}

function judgedBy(scenario: Scenario, ids: readonly string[]): Scenario {
  return { ...scenario, invariants: scenario.invariants.filter((each) => ids.includes(each.id)), sometimes: [] };
}

type Violation = Extract<Outcome["verdict"], { kind: "violated" }>["violation"];

async function firstViolation(
  scenario: Scenario,
  firstSeed: number,
  seeds: number,
  isWanted: (violation: Violation) => boolean,
): Promise<{ readonly outcome: Outcome; readonly violation: Violation; readonly runs: number } | undefined> {
  const explorer = new Explorer(scenario, "portfolio", runCaseNow);
  for (let runs = 1; runs <= seeds; runs++) {
    const outcome = await inMacrotask(() => {
      const { case: input, exploration } = explorer.plan(firstSeed + runs - 1);
      return runCaseNow(scenario, input, exploration);
    });
    const { verdict } = outcome;
    if (verdict.kind === "violated" && isWanted(verdict.violation))
      return { outcome, violation: verdict.violation, runs };
  }
  return undefined;
}
