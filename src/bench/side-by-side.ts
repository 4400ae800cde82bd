import { assert } from "../base/assert.ts";
import type { BenchModule, BenchOutcome, BenchTools } from "./bench-module.ts";
import type { Metric, Metrics } from "./verdict.ts";

export interface SideBySideOptions {
  /** Of each side; two at least, since a single figure says nothing of its spread. */
  readonly rounds: number;
  /** Timed ones in a round. The quickest of them is the figure of the round. */
  readonly iterations: number;
  /** Each side warms up until it took so long. */
  readonly warmUpMsMin: number;
  /** After this time no further round begins, but for the first `roundsMin`. */
  readonly timeMsMax?: number;
  readonly before: Omit<BenchTools, "iterations" | "warmUps">;
  readonly after: Omit<BenchTools, "iterations" | "warmUps">;
}

export interface SideBySide {
  /** A sample for each round. */
  readonly before: BenchOutcome;
  readonly after: BenchOutcome;
}

/** Fewer say too little of the spread for Welch's test to mean anything. */
export const roundsMin = 8;

/**
 * Measures two versions of one benchmark in turns (before after, after before, and so on), so that whatever the machine does
 * meanwhile strikes both. What others do on it only ever makes an iteration slower: the quickest of a round is nearest to
 * what the code takes, and it is what the two are compared by. A deterministic benchmark is measured once.
 */
export async function measureSideBySide(
  before: BenchModule,
  after: BenchModule,
  options: SideBySideOptions,
): Promise<SideBySide> {
  assert(options.rounds >= 2 && options.iterations >= 1, "a comparison has two rounds, and a round an iteration");
  const sides = [new Side(before, options.before), new Side(after, options.after)] as const;
  for (const side of sides) await side.warmUp(options);
  const rounds = before.lane === "deterministic" ? 1 : options.rounds;
  const { nowNs } = options.before;
  const startNs = nowNs();
  const isLate = (): boolean => Number(nowNs() - startNs) / 1e6 > (options.timeMsMax ?? Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds && (round < roundsMin || !isLate()); round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side.measure(options.iterations);
  }
  return { before: sides[0].outcome(), after: sides[1].outcome() };
}

class Side {
  private readonly module: BenchModule;
  private readonly tools: Omit<BenchTools, "iterations" | "warmUps">;
  private readonly metrics = new Map<string, { readonly metric: Metric; readonly samples: number[] }>();
  private why: string | undefined;

  constructor(module: BenchModule, tools: Omit<BenchTools, "iterations" | "warmUps">) {
    this.module = module;
    this.tools = tools;
  }

  async warmUp({ iterations, warmUpMsMin }: SideBySideOptions): Promise<void> {
    await this.run({ iterations, warmUps: 0, warmUpMsMin });
  }

  async measure(iterations: number): Promise<void> {
    for (const [name, metric] of Object.entries(await this.run({ iterations, warmUps: 0 }))) {
      const kept = this.metrics.get(name) ?? { metric, samples: [] };
      this.metrics.set(name, kept);
      kept.samples.push(Math.min(...metric.samples));
    }
  }

  outcome(): BenchOutcome {
    if (this.why !== undefined) return { kind: "invalid", why: this.why };
    const metrics = [...this.metrics].map(([name, { metric, samples }]) => [name, { ...metric, samples }] as const);
    return { kind: "measured", metrics: Object.fromEntries(metrics) };
  }

  /** What failed once is not run again. */
  private async run(counts: Pick<BenchTools, "iterations" | "warmUps" | "warmUpMsMin">): Promise<Metrics> {
    if (this.why !== undefined) return {};
    const outcome = await this.module.run({ ...this.tools, ...counts });
    if (outcome.kind === "measured") return outcome.metrics;
    this.why = outcome.why;
    return {};
  }
}
