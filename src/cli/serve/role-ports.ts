import { isJsonObject } from "../../base/json.ts";
import type { ClockPort, SleepOptions } from "../../ports/clock.ts";
import type { FilesPort } from "../../ports/files.ts";
import type { HttpHandler, HttpPort, HttpRequest, HttpResponse, HttpServer, ListenOptions } from "../../ports/http.ts";
import type { LogPort } from "../../ports/log.ts";
import type { Ports } from "../../ports/ports.ts";
import type { RandomPort } from "../../ports/random.ts";
import type { Result } from "../../ports/result.ts";
import type { ChildProcess, SpawnRequest, SubprocessPort } from "../../ports/subprocess.ts";
import type { Monitor } from "./monitor.ts";

/**
 * How a role is broken off when it does not end by itself, in this order. What the core sees are failures that it must
 * survive anyhow: it notes the attempt, takes the started tag off and gives its lease back.
 */
export interface BreakOff {
  /** No requests but to the board, no programs; those under way are ended. */
  readonly work: AbortSignal;
  /** No requests at all. */
  readonly board: AbortSignal;
  /** Nothing settles any more, as if the process had been killed. */
  readonly all: AbortSignal;
}

export interface RoleOptions {
  readonly role: string;
  readonly boardUrl: string;
  readonly monitor: Monitor;
  readonly breakOff: BreakOff;
}

/** How long a program may take to end before it is killed. */
const programEndMs = 1_000;

/** The real ports of one role, watched, and with an end that comes from outside. */
export class RolePorts implements Ports {
  readonly clock: ClockPort;
  readonly random: RandomPort;
  readonly http: HttpPort;
  readonly files: FilesPort;
  readonly subprocess: SubprocessPort;
  readonly log: LogPort;

  private readonly inner: Ports;
  private readonly options: RoleOptions;

  constructor(inner: Ports, options: RoleOptions) {
    const { breakOff } = options;
    this.inner = inner;
    this.options = options;
    this.clock = new EndingClock(inner.clock, breakOff);
    this.random = inner.random;
    this.http = new EndingHttp(inner.http, options);
    this.files = endingFiles(inner.files, breakOff.all);
    this.subprocess = new EndingSubprocess(inner.subprocess, breakOff);
    this.log = inner.log;
  }

  fork(name: string): Ports {
    const { monitor, role } = this.options;
    if (name.startsWith("tick ")) monitor.tickBegan(role);
    return new RolePorts(this.inner.fork(name), this.options);
  }
}

/** After the work was broken off nobody waits longer: what is repeated fails at once, and time to tidy up is short. */
const lastWaitMsMax = 100;

class EndingClock implements ClockPort {
  private readonly inner: ClockPort;
  private readonly breakOff: BreakOff;

  constructor(inner: ClockPort, breakOff: BreakOff) {
    this.inner = inner;
    this.breakOff = breakOff;
  }

  nowMs(): number {
    return this.inner.nowMs();
  }

  monotonicMs(): number {
    return this.inner.monotonicMs();
  }

  sleep(durationMs: number, options: SleepOptions = {}): Promise<boolean> {
    return untilEnd(this.breakOff.all, () => this.wait(durationMs, options));
  }

  private async wait(durationMs: number, options: SleepOptions): Promise<boolean> {
    const { work, all } = this.breakOff;
    const dueMs = this.inner.monotonicMs() + durationMs;
    if (!work.aborted && (await this.inner.sleep(durationMs, { ...options, signal: anyOf(options.signal, work) }))) {
      return true;
    }
    if (options.signal?.aborted === true) return false;
    const leftMs = Math.max(0, Math.min(dueMs - this.inner.monotonicMs(), lastWaitMsMax));
    return this.inner.sleep(leftMs, { ...options, signal: anyOf(options.signal, all) });
  }
}

function anyOf(own: AbortSignal | undefined, end: AbortSignal): AbortSignal {
  return own === undefined ? end : AbortSignal.any([own, end]);
}

class EndingHttp implements HttpPort {
  private readonly inner: HttpPort;
  private readonly options: RoleOptions;

