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
 * does meanwhile strikes both. Below 0 where the part is lost in the noise.
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
        for (let turn = 0; turn < warmUps + iterations; turn++) {
          const firstHasPart = turn % 2 === 0;
          const first = await timeNs(firstHasPart);
          const second = await timeNs(!firstHasPart);
          const [withNs, withoutNs] = firstHasPart ? [first, second] : [second, first];
          if (turn >= warmUps) samples.push(withNs === 0 ? 0 : (100 * (withNs - withoutNs)) / withNs);
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
