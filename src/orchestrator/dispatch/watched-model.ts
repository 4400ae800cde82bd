import type { Ports } from "../../ports/ports.ts";
import type { ModelRole } from "../config.ts";
import type { ModelParameters, ModelPort, ModelQuestion, ModelResult, ModelUsage } from "../llm/model-port.ts";
import type { Alarm } from "./alarm.ts";
import { wakefulPorts } from "./wakeful-ports.ts";

/** A model whose outage is told once, and whose pauses between two requests end when the process is to stop. */
export class WatchedModel implements ModelPort {
  private readonly model: ModelPort;
  private readonly alarm: Alarm;
  private readonly stop: AbortSignal;

  constructor(model: ModelPort, options: { readonly alarm: Alarm; readonly stop: AbortSignal }) {
    this.model = model;
    this.alarm = options.alarm;
    this.stop = options.stop;
  }

  async ask(ports: Ports, question: ModelQuestion, signal: AbortSignal): Promise<ModelResult> {
    const end = new AbortController();
    // No request follows a pause that was cut short; one that is under way may still be answered.
    const wakeful = wakefulPorts(ports, this.stop, () => end.abort("the process stops"));
    const answer = await this.model.ask(wakeful, question, AbortSignal.any([signal, end.signal]));
    if (answer.kind === "ok" || answer.kind === "refused") this.alarm.worked(ports);
    else if (!signal.aborted && !end.signal.aborted) this.alarm.failed(ports, answer.reason);
    return answer;
  }

  parametersOf(role: ModelRole): ModelParameters {
    return this.model.parametersOf(role);
  }

  costUsdOf(role: ModelRole, usage: ModelUsage | undefined): number | undefined {
    return this.model.costUsdOf(role, usage);
  }
}
