import type { BenchModule } from "./bench-module.ts";

export interface ShareSubject<State> {
  readonly name: string;
  readonly about: string;
  /** Once for all samples, outside the timed part. */
  readonly setUp: () => State | Promise<State>;
  readonly tearDown?: (state: State) => unknown;
  /** The same operation with the part whose share is asked for, and without it. */
  readonly withPart: (state: State) => unknown;
  readonly withoutPart: (state: State) => unknown;
  /** Whether what either returned shows that it did its work. */
  readonly isDone: (value: unknown) => boolean;
}

/**
 * How much of an operation one part of it takes, in percent: done with and without the part in turns, so that what the machine
 * does meanwhile strikes both; a sample for every few turns. Below 0 where the part is lost in the noise.
 */
export function shareBench<State>(subject: ShareSubject<State>): BenchModule {
  const { name, about } = subject;
  return {
    name,
    about,
    lane: "wall-clock",
    metrics: [name],
    run: async ({ iterations, warmUps, nowNs, burden, spend }) => {
      const state = await subject.setUp();
      try {
        const timeNs = async (hasPart: boolean): Promise<number> => {
          const startNs = nowNs();
          if (hasPart && burden > 0) spend(burden);
          const value = await (hasPart ? subject.withPart(state) : subject.withoutPart(state));
          const elapsedNs = Number(nowNs() - startNs);
          if (!subject.isDone(value)) throw new Error("the subject did not do its work");
          return elapsedNs;
        };
        const samples: number[] = [];
        for (let turn = 0; turn < warmUps; turn++) await timeNs(turn % 2 === 0);
        const pairs = Math.min(pairsPerSample, iterations);
        for (let taken = 0; taken + pairs <= iterations; taken += pairs) {
          const [withNs, withoutNs] = [[] as number[], [] as number[]];
          for (let pair = 0; pair < pairs; pair++) {
            for (const hasPart of pair % 2 === 0 ? [true, false] : [false, true]) {
              (hasPart ? withNs : withoutNs).push(await timeNs(hasPart));
            }
          }
          samples.push(shareOf(Math.min(...withNs), Math.min(...withoutNs)));
        }
        return { kind: "measured", metrics: { [name]: { unit: "%", isDeterministic: false, samples } } };
      } catch (error) {
        return { kind: "invalid", why: error instanceof Error ? error.message : String(error) };
      } finally {
        await subject.tearDown?.(state);
      }
    },
  };
}

/** The quickest of each side make the sample: what others do on the machine only ever makes one slower. */
const pairsPerSample = 4;

function shareOf(withNs: number, withoutNs: number): number {
  return withNs === 0 ? 0 : (100 * (withNs - withoutNs)) / withNs;
}
