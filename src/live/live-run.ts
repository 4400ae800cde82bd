import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import type { HistoryEvent } from "../history/event.ts";
import { Panel } from "../invariants/panel.ts";
import type { Violation } from "../invariants/invariant.ts";
import { freePort, listens } from "./loopback-port.ts";
import { defaultApiToken } from "../serving/board-setup.ts";
import { installExecutables } from "../serving/executable/install.ts";
import type { ScenarioFile } from "../serving/scenario-file.ts";
import { ServedFakes } from "../serving/served-fakes.ts";
import { ServingClock } from "../serving/serving-clock.ts";
import { Boundary, type Held } from "./boundary.ts";
import type { Chooser } from "./chooser.ts";
import { FakedClock } from "./faked-clock.ts";
import { Gateway, heldWebhooks } from "./gateway.ts";
import { LimitedDisk } from "./limited-disk.ts";
import type { LivePlan } from "./live-config.ts";
import { peopleAt } from "./people.ts";
import type { ArrivalFault, PlannedFault } from "./planned-fault.ts";
import { Supervisor } from "./supervisor.ts";
import { Sweeper } from "./sweeper.ts";
import { Unavailable } from "./unavailable.ts";

export interface LiveRunOptions {
  readonly plan: LivePlan;
  readonly scenario: ScenarioFile;
  /** For the programs: where the scenario stands; null for none. */
  readonly scenarioFile: string | null;
  /** Absolute; what each run works in a copy of. */
  readonly workspace: string | undefined;
  readonly chooser: Chooser;
  readonly faults: readonly PlannedFault[];
  readonly seed: number;
  /** Everything goes on as it comes. */
  readonly plain?: boolean;
  readonly signal?: AbortSignal;
  readonly version: string;
}

export interface LiveOutcome {
  /**
   * `limit`: it had to be broken off before it was over, so that nothing is known of its end. `unfit`: the processes did
   * not begin to work, or the board refused people; nothing can be said.
   */
  readonly verdict: "held" | "violated" | "limit" | "unfit" | "interrupted";
  readonly violation: Violation | undefined;
  readonly unfitness: Unfitness | undefined;
  /** Sites, as they were let go. */
  readonly order: readonly string[];
  readonly seen: readonly Held[];
  /** Arrivals at which more than one process could have gone first. */
  readonly choices: number;
  /** Let go because they were held too long. */
  readonly hurried: number;
  readonly struck: readonly PlannedFault[];
  readonly events: readonly HistoryEvent[];
  /** How often each rule had something to judge. */
  readonly checked: Readonly<Record<string, number>>;
  readonly wallMs: number;
  /** What is known to go wrong with the means that the config asks for. */
  readonly shortcomings: readonly string[];
}

/** Why a run can say nothing. */
export interface Unfitness {
  readonly why: string;
  readonly fix: string;
  /** The last lines that the process wrote, or nothing. */
  readonly words: string;
}

