import { mix32 } from "../base/digest.ts";
import type { FaultSpec, Seam } from "../faults/fault.ts";
import type { FaultSource } from "../faults/plan.ts";
import { Draws, purpose } from "../kernel/draws.ts";
import type { Operation } from "../kernel/operation.ts";
import { usPerMs } from "../kernel/time.ts";

/** Something that goes wrong again and again. Plain data. */
export interface Stress {
  /** Where it strikes. */
  readonly seams: readonly Seam[];
  /** Of a million operations there, so many are struck. */
  readonly ratePpm: number;
  /** Each that is struck gets one of these. */
  readonly faults: readonly FaultSpec[];
  /** Names of operations that it strikes alone, as `codex.exec`; a name that ends in a dot stands for all that begin so. */
  readonly names?: readonly string[];
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** Each process is struck once: for faults that last. */
  readonly oncePerProcess?: boolean;
  /** So many times in all, and then never again. */
  readonly timesMax?: number;
}

/** Strikes by rates. Each draw is keyed by its operation's site: the same run, the same faults. */
export class StressFaults implements FaultSource {
  private readonly draws: Draws;
  private readonly stresses: readonly Stress[];
  private readonly sparedProcesses: ReadonlySet<string>;
  private readonly struckOnce = new Set<string>();
  private readonly times: number[];

  /** @param spared processes that nothing befalls: people */
  constructor(seed: number, stresses: readonly Stress[], spared: readonly string[]) {
    this.draws = new Draws(mix32(seed, 0x57e5));
    this.stresses = stresses;
    this.sparedProcesses = new Set(spared);
    this.times = stresses.map(() => 0);
  }

  strike(operation: Operation, seam: Seam, nowUs: number): FaultSpec | undefined {
    if (this.sparedProcesses.has(operation.process)) return undefined;
    for (const [index, stress] of this.stresses.entries()) {
      if (!stress.seams.includes(seam) || !isNamed(stress, operation.name) || !isNow(stress, nowUs)) continue;
      if (!this.draws.chance(mix32(operation.siteHash, index), strikePurpose, stress.ratePpm)) continue;
      if (stress.oncePerProcess === true) {
        const who = `${index} ${seam} ${operation.process}`;
        if (this.struckOnce.has(who)) continue;
        this.struckOnce.add(who);
      }
      if (this.times[index]! >= (stress.timesMax ?? Infinity)) continue;
      this.times[index]!++;
      return stress.faults[this.draws.int(mix32(operation.siteHash, index), kindPurpose, stress.faults.length)];
    }
    return undefined;
  }
}

function isNamed({ names }: Stress, name: string): boolean {
  return names === undefined || names.some((each) => (each.endsWith(".") ? name.startsWith(each) : name === each));
}

function isNow({ fromMs = 0, untilMs = Infinity }: Stress, nowUs: number): boolean {
  return nowUs >= fromMs * usPerMs && nowUs < untilMs * usPerMs;
}

const strikePurpose = purpose("stress");
const kindPurpose = purpose("stress kind");
