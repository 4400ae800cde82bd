import { simulatedFetch } from "../http/fetch.ts";
import { Chance } from "./chance.ts";
import { simulatedDate, simulatedPerformance } from "./clock.ts";
import { simulatedConsole } from "./output.ts";
import { Timers } from "./timers.ts";
import type { UserProcess } from "./user-process.ts";

/** The names that code of a simulated process finds in place of Node's own. The rest of its globals only computes. */
export const globalNames: readonly string[] = [
  "globalThis",
  "global",
  "process",
  "console",
  "Date",
  "Math",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
  "queueMicrotask",
  "fetch",
  "crypto",
  "AbortSignal",
  "WeakRef",
  "FinalizationRegistry",
  "MessageChannel",
  "BroadcastChannel",
  "WebSocket",
  "EventSource",
  "Worker",
];

/** The global object of one life of a process. What its code sets stays its own. */
export class GlobalScope {
  readonly timers: Timers;
  readonly chance: Chance;
  readonly performance: object;
  private readonly own: Record<string, unknown>;

  constructor(user: UserProcess, processObject: NodeJS.Process) {
    this.timers = new Timers(user);
    this.chance = new Chance(user);
    this.performance = simulatedPerformance(user);
    const { setTimeout, setInterval, setImmediate, clear } = this.timers;
    const own: Record<string, unknown> = {
      globalThis: undefined,
      global: undefined,
      process: processObject,
      console: simulatedConsole(user),
      Date: simulatedDate(user, Date),
      Math: this.chance.math(),
      performance: this.performance,
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
      queueMicrotask: (callback: () => void) => queueMicrotask(() => user.runCallback(callback)),
      fetch: simulatedFetch(user),
      crypto: this.chance.webCrypto(),
      AbortSignal: simulatedAbortSignal(this.timers),
      WeakRef: StrongRef,
      FinalizationRegistry: NeverFinal,
    };
    for (const name of refusedClasses) {
      own[name] = refusedClass(() => user.refuse(name, "what the simulation has: see the docs"));
    }
    Object.setPrototypeOf(own, globalThis);
    const scope = new Proxy(own, { set: defineOwn, defineProperty: Reflect.defineProperty });
    own["globalThis"] = scope;
    own["global"] = scope;
    this.own = own;
  }

  /** In the order of `globalNames`. */
  values(): readonly unknown[] {
    return globalNames.map((name) => this.own[name]);
  }
}

const refusedClasses: readonly string[] = ["MessageChannel", "BroadcastChannel", "WebSocket", "EventSource", "Worker"];

/** Real globals have setters that would change them for everybody. */
function defineOwn(holder: object, name: string | symbol, value: unknown): boolean {
  return Reflect.defineProperty(holder, name, { value, writable: true, configurable: true, enumerable: true });
}

function simulatedAbortSignal(timers: Timers): typeof AbortSignal {
  const timeout = (ms: number): AbortSignal => {
    const controller = new AbortController();
    const expire = (): void => {
      controller.abort(timeoutError());
    };
    timers.setTimeout(expire, ms).unref();
    return controller.signal;
  };
  return new Proxy(AbortSignal, {
    get: (target, name, receiver): unknown => (name === "timeout" ? timeout : Reflect.get(target, name, receiver)),
  });
}

/** Nobody called it, so its stack would say nothing, and taking one costs more than the timer. */
function timeoutError(): DOMException {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new DOMException("The operation was aborted due to timeout", "TimeoutError");
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/** What is referred to is never collected: when it would be, nothing can say. */
class StrongRef {
  private readonly target: object;

  constructor(target: object) {
    this.target = target;
  }

  deref(): object {
    return this.target;
  }
}

class NeverFinal {
  register(): void {}

  unregister(): boolean {
    return false;
  }
}

function refusedClass(refuse: () => never): object {
  return class {
    constructor() {
      refuse();
    }
  };
}
