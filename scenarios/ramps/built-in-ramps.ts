import type { Ramp } from "../../src/index.ts";
import { loadRamps } from "./load-ramps.ts";
import type { RampSubject } from "./ramp-world.ts";
import { timeRamps } from "./time-ramps.ts";
import { troubleRamps } from "./trouble-ramps.ts";

/** The ramps of the orchestrator core, or of what stands in its place. */
export function builtInRamps(subject: RampSubject = {}): readonly Ramp[] {
  return [...loadRamps(subject), ...timeRamps(subject), ...troubleRamps(subject)];
}
