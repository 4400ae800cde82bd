import { jsonOf } from "./command.ts";
import type { Findings } from "./evidence.ts";
import type { Part } from "./run-parts.ts";

/** A measurement in a process of its own. Budgets are reported, never judged: a rate is the machine's business too. */
export function measurement(
  name: "reference" | "profile" | "idle" | "kanboard" | "shrinking" | "worker-memory" | "bench-honesty",
  title: string,
  args: readonly string[] = [],
): Part {
  const command = [name, ...args];
  return {
    name,
    title,
    command: `npm run measure -- ${command.join(" ")}`,
    find: async () => (await jsonOf("tools/measure.ts", [...command, "--json"])) as unknown as Findings,
  };
}
