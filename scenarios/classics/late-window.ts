import type { Scenario } from "../../src/index.ts";
import { assertionsHold, classic } from "./classic.ts";

/**
 * A word is wrong for one step, at the end of a long run; a second thread reads it once, and would by default have done so
 * long before. Who chooses step by step has to hold that one read back at every step of the way.
 */
export function lateWindow(): Scenario {
  return classic({
    name: "late-window",
    about: "A word is half updated for one step, late in the run, and is read once.",
    invariant: assertionsHold,
    threads(memory) {
      memory.thread("writer", async (thread) => {
        await thread.work(80);
        await thread.write("state", 1);
        await thread.write("state", 2);
      });
      memory.thread("reader", async (thread) => {
        await thread.work(4);
        thread.assert("the state is never seen half updated", (await thread.read("state")) !== 1);
      });
    },
  });
}
