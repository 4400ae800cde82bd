import { mix32 } from "../base/digest.ts";
import type { FaultFamily, FaultSpec, Seam } from "../faults/fault.ts";
import type { FaultSource } from "../faults/plan.ts";
import { purpose, type Draws } from "../kernel/draws.ts";
import type { Operation } from "../kernel/operation.ts";
import { usPerMs } from "../kernel/time.ts";
import type { FaultSettings } from "../sim/scenario.ts";
import { faultMenu } from "./fault-menu.ts";

/**
 * Swarm testing: each run switches a random subset of the fault families on, at a random rate, up to a random number
 * of faults. Runs without some faults reach what their absence allows.
 * Source: Groce et al., "Swarm Testing", ISSTA 2012.
 */
export class Swarm implements FaultSource {
  private readonly draws: Draws;
  private readonly menu: Record<Seam, FaultSpec[]>;
  private readonly ratePpm: number;
  private readonly faultsUntilUs: number;
  private readonly victims: readonly string[] | undefined;
  private faultsLeft: number;

  constructor(draws: Draws, settings: FaultSettings) {
    this.draws = draws;
    const families = new Set<FaultFamily>();
    for (const family of settings.families) {
      if (draws.int(purpose(family), familyPurpose, 2) === 0) families.add(family);
    }
    this.menu = faultMenu(settings, families);
    this.ratePpm = ratesPpm[draws.int(0, ratePurpose, ratesPpm.length)]!;
    this.faultsLeft = families.size === 0 ? 0 : 1 + draws.int(0, countPurpose, settings.faultsMax);
    this.faultsUntilUs = settings.faultsUntilMs * usPerMs;
    this.victims = settings.victims;
  }

  strike(operation: Operation, seam: Seam, nowUs: number): FaultSpec | undefined {
    if (this.faultsLeft === 0 || nowUs >= this.faultsUntilUs) return undefined;
    if (this.victims?.includes(operation.process) === false) return undefined;
    if (this.draws.int(operation.siteHash, strikePurpose, 1_000_000) >= this.ratePpm) return undefined;
    const specs = this.menu[seam];
    if (specs.length === 0) return undefined;
    this.faultsLeft--;
    return specs[this.draws.int(mix32(operation.siteHash, 1), kindPurpose, specs.length)];
  }
}

const ratesPpm: readonly number[] = [300, 1_000, 4_000, 20_000];

const familyPurpose = purpose("family");
const ratePurpose = purpose("rate");
const countPurpose = purpose("count");
const strikePurpose = purpose("strike");
const kindPurpose = purpose("kind");
