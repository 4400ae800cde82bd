import { purpose } from "../../kernel/draws.ts";
import type { Draws } from "../../kernel/draws.ts";
import type { Pace } from "../../kernel/scheduler.ts";
import type { Step } from "../../kernel/step.ts";
import { mix32 } from "../../base/digest.ts";
import type { Delay } from "../../sim/case.ts";

/**
 * Draws how late each step is, between nominal and its latest time, keyed by site. Most are nominal; the late ones are
 * spread evenly over orders of magnitude, so that short races and long waits are both tried.
 *
 * @param latePpm how many steps of a million are late at all
 */
export class TimedPace implements Pace {
  private readonly draws: Draws;
  private readonly latePpm: number;
  private readonly late: { readonly step: Step; readonly stage: number; readonly extraUs: number }[] = [];

  constructor(draws: Draws, latePpm: number) {
    this.draws = draws;
    this.latePpm = latePpm;
  }

  extraUs(step: Step, slackUs: number): number {
    const site = mix32(step.operation.siteHash, step.stage);
    if (this.draws.int(site, latePurpose, 1_000_000) >= this.latePpm) return 0;
    // Two draws of halving steps instead of a logarithm: exact on every machine.
    const halvings = this.draws.int(site, magnitudePurpose, 16);
    const ceilingUs = Math.max(1, Math.floor(slackUs / 2 ** halvings));
    const extraUs = 1 + this.draws.int(site, extraPurpose, ceilingUs);
    this.late.push({ step, stage: step.stage, extraUs });
    return extraUs;
  }

  delays(): readonly Delay[] {
    return this.late.map(({ step, stage, extraUs }) => ({ site: step.operation.site, step: stage, extraUs }));
  }
}

const latePurpose = purpose("late");
const magnitudePurpose = purpose("magnitude");
const extraPurpose = purpose("extra");
