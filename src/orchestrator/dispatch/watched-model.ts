import type { Ports } from "../../ports/ports.ts";
import type { ModelRole } from "../config.ts";
import type { ModelParameters, ModelPort, ModelQuestion, ModelResult, ModelUsage } from "../llm/model-port.ts";
import { Alarm } from "./alarm.ts";
import { wakefulPorts } from "./wakeful-ports.ts";

export interface WatchOptions {
  /** Questions in a row without an answer before people are told, >= 1. */
  readonly failuresMin: number;
  readonly stop: AbortSignal;
}

/** Models whose outages are told once for each provider, and whose pauses between two requests end when the process is to stop. */
export class WatchedModel implements ModelPort {
  private readonly model: ModelPort;
  private readonly options: WatchOptions;
  /** By provider: one that answers says nothing of another. */
  private readonly alarms = new Map<string, Alarm>();

  constructor(model: ModelPort, options: WatchOptions) {
    this.model = model;
    this.options = options;
  }

  async ask(ports: Ports, question: ModelQuestion, signal: AbortSignal): Promise<ModelResult> {
    const end = new AbortController();
    // No request follows a pause that was cut short; one that is under way may still be answered.
    const wakeful = wakefulPorts(ports, this.options.stop, () => end.abort("the process stops"));
    const alarm = this.alarmOf(question.role);
    const answer = await this.model.ask(wakeful, question, AbortSignal.any([signal, end.signal]));
    if (answer.kind === "ok" || answer.kind === "refused") alarm.worked(ports);
    else if (!signal.aborted && !end.signal.aborted) alarm.failed(ports, answer.reason);
    return answer;
  }

  parametersOf(role: ModelRole): ModelParameters {
    return this.model.parametersOf(role);
  }

  costUsdOf(role: ModelRole, usage: ModelUsage | undefined): number | undefined {
    return this.model.costUsdOf(role, usage);
  }

  private alarmOf(role: ModelRole): Alarm {
    const { provider } = this.parametersOf(role);
    let alarm = this.alarms.get(provider);
    if (alarm === undefined) {
      this.alarms.set(provider, (alarm = new Alarm(`model ${provider}`, this.options.failuresMin)));
    }
    return alarm;
  }
}
