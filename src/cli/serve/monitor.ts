import type { JsonObject, JsonValue } from "../../base/json.ts";
import type { LogEntry } from "./logbook.ts";

export interface RunInProgress {
  readonly card: string;
  readonly lane: number;
  readonly attempt: number;
  readonly role: string;
  readonly startedAt: string;
}

/** What is wrong now, or was reached a moment ago. */
export interface Alarm {
  readonly what: string;
  readonly why: string;
  readonly since: string;
}

interface RoleState {
  readonly name: string;
  listeningPort: number | undefined;
  lastTickAt: string | undefined;
  /** When the board last answered it, since the epoch. */
  boardAnsweredMs: number | undefined;
  /** When its last run ended: it could not list the board meanwhile. */
  ranMs: number | undefined;
  /** Of the board, since its last answer. */
  failures: number;
  failingSince: string | undefined;
  why: string;
}

const alarmsMax = 20;

/** How the roles of one process fare, as the health endpoint and a graceful stop ask. */
export class Monitor {
  private readonly roles = new Map<string, RoleState>();
  private readonly runs = new Map<string, RunInProgress>();
  private readonly outcomes = new Map<string, number>();
  private readonly limits: Alarm[] = [];
  /** By role and what it misses. */
  private readonly raised = new Map<string, Alarm>();
  private readonly staleMs: number;
  private stopping = false;

  /** @param staleMs without an answer of the board for so long, a role is not ready */
  constructor(staleMs: number) {
    this.staleMs = staleMs;
  }

  /** Before the role says anything. */
  add(name: string): void {
    this.roles.set(name, {
      name,
      listeningPort: undefined,
      lastTickAt: undefined,
      boardAnsweredMs: undefined,
      ranMs: undefined,
      failures: 0,
      failingSince: undefined,
      why: "",
    });
  }

  take({ role, event, fields, at }: LogEntry): void {
    const run = `${role} ${textOf(fields["cause"])}`;
    switch (event) {
      case "run.started":
        this.runs.set(run, {
          card: textOf(fields["card"]),
          lane: Number(fields["lane"]),
          attempt: Number(fields["attempt"]),
          role,
          startedAt: at,
        });
        break;
      case "run.finished": {
        this.runs.delete(run);
        const state = this.roles.get(role);
        if (state !== undefined) state.ranMs = Date.now();
        const outcome = textOf(fields["outcome"]);
        this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
        break;
      }
      case "poll.failed": {
        const state = this.roles.get(role);
        if (state === undefined) break;
        state.failures++;
        state.failingSince ??= at;
        state.why = textOf(fields["reason"]);
        break;
      }
      case "alarm.raised":
        // The board's own stands there with its failures counted.
        if (fields["alarm"] === "board") break;
        this.raised.set(`${role} ${textOf(fields["alarm"])}`, {
          what: `${role} has to do without the ${textOf(fields["alarm"])}`,
          why: textOf(fields["reason"]),
          since: new Date(Number(fields["since"])).toISOString(),
        });
        break;
      case "alarm.cleared":
        this.raised.delete(`${role} ${textOf(fields["alarm"])}`);
        break;
      case "limit.reached":
        this.limits.push({ what: `limit ${textOf(fields["limit"])} reached`, why: textOf(fields["card"]), since: at });
        if (this.limits.length > alarmsMax) this.limits.shift();
        break;
    }
  }

  tickBegan(role: string): void {
    const state = this.roles.get(role);
    if (state !== undefined) state.lastTickAt = new Date().toISOString();
  }

  boardAnswered(role: string): void {
    const state = this.roles.get(role);
    if (state === undefined) return;
    state.boardAnsweredMs = Date.now();
    state.failures = 0;
    state.failingSince = undefined;
  }

  listening(role: string, port: number): void {
    const state = this.roles.get(role);
    if (state !== undefined) state.listeningPort = port;
  }

  stops(): void {
    this.stopping = true;
  }

  get runsInProgress(): readonly RunInProgress[] {
    return [...this.runs.values()];
  }

  alarms(): readonly Alarm[] {
    const failing = [...this.roles.values()].flatMap(({ name, failures, failingSince, why }) =>
      failingSince === undefined
        ? []
        : [{ what: `${name} cannot reach the board (${failures}x)`, why, since: failingSince }],
    );
    return [...failing, ...this.raised.values(), ...this.limits];
  }

  /** Every poller hears the board, and the webhook server listens. */
  isReady(): boolean {
    const isFresh = (state: RoleState): boolean =>
      state.boardAnsweredMs !== undefined &&
      state.failures === 0 &&
      Date.now() - Math.max(state.boardAnsweredMs, state.ranMs ?? 0) <= this.staleMs;
    // A run keeps its poller from listing; it is at work, not away.
    const isBusy = (state: RoleState): boolean => [...this.runs.values()].some(({ role }) => role === state.name);
    const works = [...this.roles.values()].every((state) =>
      state.name === "webhook" ? state.listeningPort !== undefined : isFresh(state) || isBusy(state),
    );
    return works && !this.stopping;
  }

  report(): JsonObject {
    return {
      version: 1,
      live: true,
      ready: this.isReady(),
      stopping: this.stopping,
      roles: [...this.roles.values()].map((state) => ({
        name: state.name,
        ...(state.listeningPort === undefined ? {} : { port: state.listeningPort }),
        lastTickAt: state.lastTickAt ?? null,
        boardAnsweredAt: state.boardAnsweredMs === undefined ? null : new Date(state.boardAnsweredMs).toISOString(),
      })),
      runs: this.runsInProgress.map((run) => ({ ...run })),
      outcomes: Object.fromEntries(this.outcomes),
      alarms: this.alarms().map((alarm) => ({ ...alarm })),
    };
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
