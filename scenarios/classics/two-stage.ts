import type { Scenario } from "../../src/index.ts";
import { assertionsHold, classic } from "./classic.ts";

/**
 * twostage-N: N - 1 threads set `first` in one critical section and `second`, one more than it, in another; one reads them
 * in two sections likewise. It is wrong when it reads after the first `first` and before the first `second`.
 * After "twostage" of SCTBench (Thomson, Donaldson, Betts, PPoPP 2014). A critical section is one step here: nobody ever
 * waits for a lock.
 */
export function twoStage(threads: number): Scenario {
  return classic({
    name: `twostage-${threads}`,
    about: `${threads - 1} threads update two words, each under its lock, and one reads them in between.`,
    invariant: assertionsHold,
    threads(memory) {
      for (let nth = 1; nth < threads; nth++) {
        memory.thread(`stager-${nth}`, async (thread) => {
          await thread.write("first", 1);
          await thread.derive("second", "first", (first) => first + 1);
        });
      }
      memory.thread("reader", async (thread) => {
        const first = await thread.read("first");
        if (first === 0) return;
        thread.assert("second is one more than first", (await thread.read("second")) === first + 1);
      });
    },
  });
}
