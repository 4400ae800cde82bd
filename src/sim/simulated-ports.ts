import type { ClockPort } from "../ports/clock.ts";
import type { FilesPort } from "../ports/files.ts";
import type { HttpPort } from "../ports/http.ts";
import type { LogPort } from "../ports/log.ts";
import type { Ports } from "../ports/ports.ts";
import type { RandomPort } from "../ports/random.ts";
import type { SubprocessPort } from "../ports/subprocess.ts";
import type { CallContext } from "./call.ts";
import { SimulatedClock } from "./simulated-clock.ts";
import { SimulatedFiles } from "./simulated-files.ts";
import { SimulatedHttp } from "./simulated-http.ts";
import { SimulatedLog } from "./simulated-log.ts";
import { SimulatedRandom } from "./simulated-random.ts";
import { SimulatedSubprocess } from "./simulated-subprocess.ts";

/** The ports over the kernel, bound to one task. Each port is made when it is first asked for: most forks use few. */
export class SimulatedPorts implements Ports {
  private readonly context: CallContext;
  private clockPort: ClockPort | undefined;
  private randomPort: RandomPort | undefined;
  private httpPort: HttpPort | undefined;
  private filesPort: FilesPort | undefined;
  private subprocessPort: SubprocessPort | undefined;
  private logPort: LogPort | undefined;

  constructor(context: CallContext) {
    this.context = context;
  }

  get clock(): ClockPort {
    return (this.clockPort ??= new SimulatedClock(this.context));
  }

  get random(): RandomPort {
    return (this.randomPort ??= new SimulatedRandom(this.context));
  }

  get http(): HttpPort {
    return (this.httpPort ??= new SimulatedHttp(this.context));
  }

  get files(): FilesPort {
    return (this.filesPort ??= new SimulatedFiles(this.context));
  }

  get subprocess(): SubprocessPort {
    return (this.subprocessPort ??= new SimulatedSubprocess(this.context));
  }

  get log(): LogPort {
    return (this.logPort ??= new SimulatedLog(this.context));
  }

  /** The task of that name in this life of the process; its parent's name stands before it. */
  fork(name: string): Ports {
    const { world, incarnation, task } = this.context;
    const full = task.name === "main" ? name : `${task.name}/${name}`;
    return new SimulatedPorts({ world, incarnation, task: incarnation.task(full) });
  }
}
