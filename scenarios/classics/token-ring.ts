import type { Scenario } from "../../src/index.ts";
import { assertionsHold, classic } from "./classic.ts";

/**
 * Three threads hand a value round: each copies its neighbour's and raises its flag. A fourth, when it sees all flags,
 * expects one value everywhere. That holds only when they came in the order of the ring.
 * After "token_ring" of SCTBench (Thomson, Donaldson, Betts, PPoPP 2014).
 */
export function tokenRing(): Scenario {
  return classic({
    name: "token-ring",
    about: "Three threads pass a value round, and a fourth compares when all have.",
    invariant: assertionsHold,
    threads(memory) {
      memory.set("x1", 1);
      memory.set("x2", 2);
      memory.set("x3", 1);
      const copy = (nth: number, from: string, change: (value: number) => number): void =>
        memory.thread(`node-${nth}`, async (thread) => {
          await thread.write(`x${nth}`, change(await thread.read(from)));
          await thread.write(`flag${nth}`, 1);
        });
      copy(1, "x3", (value) => (value + 1) % 4);
      copy(2, "x1", (value) => value);
      copy(3, "x2", (value) => value);
      memory.thread("checker", async (thread) => {
        for (const flag of ["flag1", "flag2", "flag3"]) if ((await thread.read(flag)) === 0) return;
        const first = await thread.read("x1");
        const second = await thread.read("x2");
        thread.assert("one value all round", first === second && second === (await thread.read("x3")));
      });
    },
  });
}
