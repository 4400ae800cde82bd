import { request } from "node:http";
import { agentScriptOf } from "../../../fakes/cli/agent-rules.ts";
import type { AgentScript } from "../../../fakes/cli/agent-script.ts";
import { readMarkers } from "../../../fakes/llm/prompt-markers.ts";
import { Draws, purpose } from "../../kernel/draws.ts";
import { Operation } from "../../kernel/operation.ts";
import { Task } from "../../kernel/task.ts";
import { canonicalJson, type JsonObject } from "../../base/json.ts";
import type { Program } from "../../ports/program.ts";
import { UnmodelledCall } from "../problems.ts";
import type { ScenarioFile } from "../scenario-file.ts";
import { CallCounts } from "./call-counts.ts";
import { programEnvironment } from "./environment.ts";
import { ExecutableJournal } from "./executable-journal.ts";
import { numberedScript } from "./numbered-script.ts";
import { faultOfStart, tokenOfStart } from "./program-faults.ts";
import { problemExitCode, readLeaving, runAsProcess } from "./program-process.ts";
import { loadProgram } from "./programs.ts";
import { readInstalledScenario, readSettings, type ProgramName } from "./settings.ts";

/**
 * What an installed executable does: it is the program, as the scenario of its folder says.
 *
 * @param folder where it is installed
 */
export async function runExecutable(name: ProgramName, folder: string): Promise<never> {
  try {
    return await start(name, folder);
  } catch (error) {
    // Nothing ran yet: the settings, the scenario or the journal are not as they must be.
    process.stderr.write(`stormlane: ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(problemExitCode);
  }
}

async function start(name: ProgramName, folder: string): Promise<never> {
  const settings = readSettings(folder);
  const scenario = await readInstalledScenario(settings);
  const left = readLeaving();
  // A child that was left behind is the same run.
  if (settings.gate !== undefined && left === undefined) await askForLeave(settings.gate, name);
  const args = process.argv.slice(2);
  const numbers = new RunNumbers(new CallCounts(settings.state), left?.numbers);
  const next = (count: string): number => numbers.next(count);

  const key = args.map((arg) => readMarkers(arg).key).find((each) => each !== "") ?? "";
  const task = new Task(`program:${name}`, 0, "run");
  const operation = new Operation(firstId + next("operations"), task, "run", key, next(`runs of ${name}\n${key}`) - 1);
  const journal = new ExecutableJournal(settings, operation);
  const draws = new Draws(settings.seed);

  let program = await loadProgram(name, numberedScript(scriptOf(scenario, name), next));
  const fault = faultOfStart(scenario.faults ?? [], name, tokenOfStart(process.env, args), next);
  if (fault !== undefined) {
    program = await misbehaving(program, fault);
    const { kind, ...params } = fault as unknown as JsonObject & { readonly kind: string };
    if (left === undefined) journal.fault(`program-misbehaves:${kind}`, params);
  }
  return runAsProcess(program, {
    env: programEnvironment(folder),
    speed: settings.speed,
    draw: (of, bound) => draws.int(operation.siteHash, purpose(of), bound),
    record: (change) => journal.change(change),
    tellProblem: (error) => tellProblem(error, operation, journal),
    numbers: numbers.given,
    ...(left === undefined ? {} : { left }),
  });
}

/** @throws when nobody is there to ask: whoever holds the starts is gone, and nothing may begin behind its back */
function askForLeave(gate: string, program: ProgramName): Promise<void> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ program, pid: process.pid });
    const asking = request(gate, { method: "POST", headers: { "content-type": "application/json" } }, (answer) => {
      answer.resume().on("end", () => {
        if (answer.statusCode === 204) resolve();
        else reject(new Error(`${gate} refused the start (${answer.statusCode})`));
      });
    });
    asking.on("error", (error) => reject(new Error(`${gate} cannot be asked for leave to start: ${error.message}`)));
    asking.end(body);
  });
}

/** Ids of operations are unique in a journal that served fakes write to as well: those count from 1. */
const firstId = 1_000_000_000;

/** Numbers that were drawn from the counts; a child that was left behind is given the same ones again. */
class RunNumbers {
  readonly given: number[] = [];

  private readonly counts: CallCounts;
  private readonly before: readonly number[];

  constructor(counts: CallCounts, before: readonly number[] = []) {
    this.counts = counts;
    this.before = before;
  }

  next(count: string): number {
    const number = this.before[this.given.length] ?? this.counts.next(count);
    this.given.push(number);
    return number;
  }
}

function scriptOf({ agents = {} }: ScenarioFile, name: string): AgentScript {
  const script = agents[name as keyof typeof agents];
  return typeof script === "function" ? script : agentScriptOf(script ?? []);
}

async function misbehaving(program: Program, behaviour: object): Promise<Program> {
  const [{ programFaultOf }, { misbehave }] = await Promise.all([
    import("../../../fakes/cli/program-fault.ts"),
    import("../../../fakes/cli/misbehave.ts"),
  ]);
  return misbehave(program, programFaultOf(behaviour as JsonObject));
}

function tellProblem(error: unknown, { site }: Operation, journal: ExecutableJournal): string {
  if (error instanceof UnmodelledCall) {
    const { method: what, file, args } = error.what;
    journal.note("unmodelled", { what, file, detail: canonicalJson(args), site });
    return error.message;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  journal.note("broken", { what: String(error), file: "", detail, site });
  return `broken: ${detail}`;
}
