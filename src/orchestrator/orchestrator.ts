import type { Ports } from "../ports/ports.ts";
import type { Result } from "../ports/result.ts";
import type { OrchestratorConfig } from "./config.ts";
import { Dispatcher, type Considered } from "./dispatch/dispatcher.ts";
import { considerCard } from "./dispatch/manual.ts";
import { poll } from "./dispatch/poller.ts";
import type { RunSlots } from "./dispatch/run-slots.ts";
import { WebhookServer } from "./dispatch/webhook-server.ts";
import { defaultPolicies, type Policies } from "./policies.ts";

/**
 * The door of the orchestrator core. Any number of these may run at once on one host, in any mix: they exclude each
 * other through the state folder. See docs/orchestrator.md for the protocol.
 */
export type { OrchestratorConfig } from "./config.ts";
export type { Considered } from "./dispatch/dispatcher.ts";
export { RunSlots } from "./dispatch/run-slots.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export { defaultPolicies, type Policies } from "./policies.ts";

/**
 * Settles when `stop` aborts; without it, never.
 *
 * @param slots shared with others of this process: they bound the runs that are under way at once
 */
export function startPoller(
  ports: Ports,
  config: OrchestratorConfig,
  policies: Policies = defaultPolicies,
  stop: AbortSignal = never(),
  slots?: RunSlots,
): Promise<void> {
  return poll(new Dispatcher(ports, config, policies, stop, slots), ports, stop);
}

/** Settles when `stop` aborts, or at once with `fail` when the port is taken. */
export function startWebhookServer(
  ports: Ports,
  config: OrchestratorConfig,
  policies: Policies = defaultPolicies,
  stop: AbortSignal = never(),
  slots?: RunSlots,
): Promise<Result<void>> {
  return new WebhookServer(new Dispatcher(ports, config, policies, stop, slots), ports).serve(stop);
}

/** Does what one card asks for now, once. */
export function runCard(
  ports: Ports,
  config: OrchestratorConfig,
  policies: Policies,
  cardId: number,
): Promise<Considered> {
  return considerCard(new Dispatcher(ports, config, policies, never()), ports, cardId);
}

function never(): AbortSignal {
  return new AbortController().signal;
}
