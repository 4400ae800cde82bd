import fc from "fast-check";
import { expect, test } from "vitest";
import { narrow } from "../../../src/campaign/queue/narrow.ts";
import type { QueuedEnd } from "../../../src/campaign/queue/protocol.ts";
import type { ExploreTask, Task } from "../../../src/campaign/task.ts";
import { answerOf, chunk, seedsOf } from "../../redis/toy-executor.ts";

test("the seed that ends its workers is found with few deaths, wherever it stands", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5_000 }), fc.nat(), async (count, choice) => {
      const poison = choice % count;
      let deaths = 0;
      const run = async (part: Task, startsMax: number): Promise<QueuedEnd> => {
        const { seeds } = part as ExploreTask;
        if (!seeds.includes(poison)) return answerOf(seeds);
        deaths += startsMax;
        return { kind: "abandoned" };
      };
      const seeds = Array.from({ length: count }, (_, seed) => seed);
      expect(await narrow(chunk(...seeds), run)).toMatchObject({ kind: "died", seed: poison });
      expect(deaths).toBeLessThanOrEqual(6);
    }),
    { numRuns: 100 },
  );
});

test("a chunk that met somebody else's deaths is answered whole, in order of seeds", async () => {
  const seeds = Array.from({ length: 100 }, (_, seed) => seed);
  const met = new Set<number>([3, 60]);
  const run = async (part: Task): Promise<QueuedEnd> => {
    const { seeds: own } = part as ExploreTask;
    if (own.length > 1 && own.some((seed) => met.delete(seed))) return { kind: "abandoned" };
    return answerOf(own);
  };
  expect(seedsOf(await narrow(chunk(...seeds), run))).toEqual(seeds);
  expect(met.size).toBe(0);
});

test("a seed that hangs or ends its thread in a part is told as it is", async () => {
  const died: QueuedEnd = { kind: "died", seed: 2, why: "exit 7" };
  expect(await narrow(chunk(1, 2, 3), async () => died)).toEqual(died);
});
