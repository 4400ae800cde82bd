import type { JsonObject } from "../../src/base/json.ts";
import type { HistoryEvent } from "../../src/history/event.ts";

/** What the system that was simulated would have left behind, had it been real. */
export interface LeftLogs {
  /** Contents by name. */
  readonly files: Readonly<Record<string, string>>;
}

export interface LeftLogsOptions {
  /** When the run began, as the orchestrator's clock has it. */
  readonly beganMs: number;
  /** How far the board's clock is ahead. */
  readonly boardAheadMs: number;
  readonly people: readonly string[];
}

interface Card {
  readonly id: number;
  reference: string;
  title: string;
  lane: number;
  isOpen: boolean;
  readonly createdS: number;
  movedS: number;
  tags: readonly string[];
}

const lanes = 11;
/** Where simulations begin: 2026-01-05, 09:00 UTC. */
const simulationBeganS = 1_767_603_600;

/**
 * Writes the logs of a run: one of `stormlane serve` for each process, the board's access log, the deliveries of its webhooks,
 * its activity (people's deeds alone), and how it stood at the end, as `getAllTasks` tells.
 */
export function logsOfRun(events: readonly HistoryEvent[], options: LeftLogsOptions): LeftLogs {
  return new Writer(events, options).write();
}

class Writer {
  private readonly lines = new Map<string, string[]>();
  private readonly activity: JsonObject[] = [];
  private readonly cards = new Map<number, Card>();
  private readonly events: readonly HistoryEvent[];
  private readonly options: LeftLogsOptions;
  private readonly effects = new Set<number>();

  constructor(events: readonly HistoryEvent[], options: LeftLogsOptions) {
    this.events = events;
    this.options = options;
    for (const event of events) if (event.kind === "effect") this.effects.add(event.op.id);
  }

  write(): LeftLogs {
    for (const event of this.events) this.take(event);
    const files = Object.fromEntries([...this.lines].map(([name, lines]) => [name, `${lines.join("\n")}\n`]));
    const tasks = [...this.cards.values()].map((card) => this.snapshot(card));
    return {
      files: {
        ...files,
        "activity.json": JSON.stringify({ jsonrpc: "2.0", id: 1, result: this.activity.toReversed() }),
        "tasks.json": JSON.stringify({ jsonrpc: "2.0", id: 1, result: tasks }),
      },
    };
  }

  private take(event: HistoryEvent): void {
    const atMs = this.options.beganMs + Math.floor(event.atUs / 1_000);
    switch (event.kind) {
      case "process":
        if (this.isPerson(event.process)) return;
        if (event.what === "start") this.say(event.process, atMs, "serve", "serve.started", {});
        if (event.what === "finish") this.say(event.process, atMs, "serve", "serve.stopped", { left: [] });
        return;
      case "note":
        if (this.isPerson(event.process)) return;
        this.say(event.process, atMs, roleOf(event.process), event.name, event.fields, event.task);
        return;
      case "change":
        this.change(event, atMs + this.options.boardAheadMs);
        return;
      case "answered":
        if (event.op.name.startsWith("board.")) this.access(event, atMs + this.options.boardAheadMs);
        if (event.op.name.startsWith("webhook.")) this.delivery(event, atMs);
        return;
      default:
        return;
    }
  }

  private say(process: string, atMs: number, role: string, event: string, fields: JsonObject, task = "main"): void {
    const at = new Date(atMs).toISOString();
    this.line(`${process}.log`, JSON.stringify({ at, level: "info", role, task, event, fields }));
  }

  private access(event: Extract<HistoryEvent, { kind: "answered" }>, atMs: number): void {
    // What never arrived, the server does not know.
    if (event.outcome !== "ok" && !this.effects.has(event.op.id)) return;
    const status = event.outcome === "ok" ? event.detail : "200";
    const [day, month, , year, time] = new Date(atMs)
      .toUTCString()
      .slice(5)
      .replace(" GMT", "")
      .split(/ /)
      .toSpliced(2, 0, "");
    this.line(
      "access.log",
      `10.0.0.7 - jsonrpc [${day}/${month}/${year}:${time} +0000] "POST /jsonrpc.php?token=hunter2secret HTTP/1.1" ${status} 512 "-" "agent/1"`,
    );
  }

