import { format, inspect } from "node:util";
import type { UserProcess } from "./user-process.ts";

/** What a process prints: each line is an event of its log, by the name of what printed it. */
export function simulatedConsole(process: UserProcess): Console {
  const print =
    (level: string) =>
    (...values: unknown[]): void =>
      say(process, `console.${level}`, format(...values.map(withoutStack)));
  const silent = (): void => {};
  const counts = new Map<string, number>();
  const own = {
    log: print("log"),
    info: print("info"),
    debug: print("debug"),
    warn: print("warn"),
    error: print("error"),
    trace: print("trace"),
    dir: (value: unknown) => say(process, "console.dir", inspect(value)),
    table: print("table"),
    group: print("group"),
    groupCollapsed: print("group"),
    groupEnd: silent,
    assert: (holds: unknown, ...values: unknown[]) => {
      if (!holds) print("assert")(...values);
    },
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      print("count")(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = "default") => counts.delete(label),
    time: silent,
    timeEnd: silent,
    timeLog: silent,
    clear: silent,
  };
  return own as unknown as Console;
}

/** One of `process.stdout` and `process.stderr`. */
export function say(process: UserProcess, name: string, text: string): void {
  if (process.isGone) return;
  for (const line of text.split("\n")) process.task.ports.log.event(name, { text: line });
}

/** A stack is a text of the engine's, and names files of this machine: of an error its own words are printed. */
function withoutStack(value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
