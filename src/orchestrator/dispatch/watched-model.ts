import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import type { ModelAnswer, ModelClient, ModelQuestion } from "../llm/model-client.ts";
import type { Alarm } from "./alarm.ts";
import { wakefulPorts } from "./wakeful-ports.ts";

/** What runs ask: a model. */
export type Model = Pick<ModelClient, "ask">;

/** A model whose outage is told once, and whose pauses between two requests end when the process is to stop. */
export class WatchedModel implements Model {
  private readonly model: Model;
  private readonly alarm: Alarm;
  private readonly stop: AbortSignal;

  constructor(model: Model, options: { readonly alarm: Alarm; readonly stop: AbortSignal }) {
    this.model = model;
    this.alarm = options.alarm;
    this.stop = options.stop;
  }

  async ask(ports: Ports, question: ModelQuestion, signal: AbortSignal): Promise<Answer<ModelAnswer>> {
    const end = new AbortController();
    // No request follows a pause that was cut short; one that is under way may still be answered.
    const wakeful = wakefulPorts(ports, this.stop, () => end.abort("the process stops"));
    const answer = await this.model.ask(wakeful, question, AbortSignal.any([signal, end.signal]));
    if (answer.kind === "ok" || answer.kind === "refused") this.alarm.worked(ports);
    else if (!signal.aborted && !end.signal.aborted) this.alarm.failed(ports, answer.reason);
    return answer;
  }
}
