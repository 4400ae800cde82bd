import { loadedEvent } from "../../inprocess/in-process.ts";
import { plainLine } from "../../report/plain-line.ts";
import type { Outcome } from "../../sim/outcome.ts";

/** Why a system does not come up, and what to do about it. */
export interface Trouble {
  readonly why: string;
  readonly fix: string;
}

/** @param outcome of a run in which nothing went wrong around the system */
export function startTrouble({ verdict, history }: Outcome, processes: readonly string[]): Trouble | undefined {
  if (verdict.kind === "nondeterminism") {
    return {
      why: `calls ${plainLine(verdict.what, 300)}: nothing of it can be made deterministic`,
      fix: "leave it out in tests, or run the system with stormlane live",
    };
  }
  if (verdict.kind === "broken") {
    return { why: plainLine(verdict.error.message, 300), fix: "see docs/in-process.md for what is modelled" };
  }
  for (const event of history.events) {
    if (event.kind !== "process" || !processes.includes(event.process) || event.atUs > startUsMax) continue;
    if (event.what === "finish") {
      return { why: `${event.process} exits at once, with exit code 0`, fix: "name the file that goes on running" };
    }
    if (event.what !== "crash") continue;
    const isExit = event.reason.startsWith("Exit: ");
    return {
      why: isExit
        ? `${event.process} exits at once, with ${event.reason.slice("Exit: ".length)}`
        : `${event.process} throws when it starts: ${plainLine(event.reason, 300)}`,
      fix: "mend it; KANBOARD_URL, OPENAI_BASE_URL and others are in its environment, and it prints to the story of a replay",
    };
  }
  for (const name of processes) {
    if (history.events.some((event) => event.kind === "sent" && event.op.process === name)) continue;
    const isLoaded = history.events.some(
      (event) => event.kind === "note" && event.process === name && event.name === loadedEvent,
    );
    return isLoaded
      ? {
          why: `${name} does nothing: it asks for no time, no service and no file`,
          fix: "name the file that starts your orchestrator; one that only exports functions needs another that calls them",
        }
      : {
          why: `${name} never settles: its top level waits for something that cannot happen any more`,
          fix: "look for an await of a promise that nobody settles",
        };
  }
  return undefined;
}

/** What happens so early is the start. */
const startUsMax = 1_000_000;
