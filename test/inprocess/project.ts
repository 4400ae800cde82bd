import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { UnmodifiedSystem } from "../../src/inprocess/in-process.ts";
import {
  defineScenario,
  fc,
  runCase,
  type Case,
  type Outcome,
  type Scenario,
  type ScenarioDefinition,
} from "../../src/index.ts";

/** Writes a user's project for the time of one test. @returns its folder */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "stormlane-inprocess-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

export interface RunOptions extends Partial<ScenarioDefinition<Record<string, never>>> {
  readonly input?: Partial<Case>;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** A scenario whose one process runs the first of the files. */
export function scenarioOf(files: Readonly<Record<string, string>>, options: RunOptions = {}): Scenario {
  const { input: _input, env = {}, args = [], ...definition } = options;
  const entry = join(project({ "package.json": `{"type":"module"}`, ...files }), Object.keys(files)[0]!);
  const main = new UnmodifiedSystem(entry).main(entry, { env, args });
  return defineScenario({
    name: "in-process",
    workload: fc.constant({}),
    files: { "/app/": "", "/tmp/": "" },
    invariants: [],
    system: { program: { main, daemon: true } },
    ...definition,
  });
}

export function runScenario(scenario: Scenario, input: Partial<Case> = {}): Promise<Outcome> {
  return runCase(scenario, {
    scenario: "in-process",
    drawSeed: 1,
    workload: {},
    faults: [],
    preemptions: [],
    delays: [],
    ...input,
  });
}

/** Runs the first of the files as a process. */
export function runFiles(files: Readonly<Record<string, string>>, options: RunOptions = {}): Promise<Outcome> {
  return runScenario(scenarioOf(files, options), options.input);
}

/** What `console.log` said. */
export function printed({ history }: Outcome): string[] {
  return history.events.flatMap((event) =>
    event.kind === "note" && event.name === "console.log" ? [event.fields["text"] as string] : [],
  );
}

/** What ended processes by themselves, as `program: Error: no`. */
export function crashes({ history }: Outcome): string[] {
  return history.events.flatMap((event) =>
    event.kind === "process" && event.what === "crash" ? [`${event.process}: ${event.reason}`] : [],
  );
}

/** What the program printed, where nothing else went wrong. */
export async function linesOf(files: Readonly<Record<string, string>>, options: RunOptions = {}): Promise<string[]> {
  const outcome = await runFiles(files, options);
  const trouble = [
    ...crashes(outcome),
    ...(outcome.verdict.kind === "held" ? [] : [JSON.stringify({ ...outcome.verdict, error: errorOf(outcome) })]),
  ];
  return [...printed(outcome), ...trouble];
}

function errorOf({ verdict }: Outcome): string | undefined {
  return verdict.kind === "broken" ? verdict.error.stack : undefined;
}
