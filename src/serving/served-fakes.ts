import type { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import { programFaultOf } from "../../fakes/cli/program-fault.ts";
import type { JsonObject } from "../base/json.ts";
import type { JournalHeader } from "../history/journal.ts";
import { journalFormat } from "../history/journal.ts";
import { Draws } from "../kernel/draws.ts";
import type { HttpRequest, HttpResponse } from "../ports/http.ts";
import type { Result } from "../ports/result.ts";
import { sendRequest } from "../real/http-client.ts";
import { ArmedFaults } from "./armed-faults.ts";
import { setUpBoard } from "./board-setup.ts";
import { summariseBoard } from "./board-summary.ts";
import type { JournalFile } from "./journal-file.ts";
import { setUpModel } from "./model-setup.ts";
import { Problems } from "./problems.ts";
import {
  ScenarioMistake,
  type ArmedFault,
  type BoardSettings,
  type ModelSettings,
  type ScenarioFile,
  type ServiceRequestFault,
} from "./scenario-file.ts";
import { ServedJournal } from "./served-journal.ts";
import { ServedService, type ServingContext } from "./served-service.ts";
import { ServingClock } from "./serving-clock.ts";
import { TurnQueue } from "./turn-queue.ts";

export interface ServedFakesOptions {
  readonly scenario?: ScenarioFile;
  /** As the journal's header names it. */
  readonly scenarioName?: string;
  readonly seed?: number;
  readonly clock?: ServingClock;
  /** Where the board's own pages are, without a slash at the end. */
  readonly boardOrigin?: string;
  /** Given the header of the journal, where it is written to; kept in memory alone without. */
  readonly journalFile?: (header: JournalHeader) => JournalFile;
  /** Of stormlane, for the journal's header. */
  readonly version?: string;
  /** How webhooks leave. Default: over the network. */
  readonly send?: (request: HttpRequest) => Promise<Result<HttpResponse>>;
}

/** The fakes of one scenario, ready to be asked, and all that can be done to them meanwhile. */
export class ServedFakes {
  readonly clock: ServingClock;
  readonly journal: ServedJournal;
  readonly problems = new Problems();
  readonly board: ServedService;
  readonly model: ServedService;

  private readonly faults = new ArmedFaults();
  private readonly closing = new AbortController();
  private readonly boardOrigin: string;
  private readonly scenario: ScenarioFile;
  private kanboard: Kanboard;

  /** @throws ScenarioMistake */
  constructor(options: ServedFakesOptions = {}) {
    this.scenario = options.scenario ?? {};
    this.clock = options.clock ?? new ServingClock();
    this.boardOrigin = options.boardOrigin ?? "http://board.test";
    this.kanboard = setUpBoard(this.scenario.board ?? {}, this.boardOrigin, this.clock.nowMs());
    const provider = setUpModel(this.scenario.model ?? {});
    const faults = serviceFaultsOf(this.scenario.faults ?? []);
    this.arm(faults, { board: this.kanboard.faults, model: provider.faults, webhook: [] });

    const seed = options.seed ?? 1;
    const header: JournalHeader = {
      kind: "journal",
      format: journalFormat,
      version: options.version ?? "",
      seed,
      scenario: options.scenarioName ?? "",
      startMs: this.clock.nowMs() - Math.round(this.clock.elapsedMs()),
    };
    this.journal = new ServedJournal(header, this.clock, options.journalFile?.(header));
    const context: ServingContext = {
      clock: this.clock,
      draws: new Draws(seed),
      journal: this.journal,
      faults: this.faults,
      problems: this.problems,
      turns: new TurnQueue(),
      send:
        options.send ?? ((request) => sendRequest({ ...request, signal: this.closing.signal }, webhookAnswerBytesMax)),
      nextId: counter(),
    };
    this.board = new ServedService(this.kanboard, context);
    this.model = new ServedService(provider, context);
  }

  /**
   * Puts everything back: board, model, faults, problems and clock. Requests in progress end on what they began with.
   *
   * @param board settings over those of a fresh installation, or of the scenario
   * @throws ScenarioMistake and nothing is changed
   */
  reset({ state, board = {} }: ResetOptions): void {
    const settings = state === "factory" ? board : { ...this.scenario.board, ...board };
    const kanboard = setUpBoard(settings, this.boardOrigin, this.clock.nowMs());
    const provider = setUpModel(this.scenario.model ?? {});
    this.kanboard = kanboard;
    this.board.service = kanboard;
    this.model.service = provider;
    this.problems.clear();
    this.faults.clear();
    if (state !== "factory") this.faults.arm(serviceFaultsOf(this.scenario.faults ?? []));
    this.clock.reset();
    this.journal.note("control", "reset", { state });
  }

  /** Another script, or other limits, from now on; the counts of requests begin again. @throws ScenarioMistake */
  setModel(settings: ModelSettings): void {
    this.model.service = setUpModel({ ...this.scenario.model, ...settings });
    this.journal.note("control", "script", {});
  }

  /** @throws ScenarioMistake when a service has no such failure */
  armFaults(faults: readonly ArmedFault[]): void {
    const given = serviceFaultsOf(faults);
    this.arm(given, { board: this.board.service.faults ?? [], model: this.model.service.faults ?? [], webhook: [] });
    for (const { service, fault } of given) this.journal.note("control", "fault", { service, kind: fault.kind });
  }

  disarmFaults(): void {
    this.faults.clear();
  }

  armedFaults(): ReturnType<ArmedFaults["list"]> {
    return this.faults.list();
  }

  summary(): JsonObject {
    return summariseBoard(this.kanboard, this.clock.nowMs());
  }

  /** Ends waits, and webhooks on their way, and writes the journal to its end. What is still in progress is not answered. */
  close(): void {
    this.clock.close();
    this.journal.close();
    this.closing.abort();
  }

  private arm(
    faults: readonly ServiceRequestFault[],
    offered: Readonly<Record<ServiceRequestFault["service"], readonly string[]>>,
  ): void {
    for (const { service, fault } of faults) {
      if (fault.kind !== "service-fault" || offered[service].includes(fault.name)) continue;
      throw new ScenarioMistake({
        what: `faults: ${service}: ${fault.name}`,
        why: "the service has no such failure",
        fix: `use one of ${offered[service].join(", ") || "the delivery faults: it has none of its own"}`,
      });
    }
    this.faults.arm(faults);
  }
}

export interface ResetOptions {
  /** `factory`: a fresh installation. `scenario`: as at the start. */
  readonly state: "factory" | "scenario";
  readonly board?: BoardSettings;
}

const webhookAnswerBytesMax = 1024 * 1024;

/** Those that strike requests; those of programs are for the executables, and only checked here. */
function serviceFaultsOf(faults: readonly ArmedFault[]): readonly ServiceRequestFault[] {
  return faults.filter((fault): fault is ServiceRequestFault => {
    if ("service" in fault) return true;
    try {
      programFaultOf(fault.fault);
    } catch (error) {
      const why = (error as Error).message;
      throw new ScenarioMistake({ what: `faults: ${fault.program}`, why, fix: "docs/faults.md lists them" });
    }
    return false;
  });
}

function counter(): () => number {
  let last = 0;
  return () => ++last;
}
