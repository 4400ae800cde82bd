import type { Scenario } from "../../src/index.ts";
import { assertionsHold, classic } from "./classic.ts";

/**
 * reorder-N: N - 1 threads set `a` to 1, then `b` to -1; one checks that it sees both or none. It is wrong when the whole
 * check falls between the first write of `a` and the first of `b`.
 * After "reorder" of SCTBench (Thomson, Donaldson, Betts, PPoPP 2014), which compares each word as often as C would.
 */
export function reorder(threads: number): Scenario {
  return classic({
    name: `reorder-${threads}`,
    about: `${threads - 1} threads write two words in order, and one reads them in between.`,
    invariant: assertionsHold,
    threads(memory) {
      for (let nth = 1; nth < threads; nth++) {
        memory.thread(`setter-${nth}`, async (thread) => {
          await thread.write("a", 1);
          await thread.write("b", -1);
        });
      }
      memory.thread("checker", async (thread) => {
        const none = (await thread.read("a")) === 0 && (await thread.read("b")) === 0;
        thread.assert(
          "both words are set, or none",
          none || ((await thread.read("a")) === 1 && (await thread.read("b")) === -1),
        );
      });
    },
  });
}
