import type { ClockPort, SleepOptions } from "../../ports/clock.ts";
import type { FilesPort } from "../../ports/files.ts";
import type { HttpPort, HttpRequest } from "../../ports/http.ts";
import type { JsonObject } from "../../base/json.ts";
import type { LogPort } from "../../ports/log.ts";
import type { CallLabel, Ports } from "../../ports/ports.ts";
import type { RandomPort } from "../../ports/random.ts";
import type { Result } from "../../ports/result.ts";
import type { ChildProcess, SpawnRequest, SubprocessPort } from "../../ports/subprocess.ts";
import { markNames, type Mark, type Span, type SpanKind, type SpanSink } from "./span.ts";

/** The same ports, with a span for each operation. Whoever wants none leaves this out, and pays nothing. */
export function tracedPorts(ports: Ports, sink: SpanSink): Ports {
  return new TracedPorts(ports, new Tracer(ports.clock, sink), "main");
}

/** Begins and ends spans; one for each process. */
class Tracer {
  private readonly clock: ClockPort;
  private readonly sink: SpanSink;
  private count = 0;
  private tasks = 0;

  constructor(clock: ClockPort, sink: SpanSink) {
    this.clock = clock;
    this.sink = sink;
  }

  nextTask(): number {
    return ++this.tasks;
  }

  mark(mark: Omit<Mark, "kind" | "atMs">): void {
    this.sink({ kind: "mark", ...mark, atMs: this.clock.monotonicMs() });
  }

  /** @returns what ends it */
  begin(what: Omit<Span, "requestId" | "startMs" | "endMs" | "outcome">): (outcome: Span["outcome"]) => void {
    const begun = { requestId: ++this.count, ...what, startMs: this.clock.monotonicMs() };
    return (outcome) => this.sink({ ...begun, endMs: this.clock.monotonicMs(), outcome });
  }
}

class TracedPorts implements Ports {
  readonly clock: ClockPort;
  readonly random: RandomPort;
  readonly http: HttpPort;
  readonly files: FilesPort;
  readonly subprocess: SubprocessPort;
  readonly log: LogPort;

  private readonly inner: Ports;
  private readonly tracer: Tracer;
  private readonly task: string;

  constructor(inner: Ports, tracer: Tracer, task: string) {
    const owner: Owner = { taskId: tracer.nextTask(), task, agent: "" };
    const trace: Trace = (kind, name, key, begin) => traceResult(tracer, { ...owner, kind, name, key }, begin);
    this.inner = inner;
    this.tracer = tracer;
    this.task = task;
    this.clock = new TracedClock(inner.clock, tracer, owner);
    this.random = inner.random;
    this.http = tracedHttp(inner.http, trace, (ports, name) => new TracedPorts(ports, tracer, name));
    this.files = tracedFiles(inner.files, trace);
    this.subprocess = new TracedSubprocess(inner.subprocess, { tracer, owner, trace });
    this.log = tracedLog(inner.log, tracer, owner);
  }

  fork(name: string): Ports {
    return new TracedPorts(this.inner.fork(name), this.tracer, this.task === "main" ? name : `${this.task}/${name}`);
  }
}

/** A handle's task. The agent at work in it changes. */
interface Owner extends Pick<Span, "taskId" | "task"> {
  agent: string;
}

type Trace = <Value>(
  kind: SpanKind,
  name: string,
  key: string,
  begin: () => Promise<Result<Value>>,
) => Promise<Result<Value>>;

async function traceResult<Value>(
  tracer: Tracer,
  what: Omit<Span, "requestId" | "startMs" | "endMs" | "outcome">,
  begin: () => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const end = tracer.begin(what);
  const result = await begin();
  end(result.kind);
  return result;
}

function tracedLog(log: LogPort, tracer: Tracer, owner: Owner): LogPort {
  return {
    event(name: string, fields: JsonObject): void {
      if (name === "agent.started") owner.agent = fields["agent"] as string;
      const mark = markNames.find((each) => each === name);
      if (mark !== undefined) tracer.mark({ ...owner, name: mark, detail: detailOf(fields) });
      log.event(name, fields);
    },
  };
}

function detailOf({ outcome, purpose }: JsonObject): string {
  return typeof outcome === "string" ? outcome : typeof purpose === "string" ? purpose : "";
}

