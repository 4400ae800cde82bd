import { compare, type Difference } from "./comparison.ts";
import type { FidelityPlan } from "./fidelity-plan.ts";
import { normalFormOf, peopleName } from "./normal-form.ts";
import { runReal, type RealRun } from "./real-run.ts";
import type { Recording } from "./recording.ts";
import { unusedPorts } from "./unused-ports.ts";

export interface FidelityOptions {
  readonly plan: FidelityPlan;
  /** The case in the simulation. */
  readonly simulation: Recording;
  /** The same case under another schedule, and with people a little later or earlier. */
  readonly simulateOtherwise: (index: number) => Promise<Recording>;
  readonly signal?: AbortSignal;
}

export interface FidelityResult {
  readonly differences: readonly Difference[];
  readonly runs: Readonly<Record<"simulation" | "loopback" | "processes", RunFigures>>;
  /** How many facts were compared. */
  readonly facts: number;
  /** What Node's own loader could not load by itself. */
  readonly helpedWith: readonly string[];
  /** By process that ended, in the run with processes of their own or else the other: the last that it said. */
  readonly lastWords: Readonly<Record<string, string>>;
}

/** How much of the system was there to be compared. */
export interface RunFigures {
  readonly requests: number;
  readonly changes: number;
  readonly files: number;
  readonly programs: number;
}

/**
 * Runs a case in process over loopback sockets and with real processes, and holds both against the simulation. The real
 * runs go on at the same time, each in a folder of its own.
 *
 * @returns undefined when it was interrupted
 * @throws NotUp, ProjectTooLarge
 */
export async function runFidelities(options: FidelityOptions): Promise<FidelityResult | undefined> {
  const { plan, simulation, signal } = options;
  const giveUp = new AbortController();
  const either = signal === undefined ? giveUp.signal : AbortSignal.any([signal, giveUp.signal]);
  const [loopbackPort, processesPort] = (await unusedPorts(2)) as [number, number];
  const real = async (fidelity: "loopback" | "processes", port: number): Promise<RealRun | undefined> => {
    try {
      return await runReal({ plan, fidelity, port, mayFinish: !simulation.isAtWork, signal: either });
    } catch (error) {
      giveUp.abort();
      throw error;
    }
  };
  // Both have tidied up before anything is said.
  const ends = await Promise.allSettled([real("loopback", loopbackPort), real("processes", processesPort)]);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const [loopback, processes] = ends.map((end) => (end.status === "fulfilled" ? end.value : undefined));
  if (loopback === undefined || processes === undefined) return undefined;
  const forms = {
    simulation: normalFormOf(simulation),
    loopback: normalFormOf(loopback.recording),
    processes: normalFormOf(processes.recording),
  };
  // Who never comes to rest is cut off in all three.
  const isUnfinished = !simulation.isAtWork && (loopback.recording.isAtWork || processes.recording.isAtWork);
  return {
    differences: await differencesBetween(forms, isUnfinished, options),
    runs: {
      simulation: figuresOf(simulation),
      loopback: figuresOf(loopback.recording),
      processes: figuresOf(processes.recording),
    },
    facts: new Set(Object.values(forms).flatMap((form) => [...form.keys()])).size,
    helpedWith: processes.helpedWith,
    lastWords: { ...loopback.lastWords, ...processes.lastWords },
  };
}

/** Only where there are some does it matter what else the simulation can come to. */
async function differencesBetween(
  forms: Parameters<typeof compare>[0],
  isUnfinished: boolean,
  { simulateOtherwise }: FidelityOptions,
): Promise<readonly Difference[]> {
  const differences = compare(forms, { others: [], isUnfinished });
  if (differences.length === 0) return differences;
  const others = [];
  for (let index = 0; index < otherSchedules; index++) others.push(normalFormOf(await simulateOtherwise(index)));
  return compare(forms, { others, isUnfinished });
}

const otherSchedules = 20;

export function figuresOf({ exchanges, changes, files, starts }: Recording): RunFigures {
  return {
    requests: exchanges.filter(({ process }) => process !== peopleName).length,
    changes: changes.filter(({ process }) => process !== peopleName).length,
    files: files.size,
    programs: starts.length,
  };
}
