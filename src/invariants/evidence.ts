import type { BoardChange, DiskChange } from "../history/changes.ts";
import type { HistoryEvent } from "../history/event.ts";
import { Approvals, type Reopening } from "./approvals.ts";
import { BoardView } from "./board-view.ts";
import { DiskView, type PathChange } from "./disk-view.ts";
import type { StruckFault } from "./fault-budget.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import { RunsView } from "./run-view.ts";

/** The state of one run of the world as its history tells it so far: what all judges of the board world look at. */
export class Evidence {
  readonly facts: Facts;
  readonly board = new BoardView();
  readonly disk = new DiskView();
  readonly runs = new RunsView();
  readonly approvals: Approvals;
  /** Of the event that was observed last, when it was a change of the disk. */
  pathChanges: readonly PathChange[] = none;
  /** In order. */
  readonly faults: (StruckFault & { readonly atUs: number })[] = [];
  /** What the event that was observed last has opened again. */
  reopened: readonly Reopening[] = none;
  begun = false;

  constructor(facts: Facts) {
    this.facts = facts;
    this.approvals = new Approvals(facts, this.disk, (process) => this.isSystem(process));
  }

  observe(event: HistoryEvent): void {
    this.begun = true;
    this.pathChanges = none;
    this.reopened = none;
    switch (event.kind) {
      case "process":
        this.runs.observeProcess(event);
        return;
      case "note":
        this.runs.observeNote(event);
        return;
      case "answered":
        this.runs.observeAnswer(event);
        return;
      case "fault":
        this.faults.push(event);
        return;
      case "change":
        if (event.change.store === "board") this.board.observe(event, event.change as BoardChange);
        else if (event.change.store === "disk") {
          this.pathChanges = this.disk.observe(event.change as DiskChange);
          for (const change of this.pathChanges) {
            const reopening = this.approvals.observe(change, event.atUs);
            if (reopening !== undefined) this.reopened = [...this.reopened, reopening];
          }
        }
        return;
      default:
    }
  }

  /** Whether the process is one of the system: neither people, nor a program, nor what befalls a disk from outside. */
  isSystem(process: string): boolean {
    return !outsiders.has(process) && !this.facts.people.includes(process) && !process.startsWith("program:");
  }
}

const none: readonly never[] = [];

/** Who changes a disk without being a process: setting up, a fault, the host's own crash. */
const outsiders: ReadonlySet<string> = new Set(["", "fault", "crash"]);

const evidenceKinds: readonly HistoryEvent["kind"][] = ["process", "note", "answered", "fault", "change"];

/**
 * Lets the judges of one run share one evidence, so that it is kept once and not once for each. The judge that starts
 * first sees every event before the others do, and keeps it.
 */
export class SharedEvidence {
  private readonly facts: Facts;
  private latest: Evidence | undefined;
  /** The rules that look at the latest one. */
  private readonly joined = new Set<string>();

  constructor(facts: Facts) {
    this.facts = facts;
  }

  /** The judge of a rule joins the run that is about to begin. One that has joined already begins another run. */
  join(rule: string): { readonly evidence: Evidence; readonly keeps: boolean } {
    const isNew = this.latest === undefined || this.latest.begun || this.joined.has(rule);
    if (isNew) this.joined.clear();
    this.joined.add(rule);
    const evidence = isNew ? new Evidence(this.facts) : this.latest!;
    this.latest = evidence;
    return { evidence, keeps: isNew };
  }
}

/** A rule over the shared evidence. When it observes an event, the evidence holds it already. */
export interface BoardRule {
  readonly id: string;
  readonly rule: string;
  start(evidence: Evidence, report: (finding: Finding) => void): Judge;
}

export function boardInvariant(shared: SharedEvidence, rule: BoardRule): Invariant {
  return {
    id: rule.id,
    rule: rule.rule,
    start(report) {
      const { evidence, keeps } = shared.join(rule.id);
      const judge = rule.start(evidence, report);
      if (!keeps) return judge;
      const wanted = new Set(judge.kinds);
      const { stores } = judge;
      return {
        kinds: [...new Set([...evidenceKinds, ...judge.kinds])],
        observe(event, index) {
          evidence.observe(event);
          if (!wanted.has(event.kind)) return;
          const isOfOther = event.kind === "change" && stores?.every((store) => store !== event.change.store) === true;
          if (!isOfOther) judge.observe(event, index);
        },
        finish: (end) => judge.finish?.(end),
        checked: () => judge.checked(),
      };
    },
  };
}
