import type { ClockPort } from "../ports/clock.ts";
import type { FilesPort } from "../ports/files.ts";
import type { HttpPort } from "../ports/http.ts";
import type { LogPort } from "../ports/log.ts";
import type { Ports } from "../ports/ports.ts";
import type { RandomPort } from "../ports/random.ts";
import type { SubprocessPort } from "../ports/subprocess.ts";
import { RealClock } from "./clock.ts";
import { RealFiles } from "./files.ts";
import { sendRequest } from "./http-client.ts";
import { defaultClientLimits, listen, type ClientLimits } from "./http-server.ts";
import { RealLog, type LogSink } from "./log.ts";
import { RealRandom } from "./random.ts";
import { RealSubprocess } from "./subprocess.ts";

export interface RealPortsOptions {
  readonly log: LogSink;
  /** A longer answer to a request is cut off. Default 64 MiB. */
  readonly answerBytesMax?: number;
  readonly clientLimits?: ClientLimits;
}

/** The ports over this machine. */
export function realPorts(options: RealPortsOptions): Ports {
  const { log, answerBytesMax = 64 * 1024 * 1024, clientLimits = defaultClientLimits } = options;
  const clock = new RealClock();
  const random = new RealRandom();
  const files = new RealFiles();
  const subprocess = new RealSubprocess();
  const http: HttpPort = {
    request: (request) => sendRequest(request, answerBytesMax),
    listen: (listening, handler) => listen(listening, handler, handle, clientLimits),
  };
  const handle = (task: string): Ports =>
    new RealPorts({ clock, random, http, files, subprocess, log: new RealLog(task, log) }, task, handle);
  return handle(mainTask);
}

const mainTask = "main";

/** A handle: the same ports for all tasks, but each logs under its own name. */
class RealPorts implements Ports {
  readonly clock: ClockPort;
  readonly random: RandomPort;
  readonly http: HttpPort;
  readonly files: FilesPort;
  readonly subprocess: SubprocessPort;
  readonly log: LogPort;

  private readonly task: string;
  private readonly handle: (task: string) => Ports;

  constructor(ports: Omit<Ports, "fork">, task: string, handle: (task: string) => Ports) {
    this.clock = ports.clock;
    this.random = ports.random;
    this.http = ports.http;
    this.files = ports.files;
    this.subprocess = ports.subprocess;
    this.log = ports.log;
    this.task = task;
    this.handle = handle;
  }

  fork(name: string): Ports {
    return this.handle(this.task === mainTask ? name : `${this.task}/${name}`);
  }
}
