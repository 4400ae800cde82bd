import type { JsonObject } from "../base/json.ts";
import type { LogPort } from "../ports/log.ts";
import type { CallContext } from "./call.ts";

/** What a process says of itself goes into the history, at once. */
export class SimulatedLog implements LogPort {
  private readonly context: CallContext;

  constructor(context: CallContext) {
    this.context = context;
  }

  event(name: string, fields: JsonObject): void {
    const { world, incarnation, task } = this.context;
    if (incarnation.state === "dead") return;
    world.history.note(incarnation.process.name, incarnation.number, task.name, name, fields);
  }
}
