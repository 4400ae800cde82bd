import type { Case } from "../sim/case.ts";
import { AccessTrace } from "./strategies/access-trace.ts";
import { drawObservation, ReadsFrom, type Observation } from "./strategies/reads-from.ts";
import { Stream } from "./strategies/stream.ts";

/** Runs a case under a scheduler, without faults. */
export type TracedRun = (input: Case, scheduler: ReadsFrom) => void;

/**
 * Grows sets of observations, one after the other: each is drawn from what the run under those before it did. One that
 * left every access with the write that it had is drawn again.
 *
 * A seed's chain is a function of the case and the seed. What runs have shown is kept for other seeds, up to a bound.
 */
export class ObservationChains {
  private readonly run: TracedRun;
  private readonly fairFromUs: number;
  /** By workload and observations; the oldest first. */
  private readonly traces = new Map<string, AccessTrace>();

  constructor(run: TracedRun, fairFromUs: number) {
    this.run = run;
    this.fairFromUs = fairFromUs;
  }

  draw(input: Case, seed: number): readonly Observation[] {
    const stream = new Stream(seed, 0x4ff);
    const length = lengths[stream.below(lengths.length)]!;
    let chain: readonly Observation[] = [];
    let trace = this.traceOf(input, chain);
    for (let tries = 0; tries < triesMax; tries++) {
      const drawn = drawObservation(trace.shared(), stream);
      if (drawn === undefined) continue;
      const longer = [...chain, drawn];
      // The last one is not tried out: the run of the seed itself does that.
      if (longer.length === length) return longer;
      const next = this.traceOf(input, longer);
      if (next.signature === trace.signature) continue;
      chain = longer;
      trace = next;
    }
    return chain;
  }

  private traceOf(input: Case, observations: readonly Observation[]): AccessTrace {
    const key = JSON.stringify([input.workload, observations.map(nameOf)]);
    let trace = this.traces.get(key);
    if (trace === undefined) {
      trace = new AccessTrace();
      this.run(input, new ReadsFrom({ observations, fairFromUs: this.fairFromUs, trace }));
      if (this.traces.size >= tracesMax) this.traces.delete(this.traces.keys().next().value!);
    } else {
      this.traces.delete(key);
    }
    this.traces.set(key, trace);
    return trace;
  }
}

function nameOf({ resource, by, of }: Observation): readonly (string | number)[] {
  return [resource, by.site, by.stage, ...(of === undefined ? [] : [of.site, of.stage])];
}

/** Most bugs need one or two. */
const lengths: readonly number[] = [1, 1, 2, 3];
const triesMax = 12;
const tracesMax = 64;
