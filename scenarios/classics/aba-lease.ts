import type { Scenario } from "../../src/index.ts";
import { doneOnce, classic } from "./classic.ts";
import type { Thread } from "./shared-memory.ts";

/**
 * A lease that says who holds it and not which grant it is. A worker reads which job is next, then takes the lease if it
 * is free, by compare and set, and does the job. Between the two the other may take the lease, do that very job and give
 * the lease back: the word is as it was, and the job is done again. The ABA problem, as of a stack without tags.
 */
export function abaLease(): Scenario {
  return classic({
    name: "aba-lease",
    about: "Two workers share jobs under a lease without a generation.",
    invariant: doneOnce,
    threads(memory) {
      memory.thread("worker-1", (thread) => worker(thread, 1, 0));
      memory.thread("worker-2", (thread) => worker(thread, 2, 20));
    },
  });
}

async function worker(thread: Thread, id: number, stepsBefore: number): Promise<void> {
  await thread.work(stepsBefore);
  const job = await thread.read("next job");
  if (!(await thread.compareAndSet("lease", 0, id))) return;
  thread.done(`job ${job}`);
  await thread.write("next job", job + 1);
  await thread.write("lease", 0);
}