  private delivery({ op, outcome }: Extract<HistoryEvent, { kind: "answered" }>, atMs: number): void {
    if (outcome !== "ok") return;
    const card = [...this.cards.values()].find(({ reference, title }) => reference === op.key || title === op.key);
    if (card === undefined) return;
    const body = {
      event_name: op.name.slice("webhook.".length),
      event_data: { task_id: card.id, task: this.snapshot(card) },
      event_author: "alice",
    };
    this.line("deliveries.jsonl", JSON.stringify({ received_at: new Date(atMs).toISOString(), status: 200, body }));
  }

  private change({ change, op }: Extract<HistoryEvent, { kind: "change" }>, atMs: number): void {
    if (change.store !== "board") return;
    const id = change["card"] as number;
    const card = this.cards.get(id);
    const byPerson = op !== undefined && this.isPerson(op.process);
    switch (change.type) {
      case "card.created": {
        const made: Card = {
          id,
          reference: change["reference"] as string,
          title: `${change["title"] as string} for Alice Example <alice@example.com>`,
          lane: laneOf(change["column"]),
          isOpen: true,
          createdS: Math.floor((atMs - this.options.boardAheadMs - this.options.beganMs) / 1_000) + simulationBeganS,
          movedS: change["dateMoved"] as number,
          tags: change["tags"] as readonly string[],
        };
        this.cards.set(id, made);
        if (byPerson) this.act("task.create", made, atMs);
        return;
      }
      case "card.updated":
        card!.reference = change["reference"] as string;
        return;
      case "card.moved":
        card!.lane = laneOf(change["to"]);
        card!.movedS = change["dateMoved"] as number;
        if (byPerson) this.act("task.move.column", card!, atMs);
        return;
      case "card.closed":
      case "card.opened":
        card!.isOpen = change.type === "card.opened";
        if (byPerson) this.act(card!.isOpen ? "task.open" : "task.close", card!, atMs);
        return;
      case "card.removed":
        this.cards.delete(id);
        return;
      case "tags.set":
        card!.tags = change["tags"] as readonly string[];
        return;
      default:
        return;
    }
  }

  private act(event: string, card: Card, atMs: number): void {
    this.activity.push({
      id: this.activity.length + 1,
      date_creation: Math.floor(atMs / 1_000),
      event_name: event,
      creator_id: 2,
      task_id: card.id,
      author_username: "alice.example",
      author_name: "Alice Example",
      email: "alice@example.com",
      task: this.snapshot(card),
      event_title: `Alice Example moved the task #${card.id}`,
    });
  }

  /** Seconds of the simulation's clock as the board's had it. */
  private boardS(seconds: number): number {
    return seconds + Math.floor((this.options.beganMs + this.options.boardAheadMs) / 1_000) - simulationBeganS;
  }

  private snapshot({ id, reference, title, lane, isOpen, createdS, movedS, tags }: Card): JsonObject {
    return {
      id,
      title,
      description: "Call Alice Example at +1 555 0100, password: hunter2secret",
      reference,
      column_id: lane,
      column_position: lane,
      is_active: isOpen ? 1 : 0,
      date_creation: this.boardS(createdS),
      date_moved: this.boardS(movedS),
      tags: tags.map((name, index) => ({ id: index + 1, name })),
    };
  }

  private line(file: string, text: string): void {
    this.lines.set(file, [...(this.lines.get(file) ?? []), text]);
  }

  private isPerson(process: string): boolean {
    return this.options.people.includes(process);
  }
}

/** As `stormlane serve` calls its roles. */
function roleOf(process: string): string {
  return process.startsWith("poller") ? "poller-1" : "webhook";
}

function laneOf(column: unknown): number {
  const lane = Number.parseInt(String(column), 10);
  return lane >= 1 && lane <= lanes ? lane : 1;
}
