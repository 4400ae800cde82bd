import { assert } from "../base/assert.ts";
import { effectOf } from "../faults/effect.ts";
import type { Fault, FaultSpec, Seam } from "../faults/fault.ts";
import type { FaultSource } from "../faults/plan.ts";
import type { History } from "../history/history.ts";
import { purpose } from "../kernel/draws.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Incarnation, ProcessOptions, SimulatedProcess } from "../kernel/process.ts";
import { Step } from "../kernel/step.ts";
import { Task } from "../kernel/task.ts";
import { usPerMs } from "../kernel/time.ts";
import type { Ports } from "../ports/ports.ts";
import type { Service } from "../ports/service.ts";
import { Host, type HostOptions } from "./host.ts";
import { Network, type ServiceOptions } from "./network.ts";
import { SimulatedPorts } from "./simulated-ports.ts";

export interface WorldOptions {
  readonly kernel: Kernel;
  readonly history: History;
  readonly faults: FaultSource;
}

export interface WorldProcessOptions extends ProcessOptions {
  /** The host it runs on: `server` unless said otherwise. */
  readonly host?: string;
  /** Virtual time of its first start. */
  readonly startAfterMs?: number;
}

/** One simulated run: processes, hosts with their disks and programs, the network, services. */
export class World {
  readonly kernel: Kernel;
  readonly history: History;
  readonly network: Network;
  /** Every fault that struck, in order, with its site. */
  readonly struck: Fault[] = [];

  private readonly faults: FaultSource;
  private readonly hosts = new Map<string, Host>();
  private readonly hostOf = new Map<SimulatedProcess, Host>();
  private readonly ownTask = new Task("world", 0, "run");

  constructor(options: WorldOptions) {
    this.kernel = options.kernel;
    this.history = options.history;
    this.faults = options.faults;
    this.network = new Network(this);
  }

  host(name = "server", options: HostOptions = {}): Host {
    let host = this.hosts.get(name);
    if (host === undefined) {
      host = new Host(this, name, options);
      this.hosts.set(name, host);
    }
    return host;
  }

  /** Adds a process. It starts when the run does, or later. */
  process(name: string, main: (ports: Ports) => Promise<void>, options: WorldProcessOptions = {}): SimulatedProcess {
    const process = this.kernel.addProcess(name, (incarnation) => main(this.portsOf(incarnation, "main")), options);
    this.hostOf.set(process, this.host(options.host));
    this.later(`start ${name}`, (options.startAfterMs ?? 0) * usPerMs, () => this.kernel.start(process));
    return process;
  }

  /** The ports of one task of a life. */
  portsOf(incarnation: Incarnation, taskName: string): Ports {
    return new SimulatedPorts({ world: this, incarnation, task: incarnation.task(taskName) });
  }

  /** Serves a fake at an origin, as `http://board.test`. */
  service(origin: string, service: Service, options: ServiceOptions = {}): void {
    this.network.addService(origin, service, options);
  }

  hostOfProcess(process: SimulatedProcess): Host {
    const host = this.hostOf.get(process);
    assert(host !== undefined, `${process.name} has no host`);
    return host;
  }

  /** Does something at a time, in a step of its own. `name` must be unique among what is pending. */
  later(name: string, afterUs: number, action: () => void): void {
    const operation = this.kernel.begin(this.ownTask, "world", name);
    this.kernel.schedule(new WorldStep(operation, this.kernel, action), afterUs, 0);
  }

  /** What goes wrong with this operation, if anything. */
  strike(operation: Operation, seam: Seam): FaultSpec | undefined {
    const fault = this.faults.strike(operation, seam, this.kernel.nowUs);
    if (fault === undefined) return undefined;
    this.struck.push({ ...fault, site: operation.site });
    const { kind, ...params } = fault;
    this.history.fault(operation.site, kind, params, effectOf(fault));
    return fault;
  }

  /** Kills the process, or crashes its host, and starts again what died after a while. */
  strikeProcess(
    incarnation: Incarnation,
    operation: Operation,
    fault: FaultSpec & { kind: "kill" | "host-crash" },
  ): void {
    const process = incarnation.process;
    const reason = `${fault.kind} ${fault.when} ${operation.site}`;
    const struck = fault.kind === "kill" ? [process] : this.processesOn(this.hostOfProcess(process));
    const dead = struck.filter((each) => this.killProcess(each, fault.kind, reason));
    if (fault.kind === "host-crash") {
      this.hostOfProcess(process).crash((name, bound) =>
        this.kernel.draws.int(operation.siteHash, purpose(name), bound),
      );
    }
    for (const each of dead) {
      if (each.current!.finished) continue;
      this.later(`restart ${each.name} ${each.lives}`, fault.restartAfterMs * usPerMs, () => this.kernel.start(each));
    }
  }

  /**
   * Begins the process's next life, and ends the present one if it has not finished by itself. One that was struck down
   * is left to its own restart. Call it from a step.
   */
  replaceProcess(process: SimulatedProcess, reason: string): void {
    const life = process.current;
    if (life === undefined || (life.state === "dead" && !life.finished)) return;
    if (life.finished) this.network.forgetProcess(life);
    else this.killProcess(process, "kill", reason);
    this.kernel.start(process);
  }

  pauseProcess(process: SimulatedProcess, durationMs: number): void {
    if (!this.kernel.pause(process)) return;
    const life = process.current;
    this.later(`resume ${process.name} ${this.kernel.stepsRun}`, durationMs * usPerMs, () => {
      if (process.current === life) this.kernel.resume(process);
    });
  }

  /** Another fill that comes before its end does not make it longer. */
  fillDisk(host: Host, durationMs: number): void {
    host.disk.setFull(true);
    this.later(`room on ${host.name} ${this.kernel.stepsRun}`, durationMs * usPerMs, () => host.disk.setFull(false));
  }

  private killProcess(process: SimulatedProcess, turn: "kill" | "host-crash", reason: string): boolean {
    const incarnation = process.current;
    if (incarnation === undefined || incarnation.state === "dead") return false;
    this.kernel.kill(process, turn, reason);
    this.network.forgetProcess(incarnation);
    this.hostOfProcess(process).parentDied(incarnation);
    return true;
  }

  private processesOn(host: Host): SimulatedProcess[] {
    return [...this.kernel.processes.values()].filter((process) => this.hostOf.get(process) === host);
  }
}

class WorldStep extends Step {
  private readonly kernel: Kernel;
  private readonly action: () => void;

  constructor(operation: Operation, kernel: Kernel, action: () => void) {
    super(operation);
    this.kernel = kernel;
    this.action = action;
  }

  fire(): void {
    this.kernel.forget(this.operation);
    this.action();
  }
}