/** One run of real processes from their start to their end, in a folder of its own that is gone afterwards. */
export async function runLive(options: LiveRunOptions): Promise<LiveOutcome> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "stormlane-live-")));
  const run = new LiveRun(folder, options);
  try {
    return await run.run();
  } finally {
    await run.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface EarlyEnd {
  readonly crashes: number;
  readonly reason: string;
  readonly words: string;
}

class LiveRun {
  private readonly options: LiveRunOptions;
  private readonly folder: string;
  /** What processes of the run see: workspace, home and tmp stand in it. */
  private readonly diskFolder: string;
  private readonly workspace: string;
  private readonly startedMs = performance.now();
  private readonly closed = new AbortController();
  private readonly boundary = new Boundary(() => this.nowMs());
  private readonly events: HistoryEvent[] = [];
  private readonly order: string[] = [];
  private readonly seen: Held[] = [];
  private readonly struck: PlannedFault[] = [];
  private readonly supervisor: Supervisor;
  private readonly sweeper: Sweeper;
  private fakes: ServedFakes | undefined;
  private gateway: Gateway | undefined;
  private panel: Panel | undefined;
  private violation: Violation | undefined;
  private peopleFailed: Unfitness | undefined;
  private peopleAreDone = false;
  private lastChangeMs = 0;
  /** By process that has not asked for anything: how often it ended with an error, how it ended last, and what it said. */
  private readonly earlyEnds = new Map<string, EarlyEnd>();
  private choices = 0;
  private hurried = 0;

  constructor(folder: string, options: LiveRunOptions) {
    this.folder = folder;
    this.options = options;
    this.diskFolder = join(folder, "disk");
    this.workspace = join(this.diskFolder, "workspace");
    this.sweeper = new Sweeper({ folder, workspace: this.workspace });
    mkdirSync(join(folder, "output"));
    // Processes are started there before they enter a disk of their own.
    mkdirSync(this.workspace, { recursive: true });
    this.supervisor = new Supervisor({
      workspace: this.workspace,
      outputFolder: join(folder, "output"),
      enter: (command) => this.disk?.enter(command, this.workspace) ?? command,
      environmentOf: (name) => this.environmentOf(name),
      onLife: (process, incarnation, what, reason) => {
        const { journal } = this.fakes!;
        journal.append({ kind: "process", atUs: journal.nowUs(), process, incarnation, what, reason });
        if ((what === "crash" || what === "finish") && !this.boundary.knows(process)) {
          const crashes = (this.earlyEnds.get(process)?.crashes ?? 0) + (what === "crash" ? 1 : 0);
          this.earlyEnds.set(process, { crashes, reason, words: this.supervisor.lastWords(process) });
        }
        this.boundary.noteActivity();
      },
    });
  }

  async run(): Promise<LiveOutcome> {
    const { plan } = this.options;
    await this.prepare();
    if (this.options.plain === true) this.boundary.open();
    for (const [name, process] of Object.entries(plan.processes)) this.supervisor.start(name, process);
    void this.actAsPeople();
    while (!this.isOver()) {
      await this.settle();
      if (this.boundary.held.length === 0) await this.boundary.change(plan.settleMs);
      else await this.releaseOne();
    }
    const isRegularEnd = this.isQuiet();
    await this.supervisor.close();
    if (this.violation === undefined && isRegularEnd) {
      this.panel!.finish({ atUs: this.fakes!.journal.nowUs() });
    }
    return this.outcome(isRegularEnd);
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.supervisor.close();
    this.boundary.open();
    await this.gateway?.close();
    this.fakes?.close();
    await this.disk?.close();
    this.sweeper.stop();
  }

  private async prepare(): Promise<void> {
    const { plan, scenario, seed, version } = this.options;
    await this.prepareDisk();
    const clock = new ServingClock({ speed: plan.clock?.speed ?? 1 });
    this.fakeClocks();
    this.panel = new Panel(plan.invariants, [], (violation) => (this.violation ??= violation));
    this.webhookPort = plan.webhook === undefined ? 0 : await freePort();
    this.fakes = new ServedFakes({
      scenario: this.withWebhook(scenario),
      seed,
      clock,
      version,
      send: heldWebhooks(this.boundary, clock),
    });
    this.fakes.journal.onEvent = (event) => {
      // One that begins or ends may change something, too.
      if (event.kind === "change" || event.kind === "process") this.lastChangeMs = this.nowMs();
      this.events.push(event);
      this.panel!.observe(event, this.events.length - 1);
    };
    const gateway = new Gateway({
      fakes: this.fakes,
      boundary: this.boundary,
      kill: (process) => this.supervisor.kill(process),
      ownerOf: (pid) => this.supervisor.ownerOf(pid),
    });
    this.gateway = gateway;
    for (const name of Object.keys(plan.processes)) await gateway.openFor(name);
    this.peoplesPort = await gateway.openUnheld();
    if (plan.programs === undefined || plan.programs.length === 0) return;
    await gateway.openProgramGate();
    const { scenarioFile } = this.options;
    installExecutables({
      folder: join(this.folder, "bin"),
      programs: plan.programs,
      scenario: scenarioFile === null ? null : { path: scenarioFile, checkedText: null },
      seed,
      speed: 1,
      journal: join(this.folder, "programs.jsonl"),
      version,
      gate: gateway.programGate,
    });
  }

  private async prepareDisk(): Promise<void> {
    const { plan, workspace } = this.options;
    if (plan.disk !== undefined) this.disk = await LimitedDisk.open({ folder: this.diskFolder, ...plan.disk });
    const root = this.disk?.outside ?? this.diskFolder;
    for (const name of ["workspace", "home", "tmp"]) mkdirSync(join(root, name), { recursive: true });
    if (workspace === undefined) return;
    try {
      // With a filter it copies file by file, and says what is wrong; without one all is EIO.
      cpSync(workspace, join(root, "workspace"), { recursive: true, filter: () => true });
    } catch (error) {
      if (plan.disk === undefined || (error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      throw new Unavailable({
        what: "disk.quotaBytes",
        why: `the workspace does not fit into ${plan.disk.quotaBytes} bytes`,
        fix: "raise it, or name a smaller workspace",
      });
    }
  }

  private fakeClocks(): void {
    const { clock, processes } = this.options.plan;
    for (const own of [clock, ...Object.values(processes).map((process) => process.clock)]) {
      if (own === undefined) continue;
      const library = own.library ?? clock?.library;
      if (!this.clocks.has(library)) this.clocks.set(library, FakedClock.find(library));
    }
  }

  /** It is the board's when the process starts, but for what is asked for; nothing where nobody asks. */
  private clockOf(process: string): Readonly<Record<string, string>> {
    const { clock, processes } = this.options.plan;
    const own = processes[process]?.clock;
    const faked = this.clocks.get(own?.library ?? clock?.library);
    if (faked === undefined || (clock === undefined && own === undefined)) return {};
    const { speed = 1, offsetMs = 0 } = { ...clock, ...own };
    return faked.environment({ speed, aheadMs: this.fakes!.clock.nowMs() - Date.now() + offsetMs });
  }

  /** By what the config names. */
  private readonly clocks = new Map<string | undefined, FakedClock>();
  private disk: LimitedDisk | undefined;
  private webhookPort = 0;
  private peoplesPort = 0;

  private withWebhook(scenario: ScenarioFile): ScenarioFile {
    const { webhook } = this.options.plan;
    if (webhook === undefined) return scenario;
    const { path = "/webhook", token = webhookTokenDefault, timeLimitMs } = webhook;
    const url = `http://127.0.0.1:${this.webhookPort}${path}`;
    const settings = { url, token, ...(timeLimitMs === undefined ? {} : { timeLimitMs }) };
    return { ...scenario, board: { ...scenario.board, webhook: settings } };
  }

  /** Addresses and folders of the run, and nothing of the user's own environment but the language and where programs are. */
  private environmentOf(process: string): Readonly<Record<string, string>> {
    const { scenario, plan } = this.options;
    const { boardPort, modelPort } = this.gateway!.doors.get(process)!;
    const model = `http://127.0.0.1:${modelPort}`;
    const key = scenario.model?.apiKey ?? "stormlane";
    const { PATH = "", LANG = "C.UTF-8" } = globalThis.process.env;
    const isReceiver = plan.webhook?.process === process;
    return {
      PATH: [join(this.folder, "bin"), PATH].join(delimiter),
      LANG,
      HOME: join(this.diskFolder, "home"),
      TMPDIR: join(this.diskFolder, "tmp"),
      ...this.clockOf(process),
      STORMLANE_WORKSPACE: this.workspace,
      STORMLANE_PROCESS: process,
      KANBOARD_URL: `http://127.0.0.1:${boardPort}/jsonrpc.php`,
      KANBOARD_API_TOKEN: scenario.board?.apiToken ?? defaultApiToken,
      OPENAI_BASE_URL: `${model}/v1`,
      OPENAI_API_KEY: key,
      ANTHROPIC_BASE_URL: model,
      ANTHROPIC_API_KEY: key,
      OLLAMA_HOST: model,
      GOOGLE_GEMINI_BASE_URL: model,
      GEMINI_API_KEY: key,
      ...(isReceiver
        ? { WEBHOOK_PORT: String(this.webhookPort), WEBHOOK_TOKEN: plan.webhook.token ?? webhookTokenDefault }
        : {}),
    };
  }

  private async actAsPeople(): Promise<void> {
    const { plan, scenario } = this.options;
    try {
      if (!(await this.receiverListens())) return;
      await plan.people?.(
        peopleAt({
          url: `http://127.0.0.1:${this.peoplesPort}/jsonrpc.php`,
          apiToken: scenario.board?.apiToken ?? defaultApiToken,
          boundary: this.boundary,
          closed: this.closed.signal,
        }),
      );
    } catch (error) {
      this.peopleFailed = {
        why: `people: ${error instanceof Error ? error.message : String(error)}`,
        fix: "mend people in the config, or what the board starts with",
        words: "",
      };
    }
    this.peopleAreDone = true;
    this.lastChangeMs = this.nowMs();
    this.boundary.noteActivity();
  }

  /** Who is told of changes must be there before the first of them. */
  private async receiverListens(): Promise<boolean> {
    const { webhook } = this.options.plan;
    if (webhook === undefined) return true;
    while (!(await listens(this.webhookPort))) {
      if (this.isOver()) return false;
      const waitMs = Math.min(listeningMsMax, this.options.plan.runMsMax / 2);
      if (this.nowMs() > waitMs) {
        this.peopleFailed = {
          why: `processes.${webhook.process} does not listen on WEBHOOK_PORT after ${waitMs / 1000} s`,
          fix: "let it take connections of 127.0.0.1 on the port that WEBHOOK_PORT says",
          words: this.supervisor.lastWords(webhook.process),
        };
        return false;
      }
      await this.boundary.change(20);
    }
    return true;
  }

  /** Until all that could come next has come: nothing new for a while, or everybody waits for us. */
  private async settle(): Promise<void> {
    const { settleMs } = this.options.plan;
    while (this.boundary.idleMs < settleMs && !this.isOver()) {
      if (this.boundary.idleMs >= everybodyMs && this.everybodyWaits()) return;
      await this.boundary.change(Math.max(1, Math.ceil(Math.min(settleMs, everybodyMs))));
    }
  }

  private everybodyWaits(): boolean {
    const waiting = new Set(this.boundary.held.map(({ process }) => process));
    if (!this.peopleAreDone && !waiting.has("people")) return false;
    return !this.supervisor.isRestarting && this.supervisor.running.every((name) => waiting.has(name));
  }

  private async releaseOne(): Promise<void> {
    const { chooser, plan, faults } = this.options;
    const { held } = this.boundary;
    const overdue = held.findIndex(({ sinceMs }) => this.nowMs() - sinceMs > plan.holdMsMax);
    const index = overdue === -1 ? chooser.choose(held) : overdue;
    if (index === undefined) {
      await this.boundary.change(plan.settleMs);
      return;
    }
    if (overdue > 0) this.hurried++;
    if (held.some(({ process }) => process !== held[0]!.process)) this.choices++;
    const next = held[index]!;
    const planned = faults.find(({ site }) => site === next.site);
    if (planned !== undefined) this.struck.push(planned);
    // What was held back may change something now.
    if (this.nowMs() - next.sinceMs > 5 * plan.settleMs) this.lastChangeMs = this.nowMs();
    this.order.push(next.site);
    this.seen.push(next);
    this.boundary.release(index, this.befalls(planned));
  }

  /** @returns what befalls who arrived; what befalls the whole run is done */
  private befalls(planned: PlannedFault | undefined): ArrivalFault | undefined {
    if (planned?.fault.kind !== "disk-full") return planned?.fault;
    const { durationMs } = planned.fault;
    if (this.disk === undefined) {
      throw new Unavailable({
        what: `disk-full at ${planned.site}`,
        why: "the runs of this config have no disk of their own",
        fix: "add disk: { quotaBytes: … } to the config",
      });
    }
    const { journal, clock } = this.fakes!;
    this.disk.fill(durationMs / clock.speed);
    journal.append({
      ...{ kind: "fault", atUs: journal.nowUs(), site: planned.site, fault: "disk-full" },
      ...{ params: { durationMs }, effect: "none" },
    });
    return undefined;
  }

  private isOver(): boolean {
    const { plan, signal } = this.options;
    if (this.violation !== undefined || signal?.aborted === true) return true;
    if (this.supervisor.failure !== undefined || this.peopleFailed !== undefined) return true;
    if (this.neverBegins() !== undefined) return true;
    return this.nowMs() > plan.runMsMax || this.isQuiet();
  }

  /** People have done their part, and nothing has changed for a while. */
  private isQuiet(): boolean {
    return this.peopleAreDone && this.nowMs() - this.lastChangeMs > this.options.plan.quietMs;
  }

  private outcome(isRegularEnd: boolean): LiveOutcome {
    const unfitness = this.unfitness(isRegularEnd);
    const verdict = this.verdict(unfitness, isRegularEnd);
    return {
      verdict,
      violation: this.violation,
      unfitness: verdict === "unfit" ? unfitness : undefined,
      order: this.order,
      seen: this.seen,
      choices: this.choices,
      hurried: this.hurried,
      struck: this.struck,
      events: this.events,
      checked: this.panel?.checked() ?? {},
      wallMs: Math.round(this.nowMs()),
      shortcomings: [...this.clocks.values()].flatMap(({ shortcoming }) => shortcoming ?? []),
    };
  }

  private verdict(unfitness: Unfitness | undefined, isRegularEnd: boolean): LiveOutcome["verdict"] {
    if (this.violation !== undefined) return "violated";
    if (this.options.signal?.aborted === true) return "interrupted";
    if (unfitness !== undefined) return "unfit";
    return isRegularEnd ? "held" : "limit";
  }

  private unfitness(isRegularEnd: boolean): Unfitness | undefined {
    if (this.peopleFailed !== undefined) return this.peopleFailed;
    const { failure } = this.supervisor;
    if (failure !== undefined) return { why: failure, fix: "name a program that can be started", words: "" };
    return this.neverBegins() ?? (isRegularEnd ? undefined : this.leftEarly());
  }

  /** Why a process will not work, however often it is started: it ends each time before it has asked for anything. */
  private neverBegins(): Unfitness | undefined {
    for (const [name, { crashes, reason, words }] of this.earlyEnds) {
      if (crashes < earlyCrashesMax) continue;
      const why = `processes.${name}: ended with ${reason} before it asked for anything, ${crashes} times`;
      return { why, fix: processFix, words };
    }
    return undefined;
  }

  /** Of a run that was not over in time: who may have been waited for. */
  private leftEarly(): Unfitness | undefined {
    const { runMsMax } = this.options.plan;
    for (const [name, { reason, words }] of this.earlyEnds) {
      if (this.supervisor.running.includes(name) || this.boundary.knows(name)) continue;
      const why = `processes.${name}: ended with ${reason} before it asked for anything, and the run was not over after ${runMsMax} ms`;
      return { why, fix: processFix, words };
    }
    return undefined;
  }

  private nowMs(): number {
    return performance.now() - this.startedMs;
  }
}

const processFix = "start the process by hand with the variables that docs/live.md lists, and mend it";
const webhookTokenDefault = "webhook";
/** When everybody waits for us, nothing else can come, but for what a process does beside its request. */
const everybodyMs = 4;
const listeningMsMax = 10_000;
/** Another process that it needs may not be there the first time. */
const earlyCrashesMax = 3;
