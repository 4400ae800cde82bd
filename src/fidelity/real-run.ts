import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "../base/assert.ts";
import { readJournal } from "../history/journal.ts";
import type { IncomingRequest } from "../ports/http.ts";
import type { Ports } from "../ports/ports.ts";
import { listens } from "../live/loopback-port.ts";
import { Supervisor } from "../live/supervisor.ts";
import { realPorts } from "../real/real-ports.ts";
import type { Client } from "../serving/client.ts";
import { agentNames } from "../serving/scenario-file.ts";
import { installExecutables } from "../serving/executable/install.ts";
import { defaultListenerLimits, HttpListener } from "../serving/http-listener.ts";
import { ServedFakes } from "../serving/served-fakes.ts";
import type { ServedService } from "../serving/served-service.ts";
import { serviceApp, type Answering } from "../serving/socket-client.ts";
import type { FidelityPlan } from "./fidelity-plan.ts";
import type { LoopbackOrder } from "./loopback/loopback-order.ts";
import { loaderNotesVariable, readLines, readLoaderNotes } from "./node-process/loader-notes.ts";
import { peopleName } from "./normal-form.ts";
import { NormalText } from "./normal-text.ts";
import { ProgramGate } from "./program-gate.ts";
import { Recorder } from "./recorder.ts";
import { commitOf, type Commit, type LifeEvent, type Recording } from "./recording.ts";
import { copyProject, filesBelow } from "./scratch-project.ts";

export interface RealRunOptions {
  readonly plan: FidelityPlan;
  /** `loopback`: all processes are threads of one Node; `processes`: each is a Node of its own. */
  readonly fidelity: "loopback" | "processes";
  /** Where the system may listen for the board's events. */
  readonly port: number;
  /** The simulation came to rest: what is under way when people are done may be finished. */
  readonly mayFinish: boolean;
  readonly signal?: AbortSignal;
}

export interface RealRun {
  readonly recording: Recording;
  /** By process that ended: the last that it said. */
  readonly lastWords: Readonly<Record<string, string>>;
  /** What Node's own loader could not load, as `src/kinds.ts: TypeScript that is more than types`. */
  readonly helpedWith: readonly string[];
  readonly wallMs: number;
}

/** The system did not begin to work: nothing can be compared. */
export class NotUp extends Error {
  override readonly name = "NotUp";
}

/**
 * Runs a system for real: its code on Node's own clock, network, files and programs, against the served fakes, in a folder
 * that is gone afterwards, with all that was started.
 *
 * @returns undefined when it was interrupted
 * @throws NotUp, ProjectTooLarge
 */
