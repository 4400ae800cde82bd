import { defaultPolicies, RunSlots, startPoller, startWebhookServer } from "../../orchestrator/orchestrator.ts";
import { tracedPorts } from "../../orchestrator/spans/traced-ports.ts";
import { realPorts } from "../../real/real-ports.ts";
import type { Logbook } from "./logbook.ts";
import type { Monitor } from "./monitor.ts";
import { RolePorts, type BreakOff } from "./role-ports.ts";
import { coreConfig, coreLimits, type ServeConfig } from "./serve-config.ts";
import type { SpanFile } from "./span-file.ts";

/** How one role ended: because it was told to, or because it could not go on. */
export interface RoleEnd {
  readonly role: string;
  readonly failure: string | undefined;
}

export interface RoleSurroundings {
  readonly logbook: Logbook;
  readonly monitor: Monitor;
  readonly breakOff: BreakOff;
  readonly spanFile: SpanFile | undefined;
  /** Nothing new is begun any more. */
  readonly stop: AbortSignal;
}

/** Starts the pollers and the webhook server, each as if it were a process of its own: they meet in the state folder. */
export function startRoles(config: ServeConfig, surroundings: RoleSurroundings): readonly Promise<RoleEnd>[] {
  const pollers = Array.from({ length: config.pollers }, (_, index) => `poller-${index + 1}`);
  const roles = config.webhook === "off" ? pollers : [...pollers, "webhook"];
  for (const role of roles) surroundings.monitor.add(role);
  const slots = new RunSlots(coreLimits(config).concurrentRunsMax);
  return roles.map((role) => runRole(role, config, { ...surroundings, slots }));
}

async function runRole(
  role: string,
  config: ServeConfig,
  surroundings: RoleSurroundings & { readonly slots: RunSlots },
): Promise<RoleEnd> {
  const { logbook, monitor, breakOff, stop, slots } = surroundings;
  const inner = realPorts({ log: logbook.sinkOf(role) });
  const watched = new RolePorts(inner, { role, boardUrl: config.board.url, monitor, breakOff });
  const { spanFile } = surroundings;
  const ports = spanFile === undefined ? watched : tracedPorts(watched, (span) => spanFile.write(role, span));
  const policies = { ...defaultPolicies, limits: coreLimits(config) };
  try {
    if (role !== "webhook") {
      await startPoller(ports, coreConfig(config), policies, stop, slots);
      return { role, failure: undefined };
    }
    const ended = await startWebhookServer(ports, coreConfig(config), policies, stop, slots);
    return { role, failure: ended.kind === "ok" ? undefined : ended.error.message };
  } catch (error) {
    // A bug of ours: what this role holds is left as after a crash, and nothing of it may go on.
    return { role, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