class TracedClock implements ClockPort {
  private readonly inner: ClockPort;
  private readonly tracer: Tracer;
  private readonly owner: Owner;

  constructor(inner: ClockPort, tracer: Tracer, owner: Owner) {
    this.inner = inner;
    this.tracer = tracer;
    this.owner = owner;
  }

  nowMs(): number {
    return this.inner.nowMs();
  }

  monotonicMs(): number {
    return this.inner.monotonicMs();
  }

  async sleep(durationMs: number, options: SleepOptions = {}): Promise<boolean> {
    const end = this.tracer.begin({ ...this.owner, kind: "wait", name: "clock.sleep", key: options.key ?? "" });
    const passed = await this.inner.sleep(durationMs, options);
    end("ok");
    return passed;
  }
}

function tracedHttp(http: HttpPort, trace: Trace, traced: (ports: Ports, task: string) => Ports): HttpPort {
  return {
    request: (request) =>
      trace(kindOfRequest(request), request.name ?? "http.request", request.key ?? "", () => http.request(request)),
    listen: (options, handler) =>
      http.listen(options, (request, ports) => {
        // Without the query: it may carry a token.
        const path = request.path.split("?", 1)[0]!;
        return handler(request, traced(ports, `http.${request.method}(${path})`));
      }),
  };
}

/** The core names its calls: what is not the board's is a model's. */
function kindOfRequest({ name = "" }: HttpRequest): SpanKind {
  return name.startsWith("board.") ? "board" : "model";
}

function tracedFiles(files: FilesPort, trace: Trace): FilesPort {
  return {
    readText: (path, call) => trace("files", "files.readText", keyOf(path, call), () => files.readText(path, call)),
    readBytes: (path, call) => trace("files", "files.readBytes", keyOf(path, call), () => files.readBytes(path, call)),
    write: (path, content, options) =>
      trace("files", "files.write", keyOf(path, options), () => files.write(path, content, options)),
    sync: (path, call) => trace("files", "files.sync", keyOf(path, call), () => files.sync(path, call)),
    rename: (from, to, call) => trace("files", "files.rename", keyOf(from, call), () => files.rename(from, to, call)),
    remove: (path, options) => trace("files", "files.remove", keyOf(path, options), () => files.remove(path, options)),
    makeFolder: (path, call) =>
      trace("files", "files.makeFolder", keyOf(path, call), () => files.makeFolder(path, call)),
    list: (path, call) => trace("files", "files.list", keyOf(path, call), () => files.list(path, call)),
    stat: (path, call) => trace("files", "files.stat", keyOf(path, call), () => files.stat(path, call)),
    realPath: (path, call) => trace("files", "files.realPath", keyOf(path, call), () => files.realPath(path, call)),
    makeLink: (target, path, call) =>
      trace("files", "files.makeLink", keyOf(path, call), () => files.makeLink(target, path, call)),
  };
}

function keyOf(path: string, call: { readonly key?: string } | undefined): string {
  return call?.key ?? path;
}

class TracedSubprocess implements SubprocessPort {
  private readonly inner: SubprocessPort;
  private readonly options: { readonly tracer: Tracer; readonly owner: Owner; readonly trace: Trace };

  constructor(inner: SubprocessPort, options: { tracer: Tracer; owner: Owner; trace: Trace }) {
    this.inner = inner;
    this.options = options;
  }

  /** One span for the whole life of the program. */
  async spawn(request: SpawnRequest): Promise<Result<ChildProcess>> {
    const { tracer, owner } = this.options;
    const kind = request.command === "git" ? "git" : "process";
    const end = tracer.begin({ ...owner, kind, name: request.name ?? request.command, key: request.key ?? "" });
    const started = await this.inner.spawn(request);
    if (started.kind !== "ok") end(started.kind);
    else void started.value.exited.then((status) => end(status.kind === "code" && status.code === 0 ? "ok" : "fail"));
    return started;
  }

  killGroup(
    pid: number,
    signal: Parameters<SubprocessPort["killGroup"]>[1],
    options?: CallLabel,
  ): Promise<Result<void>> {
    const { trace } = this.options;
    return trace("process", "subprocess.killGroup", options?.key ?? "", () =>
      this.inner.killGroup(pid, signal, options),
    );
  }
}
