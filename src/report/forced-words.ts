import type { Case, Preemption } from "../sim/case.ts";
import { describeFault } from "./fault-words.ts";
import { describeSite } from "./site-words.ts";

/** Something that a case does beyond the default: in words, and where. */
export interface Forced {
  readonly kind: "fault" | "preemption" | "delay";
  readonly text: string;
  readonly site: string;
}

/** All of it: faults, preemptions, delays, each in the order of the case. */
export function describeForced({ faults, preemptions, delays }: Case): Forced[] {
  return [
    ...faults.map(({ site, kind, ...params }) => ({
      kind: "fault" as const,
      text: `fault ${kind}: ${describeFault(kind, params)}, as ${describeSite(site)}`,
      site,
    })),
    ...preemptions.map(({ until, ...held }) => ({
      kind: "preemption" as const,
      text: `preemption: ${describeStep(held)} only after ${describeStep(until)}`,
      site: `${stepText(held)} until ${stepText(until)}`,
    })),
    ...delays.map(({ extraUs, ...late }) => ({
      kind: "delay" as const,
      text: `delay: ${describeStep(late)} ${extraUs / 1000} ms late`,
      site: stepText(late),
    })),
  ];
}

type StepName = Preemption["until"];

/** Most operations take more than one step: the first one is what they are known for. */
function describeStep({ site, step }: StepName): string {
  return step === 0 ? describeSite(site) : `${describeSite(site)} (part ${step + 1})`;
}

function stepText({ site, step }: StepName): string {
  return step === 0 ? site : `${site} step ${step}`;
}