export async function runReal(options: RealRunOptions): Promise<RealRun | undefined> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "stormlane-fidelity-")));
  const stage = new Stage(folder, options);
  try {
    return await stage.run();
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a system finds around it in one run. */
class Stage {
  private readonly options: RealRunOptions;
  private readonly folder: string;
  private readonly project: string;
  private readonly startedMs = performance.now();
  private readonly recorder = new Recorder(({ headers }) => headers[processHeader] ?? "unknown");
  private readonly listeners: HttpListener[] = [];
  private readonly lives: LifeEvent[] = [];
  private readonly gate = new ProgramGate();
  private readonly supervisor: Supervisor;
  private fakes: ServedFakes | undefined;
  /** PORT of the processes. */
  private readonly webhookPort: number;
  /** By process, people among them. */
  private readonly doors = new Map<string, { readonly board: string; readonly model: string }>();
  private before: ReadonlyMap<string, string> = new Map();
  private readonly delays: NodeJS.Timeout[] = [];
  private lastDeedMs = 0;
  private isOver = false;

  constructor(folder: string, options: RealRunOptions) {
    this.folder = folder;
    this.options = options;
    this.webhookPort = options.port;
    for (const name of ["home", "tmp", "output", "project"]) mkdirSync(join(folder, name));
    this.project = copyProject(options.plan.root, join(folder, "project"));
    for (const [path, text] of Object.entries(options.plan.files)) {
      mkdirSync(dirname(join(this.project, path)), { recursive: true });
      writeFileSync(join(this.project, path), text);
    }
    const noteDeed = (): void => {
      this.lastDeedMs = performance.now();
    };
    this.gate.onStart = noteDeed;
    this.recorder.onDeed = (process) => {
      if (process !== peopleName) noteDeed();
    };
    this.supervisor = new Supervisor({
      workspace: this.project,
      outputFolder: join(folder, "output"),
      environmentOf: (name) => this.environmentOf(name),
      onLife: (process, _incarnation, what, reason) => {
        if (this.isOver || (what !== "crash" && what !== "finish")) return;
        this.lives.push({ process, what, reason: what === "crash" ? reason : "" });
      },
    });
  }

  async run(): Promise<RealRun | undefined> {
    const { plan, signal } = this.options;
    await this.open();
    this.before = this.filesNow();
    this.start();
    await this.up();
    const interrupted = new Promise<void>((resolve) =>
      signal?.addEventListener("abort", () => resolve(), { once: true }),
    );
    await Promise.race([plan.people(this.peoplesPorts()), interrupted]);
    await Promise.race([this.rest(), interrupted]);
    // What follows is the end that we bring about, and no doing of the system's.
    this.isOver = true;
    this.recorder.end();
    if (signal?.aborted === true) return undefined;
    const recording = this.recording();
    return {
      recording,
      lastWords: Object.fromEntries(
        recording.lives.map(({ process }) => [process, new NormalText(recording.places).of(this.lastWords(process))]),
      ),
      helpedWith: this.helpedWith(),
      wallMs: Math.round(performance.now() - this.startedMs),
    };
  }

  async close(): Promise<void> {
    this.isOver = true;
    this.recorder.end();
    for (const delay of this.delays) clearTimeout(delay);
    await this.supervisor.close();
    await Promise.all(this.listeners.map((listener) => listener.close()));
    this.fakes?.close();
  }

  private async open(): Promise<void> {
    const { plan } = this.options;
    const { path, ...webhook } = plan.webhook;
    const fakes = new ServedFakes({
      scenario: {
        ...plan.scenario,
        board: { ...plan.scenario.board, webhook: { url: `http://127.0.0.1:${this.webhookPort}${path}`, ...webhook } },
      },
      boardOrigin: plan.boardOrigin,
      seed: plan.seed,
      version: plan.version,
    });
    this.fakes = fakes;
    const { before = (service) => service } = plan;
    for (const served of [fakes.board, fakes.model]) served.service = this.recorder.watch(before(served.service));
    for (const name of [...Object.keys(plan.processes), peopleName]) {
      this.doors.set(name, {
        board: await this.openDoor(name, fakes.board),
        model: await this.openDoor(name, fakes.model),
      });
    }
    const gate = await this.listen((listener) => listener.serve(this.gate.app()));
    const scenarioPath = join(this.folder, "agents.json");
    const checkedText = JSON.stringify({ agents: plan.scenario.agents });
    writeFileSync(scenarioPath, checkedText);
    installExecutables({
      folder: join(this.folder, "bin"),
      programs: [...agentNames, "git"],
      scenario: { path: scenarioPath, checkedText },
      seed: plan.seed,
      speed: 1,
      journal: this.programsJournal,
      version: plan.version,
      gate: `${gate}/start`,
    });
  }

  private openDoor(process: string, served: ServedService): Promise<string> {
    return this.listen((listener) => listener.serve(serviceApp(new Door(process, served), defaultListenerLimits)));
  }

  private async listen(serve: (listener: HttpListener) => void): Promise<string> {
    const listener = await HttpListener.open(0, { ...defaultListenerLimits, closingMsMax: 50 });
    this.listeners.push(listener);
    serve(listener);
    return `http://127.0.0.1:${listener.port}`;
  }

  private start(): void {
    const { plan, fidelity } = this.options;
    const processes = Object.entries(plan.processes);
    if (fidelity === "processes") {
      for (const [name, { entry, args, startAfterMs }] of processes) {
        const command = [...nodeWithLoader, this.placed(entry), ...args];
        // Who crashes stays away, as in a simulation without faults.
        const begin = (): void => this.supervisor.start(name, { command, restartMs: neverMs });
        if (startAfterMs === 0) begin();
        else this.delays.push(setTimeout(begin, startAfterMs));
      }
      return;
    }
    const order: LoopbackOrder = {
      livesFile: this.livesFile,
      processes: processes.map(([name, { entry, args, startAfterMs }]) => ({
        ...{ name, args, startAfterMs },
        entry: this.placed(entry),
        env: this.environmentOf(name),
      })),
    };
    const orderFile = join(this.folder, "order.json");
    writeFileSync(orderFile, JSON.stringify(order));
    const command = [process.execPath, fileURLToPath(moduleBeside("loopback/loopback-host")), orderFile];
    this.supervisor.start(hostName, { command, restartMs: neverMs });
  }

  /**
   * Until every process has asked for something, or listens and has had time to, and then as long as the simulation gives
   * it: so people meet pollers at the same point of their turn.
   *
   * @throws NotUp
   */
  private async up(): Promise<void> {
    const { plan, signal } = this.options;
    const begunMs = performance.now();
    const latestMs = Math.max(...Object.values(plan.processes).map(({ startAfterMs }) => startAfterMs));
    let seenUpMs: number | undefined;
    for (;;) {
      if (signal?.aborted === true) return;
      const nowMs = performance.now();
      const ended = this.livesNow()[0];
      if (ended !== undefined) throw this.notUp(`${ended.process} ends at once`, ended.process);
      if (this.supervisor.failure !== undefined) throw new NotUp(this.supervisor.failure);
      const waitedMs = nowMs - begunMs - latestMs;
      if (await this.seemsUp(waitedMs)) seenUpMs ??= nowMs;
      if (seenUpMs !== undefined && nowMs - seenUpMs >= plan.peopleAfterUpMs) return;
      if (seenUpMs === undefined && waitedMs > upMsMax) {
        const [name] = this.silent() as [string, ...string[]];
        const why = `${name} asks for nothing and does not listen on PORT, ${upMsMax / 1_000} s after its start`;
        throw this.notUp(why, name);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private async seemsUp(waitedMs: number): Promise<boolean> {
    if (waitedMs < 0) return false;
    const silent = this.silent();
    if (silent.length === 0) return true;
    const isListening = await listens(this.webhookPort);
    if (isListening && silent.length === 1) return true;
    // One that first asks after a while, as a poller that waits before its first turn, begins meanwhile.
    const isPartlyUp = isListening || silent.length < Object.keys(this.options.plan.processes).length;
    return isPartlyUp && waitedMs > silenceMsMax;
  }

  /** Who has asked for nothing so far. */
  private silent(): readonly string[] {
    const heard = new Set(this.recorder.exchanges.map(({ process }) => process));
    return Object.keys(this.options.plan.processes).filter((name) => !heard.has(name));
  }

  /** A busy machine is slower than a simulation: what a system has begun it may finish, where it comes to an end at all. */
  private async rest(): Promise<void> {
    const begunMs = performance.now();
    while (this.options.mayFinish && this.isAtWork && performance.now() - begunMs < finishMsMax) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private get isAtWork(): boolean {
    return this.gate.isRunning || performance.now() - this.lastDeedMs < restMs;
  }

  private recording(): Recording {
    const { exchanges, changes, webhooks } = this.recorder;
    const { fakes, before } = this;
    const after = this.filesNow();
    const files = new Map<string, string | null>();
    for (const path of before.keys()) if (!after.has(path)) files.set(path, null);
    for (const [path, text] of after) if (before.get(path) !== text) files.set(path, text);
    return {
      ...{ exchanges, changes, webhooks, files },
      starts: this.gate.starts,
      commits: this.commits(),
      isAtWork: this.isAtWork,
      lives: this.livesNow(),
      board: fakes!.summary(),
      unmodelled: fakes!.problems.list().map(({ what, detail }) => `${what} ${detail}`.trim()),
      places: this.places(),
    };
  }

  /** As the installed git writes them down. */
  private commits(): readonly Commit[] {
    const journal = readJournal(readFileSync(this.programsJournal, "utf8"));
    assert(journal.kind === "ok", "the programs write a journal that can be read");
    return journal.events.flatMap((event) => (event.kind === "change" ? (commitOf(event.change) ?? []) : []));
  }

  private livesNow(): readonly LifeEvent[] {
    return [...this.lives, ...readLines(this.livesFile).map((line) => JSON.parse(line) as LifeEvent)];
  }

  /** Paths as the simulation names them. */
  private filesNow(): ReadonlyMap<string, string> {
    return new Map(
      this.simulatedFolders().flatMap(([here, simulated]) =>
        [...filesBelow(here)].map(([path, text]) => [`${simulated}${path}`, text] as const),
      ),
    );
  }

  private simulatedFolders(): readonly (readonly [here: string, simulated: string])[] {
    return [
      [this.project, "/app"],
      [join(this.folder, "home"), "/home/user"],
      [join(this.folder, "tmp"), "/tmp"],
    ];
  }

  private places(): Recording["places"] {
    const { boardOrigin, modelOrigin, env } = this.options.plan;
    const doors = [...this.doors.values()].flatMap(({ board, model }) => [
      [board, boardOrigin] as const,
      [model, modelOrigin] as const,
    ]);
    const own = [`127.0.0.1:${this.webhookPort}`, `127.0.0.1:${env["PORT"] ?? ""}`] as const;
    return [...doors, own, ...this.simulatedFolders()].toSorted(([left], [right]) => right.length - left.length);
  }

  private helpedWith(): readonly string[] {
    return readLoaderNotes(join(this.folder, loaderNotesName)).map(
      ({ what, file }) => `${relative(this.project, file)}: ${what}`,
    );
  }

  /** Addresses and folders of the run, and nothing of the user's own environment but the language and where programs are. */
  private environmentOf(process: string): Readonly<Record<string, string>> {
    const { plan } = this.options;
    const { PATH = "", LANG = "C.UTF-8" } = globalThis.process.env;
    const { boardOrigin, modelOrigin } = plan;
    const door = this.doors.get(process) ?? { board: boardOrigin, model: modelOrigin };
    const real = (value: string): string =>
      value.replaceAll(boardOrigin, door.board).replaceAll(modelOrigin, door.model);
    return {
      PATH: [join(this.folder, "bin"), PATH].join(delimiter),
      LANG,
      TZ: "UTC",
      HOME: join(this.folder, "home"),
      TMPDIR: join(this.folder, "tmp"),
      STORMLANE_WORKSPACE: this.project,
      STORMLANE_PROCESS: process,
      [loaderNotesVariable]: join(this.folder, loaderNotesName),
      ...Object.fromEntries(Object.entries(plan.env).map(([name, value]) => [name, real(value)])),
      PORT: String(this.webhookPort),
      ...plan.processes[process]?.env,
    };
  }

  /** People know the board by its simulated address. */
  private peoplesPorts(): Ports {
    const ports = realPorts({ log: () => {} });
    const { boardOrigin } = this.options.plan;
    const { board } = this.doors.get(peopleName)!;
    const http: Ports["http"] = {
      request: (request) => ports.http.request({ ...request, url: request.url.replace(boardOrigin, board) }),
      listen: (listening, handler) => ports.http.listen(listening, handler),
    };
    const { clock, random, files, subprocess, log } = ports;
    return { clock, random, files, subprocess, log, http, fork: (name) => ports.fork(name) };
  }

  private placed(entry: string): string {
    return join(this.project, relative(this.options.plan.root, entry));
  }

  private notUp(why: string, process: string): NotUp {
    const where = this.options.fidelity === "loopback" ? "over sockets" : "with real processes";
    const words = this.lastWords(process);
    return new NotUp(`${where}, ${why}${words === "" ? "" : `; it says: ${new NormalText(this.places()).of(words)}`}`);
  }

  private lastWords(process: string): string {
    return this.supervisor.lastWords(this.options.fidelity === "loopback" ? hostName : process);
  }

  private get programsJournal(): string {
    return join(this.folder, "programs.jsonl");
  }

  private get livesFile(): string {
    return join(this.folder, "lives.jsonl");
  }
}

/** Where one process reaches a fake: its port says who asks, whatever the client says of itself. */
class Door implements Answering {
  private readonly process: string;
  private readonly served: ServedService;

  constructor(process: string, served: ServedService) {
    this.process = process;
    this.served = served;
  }

  answer(request: IncomingRequest, client: Client): { clientLeft(): void } {
    return this.served.answer({ ...request, headers: { ...request.headers, [processHeader]: this.process } }, client);
  }
}

const processHeader = "x-stormlane-process";
const hostName = "loopback";
const loaderNotesName = "loader-notes.jsonl";

function moduleBeside(name: string): URL {
  return new URL(`${name}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
}

/** Says nothing of what Node takes to be experimental: the user has not asked for it. */
const nodeWithLoader = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  "--import",
  moduleBeside("node-process/own-loader").href,
];

/** Longer than any run. */
const neverMs = 2 ** 30;
/** A program may take so long to start, on a machine that is busy. */
const restMs = 3_000;
const finishMsMax = 30_000;
const silenceMsMax = 3_000;
const upMsMax = 15_000;
