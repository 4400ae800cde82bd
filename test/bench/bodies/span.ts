import { timedBench } from "../../../src/bench/bench-module.ts";
import { tracedPorts } from "../../../src/orchestrator/spans/traced-ports.ts";
import type { Ports } from "../../../src/ports/ports.ts";

/** Ports on which a pause takes no time. */
const immediate = {
  clock: { monotonicMs: () => 0, sleep: () => Promise.resolve({ kind: "ok", value: undefined }) },
  random: {},
  http: {},
  files: {},
  subprocess: {},
  log: {},
} as unknown as Ports;

/** Without a trace, ports are as they are: a span that nobody wants costs nothing. */
export const span = timedBench({
  name: "span",
  about: "an operation of a port that is traced, and does nothing else",
  operations: 10_000,
  setUp: () => ({ ended: 0 }),
  body: async (seen, operations) => {
    const { clock } = tracedPorts(immediate, () => void seen.ended++);
    for (let count = 0; count < operations; count++) await clock.sleep(1, { key: "pause" });
  },
  isDone: (_, { ended }, operations) => ended === operations,
});
