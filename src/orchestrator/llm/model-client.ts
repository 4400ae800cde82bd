import type { Ports } from "../../ports/ports.ts";
import type { ModelRole, ModelsConfig, ProviderConfig, RoleConfig } from "../config.ts";
import { CircuitBreaker, type BreakerLimits } from "./circuit-breaker.ts";
import { anthropic, ollama, openai } from "./dialects.ts";
import { HttpProvider } from "./http-provider.ts";
import {
  trouble,
  type ModelParameters,
  type ModelPort,
  type ModelQuestion,
  type ModelResult,
  type ModelTrouble,
  type ModelUsage,
  type Provider,
} from "./model-port.ts";
import type { RunTool } from "./run-tool.ts";
import { ToolProvider } from "./tool-provider.ts";
import { tools } from "./tools.ts";

export interface ModelClientOptions {
  readonly config: ModelsConfig;
  /** Requests for one answer. */
  readonly requestsMax: number;
  /** From the first request to the last answer of one question; no request begins after it. */
  readonly questionMsMax: number;
  readonly breaker: BreakerLimits;
  /** @param retryAfterMs as the provider says */
  readonly retryDelayMs: (tries: number, ports: Ports, retryAfterMs: number | undefined) => number;
  readonly runTool: RunTool;
}

/** Asks whoever the config names for a role: over HTTP, or by a command line tool. One for each process. */
export class ModelClient implements ModelPort {
  private readonly options: ModelClientOptions;
  private readonly providers = new Map<ModelRole, Provider>();
  /** By provider: two roles may have one. */
  private readonly breakers = new Map<string, CircuitBreaker>();

  constructor(options: ModelClientOptions) {
    this.options = options;
  }

  async ask(ports: Ports, question: ModelQuestion, signal: AbortSignal): Promise<ModelResult> {
    const { options } = this;
    const parameters = this.parametersOf(question.role);
    const provider = this.providerOf(question.role);
    const breaker = this.breakerOf(parameters.provider);
    const startMs = ports.clock.monotonicMs();
    for (let tries = 1; ; tries++) {
      const awayMs = breaker.enter(ports.clock.monotonicMs());
      if (awayMs > 0) return leftAlone(parameters, awayMs);
      const result = await provider.ask(ports, { question, parameters, signal });
      this.note(ports, { breaker, parameters, result, signal });
      if (result.kind === "ok" || !mayPass(result) || signal.aborted || tries >= options.requestsMax) return result;
      // A command line tool repeats by itself: to do it again would multiply what it did.
      if (isTool(options.config.roles[question.role].provider)) return result;
      const delayMs = options.retryDelayMs(tries, ports, result.retryAfterMs);
      if (ports.clock.monotonicMs() + delayMs - startMs >= options.questionMsMax) return result;
      await ports.clock.sleep(delayMs, { key: keyOf(question), signal });
    }
  }

  parametersOf(role: ModelRole): ModelParameters {
    const { provider, model, temperature, tokensMax, timeoutMs } = this.options.config.roles[role];
    return { provider: nameOf(provider), model, temperature, tokensMax, timeoutMs };
  }

  costUsdOf(role: ModelRole, usage: ModelUsage | undefined): number | undefined {
    if (usage?.costUsd !== undefined) return usage.costUsd;
    const { usdPerMillionTokens: prices } = this.options.config.roles[role];
    if (usage === undefined || prices === undefined) return undefined;
    return (usage.inputTokens * prices.input + usage.outputTokens * prices.output) / 1_000_000;
  }

  private note(
    ports: Ports,
    asked: {
      readonly breaker: CircuitBreaker;
      readonly parameters: ModelParameters;
      readonly result: ModelResult;
      readonly signal: AbortSignal;
    },
  ): void {
    const { breaker, parameters, result, signal } = asked;
    const event = { provider: parameters.provider };
    if (result.kind !== "ok" && result.error === "transient") {
      if (signal.aborted) breaker.gaveUp();
      else if (breaker.failed(ports.clock.monotonicMs()))
        ports.log.event("breaker.opened", { ...event, reason: result.reason });
    } else if (breaker.worked()) ports.log.event("breaker.closed", event);
  }

  private providerOf(role: ModelRole): Provider {
    let provider = this.providers.get(role);
    if (provider === undefined) {
      provider = this.makeProvider(this.options.config.roles[role]);
      this.providers.set(role, provider);
    }
    return provider;
  }

  private makeProvider({ provider }: RoleConfig): Provider {
    const { config, runTool } = this.options;
    const { traceHeaders } = config;
    switch (provider.type) {
      case "openai":
        return new HttpProvider(openai(provider.tokensField), { ...provider, traceHeaders });
      case "anthropic":
        return new HttpProvider(anthropic, { ...provider, traceHeaders });
      case "ollama":
        return new HttpProvider(ollama, { ...provider, traceHeaders });
      default:
        return new ToolProvider(tools[provider.type], { ...provider, name: provider.type, run: runTool });
    }
  }

  private breakerOf(provider: string): CircuitBreaker {
    let breaker = this.breakers.get(provider);
    if (breaker === undefined) this.breakers.set(provider, (breaker = new CircuitBreaker(this.options.breaker)));
    return breaker;
  }
}

/** How it stands in logs and traces, and what an answer is known again by. */
function nameOf(provider: ProviderConfig): string {
  return isTool(provider) ? `${provider.type} ${provider.command}` : `${provider.type} ${provider.url}`;
}

function isTool(provider: ProviderConfig): provider is ProviderConfig & { readonly command: string } {
  return "command" in provider;
}

function mayPass({ error }: ModelTrouble): boolean {
  return error === "transient" || error === "rate-limited";
}

function leftAlone({ provider }: ModelParameters, awayMs: number): ModelResult {
  const seconds = Math.ceil(awayMs / 1000);
  return trouble("transient", `${provider} failed again and again; it is asked again in ${seconds} s`);
}

function keyOf({ role, reference, purpose }: ModelQuestion): string {
  return `${role}/${reference}/${purpose}`;
}
