import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import type { JsonValue } from "../base/json.ts";
import type { HistoryEvent } from "../history/event.ts";
import { epochMs, usPerMs } from "../kernel/time.ts";
import type { Ports } from "../ports/ports.ts";
import type { Program, ProgramContext } from "../ports/program.ts";
import type { Service } from "../ports/service.ts";
import { summariseBoard } from "../serving/board-summary.ts";
import type { HostDisk } from "../sim/disk/host-disk.ts";
import { Exchange } from "../sim/exchange.ts";
import type { HostOptions } from "../sim/host.ts";
import type { ServiceOptions } from "../sim/network.ts";
import { ProgramRun } from "../sim/program-run.ts";
import { runCase, type Exploration } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import type { World, WorldProcessOptions } from "../sim/world.ts";
import { peopleName } from "./normal-form.ts";
import { Recorder } from "./recorder.ts";
import { commitOf, type LifeEvent, type ProgramStart, type Recording } from "./recording.ts";
import { isOfTheRun } from "./written-files.ts";

export interface SimulatedRunOptions {
  /** Its people are a process of their own; it has one board. */
  readonly scenario: Scenario;
  readonly workload: JsonValue;
  readonly seed: number;
  /** How much later than the processes people begin. */
  readonly peopleAfterMs: number;
  readonly exploration?: Exploration;
}

/** The run came to no end that could be compared. */
export class SimulationFailed extends Error {
  override readonly name = "SimulationFailed";
}

/** One run in the simulation, with nothing wrong around the system. @throws SimulationFailed */
export async function runSimulated(options: SimulatedRunOptions): Promise<Recording> {
  const { workload, seed, exploration } = options;
  const furnished = new RecordedWorld(options);
  const scenario = furnished.scenario;
  const input = { scenario: scenario.name, drawSeed: seed, workload, faults: [], preemptions: [], delays: [] };
  const { verdict, history, stats } = await runCase(scenario, input, exploration);
  if (verdict.kind === "broken") throw new SimulationFailed(verdict.error.message);
  if (verdict.kind === "nondeterminism") throw new SimulationFailed(verdict.what);
  if (verdict.kind !== "held") throw new SimulationFailed(`the simulation reached its ${verdict.kind}`);
  return furnished.recording(history.events, epochMs + Math.floor(stats.virtualMs));
}

/** A scenario whose services, programs and disk are watched. */
class RecordedWorld {
  readonly scenario: Scenario;

  private readonly recorder = new Recorder((_request, context) =>
    context instanceof Exchange ? context.operation.process : "unknown",
  );
  private readonly starts: ProgramStart[] = [];
  private readonly before = new Map<string, string>();
  private board: Kanboard | undefined;
  private disk: HostDisk | undefined;

  constructor({ scenario, peopleAfterMs }: SimulatedRunOptions) {
    const { bounds } = scenario;
    this.scenario = {
      ...scenario,
      invariants: [],
      bounds: { ...bounds, virtualMsMax: bounds.virtualMsMax + peopleAfterMs },
      build: (world, workload) => {
        scenario.build(this.watched(world, peopleAfterMs), workload);
        this.disk = world.host().disk;
        for (const [path, text] of filesOn(this.disk)) this.before.set(path, text);
      },
    };
  }

  recording(events: readonly HistoryEvent[], nowMs: number): Recording {
    const { exchanges, changes, webhooks } = this.recorder;
    return {
      ...{ exchanges, changes, webhooks, starts: this.starts, lives: livesIn(events) },
      commits: events.flatMap((event) => (event.kind === "change" ? (commitOf(event.change) ?? []) : [])),
      isAtWork: isAtWork(events, nowMs),
      files: this.written(),
      board: this.board === undefined ? {} : summariseBoard(this.board, nowMs),
      unmodelled: [],
      places: [],
    };
  }

  private watched(world: World, peopleAfterMs: number): World {
    const own = {
      service: (origin: string, service: Service, options: ServiceOptions) => {
        if (service instanceof Kanboard) this.board = service;
        world.service(origin, this.recorder.watch(service), options);
      },
      host: (name: string, options: HostOptions = {}) =>
        world.host(name, { ...options, programs: (options.programs ?? []).map((each) => this.watchedProgram(each)) }),
      process: (name: string, main: (ports: Ports) => Promise<void>, options: WorldProcessOptions = {}) => {
        const later = name === peopleName ? { startAfterMs: peopleAfterMs } : {};
        return world.process(name, main, { ...options, ...later });
      },
    };
    return Object.assign(Object.create(world) as World, own);
  }

  private watchedProgram(program: Program): Program {
    return {
      ...program,
      run: (context: ProgramContext) => {
        const process = context instanceof ProgramRun ? context.parent.process.name : "unknown";
        this.starts.push({ name: program.name, process, args: context.args });
        return program.run(context);
      },
    };
  }

  private written(): ReadonlyMap<string, string | null> {
    const after = filesOn(this.disk!);
    const written = new Map<string, string | null>();
    for (const path of this.before.keys()) if (!after.has(path)) written.set(path, null);
    for (const [path, text] of after) if (this.before.get(path) !== text) written.set(path, text);
    return written;
  }
}

function filesOn(disk: HostDisk): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of disk.snapshot()) {
    if (!isOfTheRun(entry.path)) continue;
    if (entry.kind === "link") files.set(entry.path, `-> ${entry.target}`);
    if (entry.kind === "file") files.set(entry.path, disk.readText(entry.path));
  }
  return files;
}

function isAtWork(events: readonly HistoryEvent[], nowMs: number): boolean {
  const sinceUs = (nowMs - epochMs - restMs) * usPerMs;
  return events.some((event) => event.kind === "change" && event.atUs > sinceUs && event.op?.process !== peopleName);
}

function livesIn(events: readonly HistoryEvent[]): LifeEvent[] {
  return events.flatMap((event) =>
    event.kind === "process" && event.process !== peopleName && (event.what === "crash" || event.what === "finish")
      ? [{ process: event.process, what: event.what, reason: event.what === "crash" ? event.reason : "" }]
      : [],
  );
}

/** Who has done nothing for so long has come to rest. */
const restMs = 1_000;
