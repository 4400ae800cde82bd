import type { JsonObject } from "../base/json.ts";
import type { LogPort } from "../ports/log.ts";

/** Takes one line of JSON at a time, without its line end. It must not throw. */
export type LogSink = (line: string) => void;

/** One JSON line for each event: `{"at": ISO 8601 in UTC, "task", "event", "fields"}`. */
export class RealLog implements LogPort {
  private readonly task: string;
  private readonly sink: LogSink;

  constructor(task: string, sink: LogSink) {
    this.task = task;
    this.sink = sink;
  }

  event(name: string, fields: JsonObject): void {
    this.sink(JSON.stringify({ at: new Date().toISOString(), task: this.task, event: name, fields }));
  }
}
