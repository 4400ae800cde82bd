import type { JsonObject } from "../base/json.ts";
import type { Fault, FaultSpec, Seam } from "../faults/fault.ts";
import type { FaultSource } from "../faults/plan.ts";
import type { HistoryEvent } from "../history/event.ts";
import type { HistoryReader } from "../history/history.ts";
import { purpose, type Draws } from "../kernel/draws.ts";
import type { Operation } from "../kernel/operation.ts";
import { asInLogs, type Speakers } from "./divergence.ts";
import { isShown, type Anchor, type LoggedFault, type ShownKinds } from "./logged-fault.ts";

export interface LoggedFaultOptions extends Speakers {
  readonly faults: readonly LoggedFault[];
  readonly shown: ShownKinds;
  /** Of what the logs leave open. */
  readonly draws: Draws;
  /** What else may go wrong. */
  readonly others: FaultSource;
}

/**
 * Brings the faults of the logs about, each once: it waits for what the orchestrator said before, lets as many fitting
 * operations pass as were drawn, and strikes the next with one of the faults that look so. It must read the history as it grows.
 */
export class LoggedFaultSource implements FaultSource, HistoryReader {
  /** Which logged fault became which, in order of striking. */
  readonly struck: { readonly logged: LoggedFault; readonly fault: Fault }[] = [];

  private readonly options: LoggedFaultOptions;
  private readonly waiting: WaitingFault[];

  constructor(options: LoggedFaultOptions) {
    this.options = options;
    const { faults, draws } = options;
    this.waiting = faults.flatMap((fault, index) => {
      const isLeftOut = fault.isDoubtful === true && draws.int(index, doubtPurpose, 4) === 0;
      return isLeftOut ? [] : [new WaitingFault(fault, index, draws)];
    });
  }

  observe(event: HistoryEvent): void {
    if (event.kind !== "note") return;
    const waiting = this.waiting.filter((each) => each.listensTo(event.name));
    if (waiting.length === 0) return;
    const fields = asInLogs(event.fields, this.options.nameOf);
    for (const each of waiting) each.hear(event.process, fields);
  }

  strike(operation: Operation, seam: Seam, nowUs: number): FaultSpec | undefined {
    if (!this.options.people.includes(operation.process)) {
      const index = this.waiting.findIndex((each) => each.takes(operation, seam));
      const [hit] = index < 0 ? [] : this.waiting.splice(index, 1);
      if (hit !== undefined) {
        const spec = hit.specAt(seam);
        this.struck.push({ logged: hit.fault, fault: { ...spec, site: operation.site } });
        return spec;
      }
    }
    const other = this.options.others.strike(operation, seam, nowUs);
    return other === undefined || isShown(this.options.shown, other, seam) ? undefined : other;
  }
}

/** How exactly a run must say the same as the log before a fault strikes. Logs of another version say things a little otherwise. */
type Strictness = "exact" | "name" | "none";

class WaitingFault {
  readonly fault: LoggedFault;

  private readonly specBits: number;
  private readonly strictness: Strictness;
  private heardLeft: number;
  private passesLeft: number;
  /** Who said what it waits for; undefined until then, and where it waits for nothing. */
  private victim: string | undefined;

  constructor(fault: LoggedFault, index: number, draws: Draws) {
    this.fault = fault;
    this.specBits = draws.bits(index, specPurpose);
    this.strictness =
      fault.after === undefined ? "none" : strictnesses[draws.int(index, strictPurpose, strictnesses.length)]!;
    this.heardLeft = fault.after?.occurrence ?? 0;
    const passedMax = Math.min(fault.passedMax, reaches[draws.int(index, reachPurpose, reaches.length)]!);
    // An operation that the log names is the one; others are any of those that follow.
    this.passesLeft = fault.operation === undefined ? draws.int(index, passPurpose, passedMax + 1) : fault.passedMax;
  }

  listensTo(name: string): boolean {
    return this.strictness !== "none" && this.victim === undefined && name === this.fault.after?.name;
  }

  hear(process: string, fields: JsonObject): void {
    if (this.strictness === "exact" && !saysAll(fields, this.fault.after!)) return;
    if (this.heardLeft-- > 0) return;
    this.victim = process;
  }

  specAt(seam: Seam): FaultSpec {
    const specs = this.fault.menu?.[seam] ?? this.fault.specs;
    return specs[this.specBits % specs.length]!;
  }

  /** Whether it strikes now. Operations that fit are counted. */
  takes(operation: Operation, seam: Seam): boolean {
    const { seams, operation: named, menu } = this.fault;
    if (this.strictness !== "none" && this.victim !== operation.process) return false;
    if (seams.length > 0 && !seams.includes(seam)) return false;
    if (menu?.[seam].length === 0) return false;
    if (named !== undefined && (operation.name !== named.name || (named.key !== "" && operation.key !== named.key)))
      return false;
    return this.passesLeft-- <= 0;
  }
}

function saysAll(fields: JsonObject, { fields: wanted }: Anchor): boolean {
  return Object.entries(wanted).every(([name, value]) => !(name in fields) || fields[name] === value);
}

const strictnesses: readonly Strictness[] = [
  "exact",
  "exact",
  "exact",
  "exact",
  "exact",
  "exact",
  "exact",
  "name",
  "name",
  "none",
];
/** Mostly it is one of the first operations after the last word. */
const reaches: readonly number[] = [0, 2, 5, 12, 80];

const doubtPurpose = purpose("doubt");
const specPurpose = purpose("logged fault");
const strictPurpose = purpose("strictness");
const reachPurpose = purpose("reach");
const passPurpose = purpose("passes");