  constructor(inner: HttpPort, options: RoleOptions) {
    this.inner = inner;
    this.options = options;
  }

  async request(request: HttpRequest): Promise<Result<HttpResponse>> {
    const { breakOff, boardUrl, monitor, role } = this.options;
    const toBoard = request.url === boardUrl;
    const end = toBoard ? breakOff.board : breakOff.work;
    const signal = anyOf(request.signal, end);
    const result = await untilEnd(breakOff.all, () => this.inner.request({ ...request, signal }));
    if (request.name === listing && isReply(result)) monitor.boardAnswered(role);
    return result;
  }

  async listen(options: ListenOptions, handler: HttpHandler): Promise<Result<HttpServer>> {
    const server = await this.inner.listen(options, handler);
    if (server.kind !== "ok") return server;
    this.options.monitor.listening(this.options.role, server.value.port);
    // A role that broke down closes nothing, and a port that still answers would keep the process alive.
    this.options.breakOff.all.addEventListener("abort", () => void server.value.close(), { once: true });
    return server;
  }
}

/** What a poller asks at each tick: with its answer the board is known to be of use. */
const listing = "board.getAllTasks";

function isReply(result: Result<HttpResponse>): boolean {
  const reply = result.kind === "ok" && result.value.status === 200 ? result.value.body.json() : undefined;
  return isJsonObject(reply) && reply["result"] !== undefined;
}

class EndingSubprocess implements SubprocessPort {
  private readonly inner: SubprocessPort;
  private readonly breakOff: BreakOff;

  constructor(inner: SubprocessPort, breakOff: BreakOff) {
    this.inner = inner;
    this.breakOff = breakOff;
  }

  async spawn(request: SpawnRequest): Promise<Result<ChildProcess>> {
    const { work, all } = this.breakOff;
    if (work.aborted) return untilEnd(all, () => Promise.resolve(stopping));
    const started = await this.inner.spawn(request);
    if (started.kind === "ok") this.endWith(work, started.value);
    return started;
  }

  killGroup(...args: Parameters<SubprocessPort["killGroup"]>): Promise<Result<void>> {
    return untilEnd(this.breakOff.all, () => this.inner.killGroup(...args));
  }

  private endWith(signal: AbortSignal, child: ChildProcess): void {
    const end = (): void => {
      child.killGroup("SIGTERM");
      const timer = setTimeout(() => child.killGroup("SIGKILL"), programEndMs);
      void child.exited.then(() => clearTimeout(timer));
    };
    if (signal.aborted) {
      end();
      return;
    }
    signal.addEventListener("abort", end, { once: true });
    void child.exited.then(() => signal.removeEventListener("abort", end));
  }
}

const stopping: Result<never> = {
  kind: "fail",
  error: { code: "EAGAIN", message: "this process is stopping and starts no programs" },
};

function endingFiles(files: FilesPort, end: AbortSignal): FilesPort {
  return {
    readText: (...args) => untilEnd(end, () => files.readText(...args)),
    readBytes: (...args) => untilEnd(end, () => files.readBytes(...args)),
    write: (...args) => untilEnd(end, () => files.write(...args)),
    sync: (...args) => untilEnd(end, () => files.sync(...args)),
    rename: (...args) => untilEnd(end, () => files.rename(...args)),
    remove: (...args) => untilEnd(end, () => files.remove(...args)),
    makeFolder: (...args) => untilEnd(end, () => files.makeFolder(...args)),
    list: (...args) => untilEnd(end, () => files.list(...args)),
    stat: (...args) => untilEnd(end, () => files.stat(...args)),
    realPath: (...args) => untilEnd(end, () => files.realPath(...args)),
    makeLink: (...args) => untilEnd(end, () => files.makeLink(...args)),
  };
}

/** After the end nothing begins, and what had begun tells nobody. */
async function untilEnd<Value>(end: AbortSignal, begin: () => Promise<Value>): Promise<Value> {
  if (end.aborted) return never();
  const value = await begin();
  return end.aborted ? never() : value;
}

function never(): Promise<never> {
  return new Promise(() => {});
}
