import { usPerMs } from "../../kernel/time.ts";
import type { FaultEvent, HistoryEvent } from "../../history/event.ts";
import { CardNames } from "../../report/card-names.ts";
import { describeEvent } from "../../report/event-words.ts";
import { describeOperation } from "../../report/op-words.ts";
import type { TraceSpan, TraceSpanEvent } from "../../report/otlp.ts";
import { plainLine } from "../../report/plain-line.ts";
import { signatureOf, type Outcome } from "../../sim/outcome.ts";
import { spansOfHistory } from "./history-spans.ts";
import type { WrittenMark, WrittenSpan } from "./span-profile.ts";

/**
 * A simulated run as one trace: the run, in it the lives of processes, in them their tasks, as the run of a card, in
 * those the agents, and in them the operations. What struck an operation is an event of its span; a fault that struck
 * none that was answered, and the violation, are events of the whole run.
 *
 * @returns the root first, and each span after its parent
 */
export function runSpans(scenario: string, outcome: Outcome): TraceSpan[] {
  const { events } = outcome.history;
  const entries = spansOfHistory(events);
  const faults = faultsBySite(events);
  const effects = effectsByOperation(events);
  const sites = new Map(
    events.flatMap((event) => (event.kind === "sent" ? [[event.op.id, event.op.site] as const] : [])),
  );
  const spans = new SpanTree(scenario, outcome);
  for (const entry of entries) {
    if (entry.kind === "mark") {
      spans.addMark(entry);
      continue;
    }
    const site = sites.get(entry.requestId) ?? "";
    const struck = faults.get(site) ?? [];
    faults.delete(site);
    spans.addOperation(entry, site, [...struck.map(faultEvent), ...(effects.get(entry.requestId) ?? [])]);
  }
  return spans.finish([...faults.values()].flat().map(faultEvent));
}

type Mutable = { -readonly [Member in keyof TraceSpan]: TraceSpan[Member] } & { events: TraceSpanEvent[] };

/** Grows its inner spans to hold what is put into them. */
class SpanTree {
  private readonly outcome: Outcome;
  private readonly root: Mutable;
  private readonly inner = new Map<string, Mutable>();
  private readonly operations: TraceSpan[] = [];

  constructor(scenario: string, outcome: Outcome) {
    this.outcome = outcome;
    const { stats } = outcome;
    this.root = {
      path: rootPath,
      parent: undefined,
      service: "stormlane",
      name: `run of ${scenario}`,
      kind: "internal",
      startUs: 0,
      endUs: Math.round(stats.virtualMs * usPerMs),
      attributes: { "stormlane.scenario": scenario, "stormlane.steps": stats.steps, "stormlane.ops": stats.ops },
      events: [],
      error: undefined,
    };
  }

  addOperation(entry: WrittenSpan, site: string, events: readonly TraceSpanEvent[]): void {
    const { kind, name, key, outcome, role, requestId } = entry;
    const [startUs, endUs] = [Math.round(entry.startMs * usPerMs), Math.round(entry.endMs * usPerMs)];
    const parent = this.innermost(entry, startUs, endUs);
    this.operations.push({
      path: `operation ${requestId}`,
      parent: parent.path,
      service: role,
      name: plainLine(describeOperation(name.replace(/^files\./, "disk."), key), textMax),
      kind: kind === "wait" ? "internal" : "client",
      startUs,
      endUs,
      attributes: {
        "stormlane.operation": name,
        "stormlane.key": key,
        "stormlane.kind": kind,
        "stormlane.outcome": outcome,
        "stormlane.site": site,
      },
      events: events.toSorted((left, right) => left.atUs - right.atUs),
      error: errorOf(outcome),
    });
  }

  addMark(mark: WrittenMark): void {
    const atUs = Math.round(mark.atMs * usPerMs);
    this.innermost(mark, atUs, atUs).events.push({
      atUs,
      name: mark.name,
      attributes: mark.detail === "" ? {} : { "stormlane.detail": mark.detail },
    });
  }

  finish(events: readonly TraceSpanEvent[]): TraceSpan[] {
    const { verdict } = this.outcome;
    this.root.events.push(...events);
    if (verdict.kind !== "held") this.root.error = signatureOf(verdict);
    if (verdict.kind === "violated") {
      const { invariant, rule, place, message, atUs } = verdict.violation;
      const attributes = { "stormlane.invariant": invariant, "stormlane.rule": rule, "stormlane.place": place };
      this.root.error = message;
      this.root.events.push({ atUs, name: "violation", attributes: { ...attributes, "stormlane.message": message } });
    }
    return [this.root, ...this.inner.values(), ...this.operations];
  }

  /** The agent's span, or the task's where no agent is at work. */
  private innermost(
    { role, process, task, taskId, agent }: Pick<WrittenSpan, "role" | "process" | "task" | "taskId" | "agent">,
    startUs: number,
    endUs: number,
  ): Mutable {
    const life = this.grow(this.root, `process ${role}@${process}`, role, `${role}@${process}`, startUs, endUs);
    const whole = this.grow(life, `task ${role} ${taskId}`, role, task, startUs, endUs);
    if (agent === "") return whole;
    return this.grow(whole, `agent ${role} ${taskId} ${agent}`, role, `agent ${agent}`, startUs, endUs);
  }

  private grow(parent: Mutable, path: string, service: string, name: string, startUs: number, endUs: number): Mutable {
    let span = this.inner.get(path);
    if (span === undefined) {
      span = {
        path,
        parent: parent.path,
        service,
        name: plainLine(name, textMax),
        kind: "internal",
        startUs,
        endUs,
        attributes: {},
        events: [],
        error: undefined,
      };
      this.inner.set(path, span);
    }
    span.startUs = Math.min(span.startUs, startUs);
    span.endUs = Math.max(span.endUs, endUs);
    this.root.endUs = Math.max(this.root.endUs, endUs);
    return span;
  }
}

function errorOf(outcome: WrittenSpan["outcome"]): string | undefined {
  if (outcome === "ok") return undefined;
  return outcome === "fail" ? "failed" : "cannot know whether it took effect";
}

function faultsBySite(events: readonly HistoryEvent[]): Map<string, FaultEvent[]> {
  const bySite = new Map<string, FaultEvent[]>();
  for (const event of events) {
    if (event.kind !== "fault") continue;
    bySite.set(event.site, [...(bySite.get(event.site) ?? []), event]);
  }
  return bySite;
}

function faultEvent({ atUs, fault, site, effect }: FaultEvent): TraceSpanEvent {
  return {
    atUs,
    name: "fault",
    attributes: { "stormlane.fault": fault, "stormlane.site": site, "stormlane.effect": effect },
  };
}

function effectsByOperation(events: readonly HistoryEvent[]): Map<number, TraceSpanEvent[]> {
  const byOperation = new Map<number, TraceSpanEvent[]>();
  const cards = new CardNames(events);
  for (const event of events) {
    if ((event.kind !== "effect" && event.kind !== "change") || event.op === undefined) continue;
    const attributes = {
      "stormlane.effect": plainLine(describeEvent(event, cards), textMax),
      ...(event.kind === "change"
        ? { "stormlane.store": event.change.store, "stormlane.type": event.change.type }
        : {}),
    };
    const known = byOperation.get(event.op.id) ?? [];
    known.push({ atUs: event.atUs, name: "effect", attributes });
    byOperation.set(event.op.id, known);
  }
  return byOperation;
}

const rootPath = "run";
const textMax = 200;
