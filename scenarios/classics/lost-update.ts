import type { Scenario } from "../../src/index.ts";
import { doneOnce, classic } from "./classic.ts";

/**
 * Two threads increment a counter by reading and then writing it. One does so at once, the other after much work of its
 * own: an update is lost only when the first is held between its read and its write all that time.
 */
export function lostUpdate(): Scenario {
  return classic({
    name: "lost-update",
    about: "Two threads increment a counter by reading and then writing it, one early and one late.",
    invariant: doneOnce,
    threads(memory) {
      for (const [name, steps] of [
        ["early", 0],
        ["late", 40],
      ] as const) {
        memory.thread(name, async (thread) => {
          await thread.work(steps);
          const value = await thread.read("counter");
          await thread.write("counter", value + 1);
          thread.done(`the counter became ${value + 1}`);
        });
      }
    },
  });
}
