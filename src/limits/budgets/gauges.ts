import type { HistoryEvent, NoteEvent } from "../../history/event.ts";
import { textField } from "../../invariants/note-fields.ts";
import { Meter, type MeterReading } from "../meters.ts";
import { defaultPrices, type BudgetName, type TokenPrices } from "./budgets.ts";

/** What has come together so far for one of those that a budget is for. */
export interface BudgetReading {
  readonly budget: BudgetName;
  /** As `EPIC-1/S1`, or `EPIC-1/S1 ralph` of a step. */
  readonly of: string;
  readonly value: number;
}

/** Reads from a history, as it grows, what budgets limit. */
export class BudgetGauges {
  private readonly onReading: (reading: BudgetReading) => void;
  private readonly prices: TokenPrices;
  private readonly meter: Meter;
  private readonly steps: StepClock;

  constructor(onReading: (reading: BudgetReading) => void, prices: TokenPrices = defaultPrices) {
    this.onReading = onReading;
    this.prices = prices;
    this.meter = new Meter({ onReading: (reading) => this.take(reading) });
    this.steps = new StepClock((of, value) => onReading({ budget: "stepWallMs", of, value }));
  }

  observe(event: HistoryEvent): void {
    this.meter.observe(event);
    this.steps.observe(event);
  }

  private take(reading: MeterReading): void {
    const { key: of } = reading;
    if (reading.meter === "tokensByCard") {
      const { inputUsdPerMillionTokens, outputUsdPerMillionTokens } = this.prices;
      const { promptTokens, completionTokens } = reading.value;
      const usd = (promptTokens * inputUsdPerMillionTokens + completionTokens * outputUsdPerMillionTokens) / 1e6;
      this.onReading({ budget: "moneyPerCardUsd", of, value: usd });
      return;
    }
    const budget = budgetOfMeter[reading.meter];
    if (budget !== undefined) this.onReading({ budget, of, value: reading.value });
  }
}

const budgetOfMeter: Readonly<Partial<Record<MeterReading["meter"], BudgetName>>> = {
  traceBytesByRun: "traceBytesPerRun",
  retriesByCard: "retriesPerCard",
  childrenByEpic: "childrenPerEpic",
  boardCallsByTick: "boardCallsPerTick",
  boardCallsByCard: "boardCallsPerCard",
  commentsByCard: "commentsPerCard",
  modelCallsByCard: "modelCallsPerStory",
};

/**
 * How long steps last: from `agent.started` to `agent.finished` in one task, or to the death of the process. One that is
 * still going on is read each time that anything happens, a second or more later: it may never end.
 */
class StepClock {
  private readonly onReading: (step: string, lastedMs: number) => void;
  /** By process, life, task and agent. */
  private readonly open = new Map<string, OpenStep>();
  private nextLookUs = 0;

  constructor(onReading: (step: string, lastedMs: number) => void) {
    this.onReading = onReading;
  }

  observe(event: HistoryEvent): void {
    if (event.kind === "note") this.observeNote(event);
    else if (event.kind === "process" && deaths.has(event.what)) this.endLife(event.process, event.atUs);
    if (this.open.size === 0 || event.atUs < this.nextLookUs) return;
    this.nextLookUs = event.atUs + lookUs;
    for (const step of this.open.values()) this.read(step, event.atUs);
  }

  private observeNote(note: NoteEvent): void {
    const isStart = note.name === "agent.started";
    if (!isStart && note.name !== "agent.finished") return;
    const { process, atUs } = note;
    const agent = textField(note, "agent");
    const key = `${process}@${note.incarnation} ${note.task} ${agent}`;
    const open = this.open.get(key);
    this.open.delete(key);
    if (open !== undefined) this.read(open, atUs);
    if (isStart)
      this.open.set(key, { process, startUs: atUs, name: `${textField(note, "card") || note.task} ${agent}` });
  }

  private endLife(process: string, atUs: number): void {
    for (const [key, step] of this.open) {
      if (step.process !== process) continue;
      this.read(step, atUs);
      this.open.delete(key);
    }
  }

  private read({ name, startUs }: OpenStep, atUs: number): void {
    this.onReading(name, (atUs - startUs) / 1_000);
  }
}

interface OpenStep {
  readonly process: string;
  readonly startUs: number;
  readonly name: string;
}

const lookUs = 1_000_000;
const deaths: ReadonlySet<string> = new Set(["crash", "kill", "host-crash", "finish"]);
