import { createRequire, builtinModules, isBuiltin } from "node:module";
import { outsideSimulatedCode } from "../../kernel/guards.ts";
import { diskModules } from "../disk/module.ts";
import { httpModule } from "../http/module.ts";
import { childProcessModule } from "../programs/module.ts";
import type { GlobalScope } from "./global-scope.ts";
import { osModule } from "./os-module.ts";
import { pathModule, urlModule } from "./path-modules.ts";
import type { UserProcess } from "./user-process.ts";
import { zlibModule } from "./zlib-module.ts";

/** Modules that only compute: they are what they are. */
const pure: ReadonlySet<string> = new Set([
  "assert",
  "assert/strict",
  "async_hooks",
  "buffer",
  "constants",
  "diagnostics_channel",
  "events",
  "punycode",
  "querystring",
  "readline",
  "readline/promises",
  "stream",
  "stream/consumers",
  "stream/promises",
  "stream/web",
  "string_decoder",
  "util",
  "util/types",
  "tty",
]);

const requireReal = createRequire(import.meta.url);

/** Node's own modules as one process sees them: made when they are first imported. */
export class Builtins {
  private readonly user: UserProcess;
  private readonly scope: GlobalScope;
  private readonly processObject: NodeJS.Process;
  private readonly createRequire: (from: string | URL) => NodeJS.Require;
  private readonly made = new Map<string, object>();

  constructor(
    user: UserProcess,
    scope: GlobalScope,
    processObject: NodeJS.Process,
    createRequireOfUser: (from: string | URL) => NodeJS.Require,
  ) {
    this.user = user;
    this.scope = scope;
    this.processObject = processObject;
    this.createRequire = createRequireOfUser;
  }

  /** @param name without `node:` */
  get(name: string): object {
    let module = this.made.get(name);
    if (module === undefined) {
      this.make(name);
      module = this.made.get(name)!;
    }
    return module;
  }

  private make(name: string): void {
    const { user, scope, made } = this;
    switch (name) {
      case "fs":
      case "fs/promises": {
        const { fs, promises } = diskModules(user, () => this.processObject.cwd());
        made.set("fs", fs).set("fs/promises", promises);
        return;
      }
      case "timers":
      case "timers/promises": {
        const { timers, promises } = scope.timers.modules();
        made.set("timers", timers).set("timers/promises", promises);
        return;
      }
      case "http":
      case "https":
        made.set(name, httpModule(user, scope.timers, `${name}:`));
        return;
      case "child_process":
        made.set(name, childProcessModule(user, scope.timers, this.processObject));
        return;
      case "crypto":
        made.set(
          name,
          outsideSimulatedCode(() => scope.chance.module()),
        );
        return;
      case "process":
        made.set(name, this.processObject);
        return;
      case "perf_hooks":
        made.set(name, {
          performance: scope.performance,
          constants: {},
          monitorEventLoopDelay: () => ({ enable() {} }),
        });
        return;
      case "os":
        made.set(name, osModule());
        return;
      case "path":
      case "path/posix":
        made.set(
          name,
          pathModule(() => this.processObject.cwd()),
        );
        return;
      case "url":
        made.set(
          name,
          urlModule(() => this.processObject.cwd()),
        );
        return;
      case "console":
        made.set(name, { ...(scope.values()[3] as object) });
        return;
      case "module":
        made.set(name, { createRequire: this.createRequire, builtinModules, isBuiltin, register: () => {} });
        return;
      case "zlib":
        made.set(
          name,
          outsideSimulatedCode(() => zlibModule(user)),
        );
        return;
      default:
        made.set(
          name,
          outsideSimulatedCode(() => (pure.has(name) ? (requireReal(`node:${name}`) as object) : this.refused(name))),
        );
    }
  }

  /** A module that many packages import and few use: what is called of it is refused, with the place. */
  private refused(name: string): object {
    const { user } = this;
    const real = requireReal(`node:${name}`) as object;
    const own: Record<string, unknown> = {};
    const members: Readonly<Record<string, PropertyDescriptor>> = Object.getOwnPropertyDescriptors(real);
    for (const [member, descriptor] of Object.entries(members)) {
      const value = descriptor.value as unknown;
      if (typeof value !== "function") own[member] = value;
      else if (name === "net" && member.startsWith("isIP")) own[member] = value;
      else own[member] = refusing(value as () => unknown, () => user.refuse(`${name}.${member}`, instead(name)));
    }
    return own;
  }
}

/** Can be extended, and tested for with `instanceof`; not called. */
function refusing(real: () => unknown, refuse: () => never): object {
  return new Proxy(real, { apply: () => refuse(), construct: () => refuse() });
}

function instead(module: string): string {
  switch (module) {
    case "net":
    case "tls":
    case "http2":
    case "dgram":
      return "fetch or node:http, which the simulated network carries";
    case "dns":
    case "dns/promises":
      return "the name itself in a URL";
    case "worker_threads":
    case "cluster":
      return "a process of its own in the system's configuration";
    default:
      return "code that does without: it cannot be made deterministic";
  }
}
