import type { Invariant, Sometimes } from "../../src/invariants/invariant.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { JsonValue } from "../../src/base/json.ts";
import type { Scenario } from "../../src/sim/scenario.ts";

const counterPath = "/counter";
const lockPath = "/counter.lock";

/** The counter never goes back: it does when one process reads before, and writes after another one's write. */
export const noLostUpdate: Invariant = {
  id: "C1",
  rule: "No update of the counter is lost.",
  start(report) {
    let last = 0;
    let seen = 0;
    return {
      kinds: ["note"],
      observe(event) {
        if (event.kind !== "note" || event.name !== "counter.written") return;
        seen++;
        const value = event.fields["value"] as number;
        if (value <= last) {
          report({
            place: "counter",
            message: `${event.process} wrote ${value} after ${last} had been written.`,
            expected: last + 1,
            actual: value,
          });
        }
        last = value;
      },
      checked: () => seen,
    };
  },
};

const counted: Sometimes = {
  name: "the counter was written",
  start: (hit) => ({
    kinds: ["note"],
    observe: (event) => void (event.kind === "note" && event.name === "counter.written" && hit()),
  }),
};

/** What the command line asks of a catalogue of scenarios. This one holds toys that increment a counter in a file. */
export const builtInScenarios: readonly Scenario[] = [
  counterScenario("counter-locked", incrementUnderLock),
  counterScenario("counter-racy", increment),
];

/** Toys that no default run takes. */
export const oddScenarios: readonly Scenario[] = [
  counterScenario("counter-stuck", spinSometimes),
  counterScenario("counter-exit", exitSometimes),
  counterScenario("counter-hoarding", hoardSometimes),
  counterScenario("counter-vacuous", incrementUnderLock, [neverHappens()]),
  counterScenario("counter-unbounded", sleepForever),
  counterScenario("counter-leaking", leak),
];

export const builtInMutants = [
  { id: "F01", title: "increments without the lock", scenario: "counter-locked", expects: ["C1"] },
];

export function scenarioWith(name: string, options: { mutant?: string; epic?: JsonValue } = {}): Scenario {
  if (options.epic !== undefined && typeof options.epic !== "object") throw new Error("epic: not an object");
  const base = [...builtInScenarios, ...oddScenarios].find((each) => each.name === name);
  if (base === undefined) throw new Error(`no scenario ${name}`);
  return options.mutant === undefined ? base : counterScenario(name, increment);
}

export function toy(name: string): Scenario {
  return scenarioWith(name);
}

function neverHappens(): Sometimes {
  return { name: "pigs flew", start: () => ({ kinds: [], observe: () => {} }) };
}

function counterScenario(
  name: string,
  main: (ports: Ports, rounds: number) => Promise<void>,
  more: readonly Sometimes[] = [],
): Scenario {
  return {
    name,
    about: "Two processes increment a counter in a file.",
    workloads: {
      scripted: [1],
      draw: (seed) => 1 + (seed % 3),
      refuse: (value) => (typeof value === "number" && value >= 1 && value <= 9 ? undefined : "not a number of rounds"),
    },
    build(world, workload) {
      for (const process of ["left", "right"]) {
        world.process(process, (ports) => main(ports, workload as number), {
          startAfterMs: process === "left" ? 0 : 10,
        });
      }
    },
    faults: { families: ["clock"], faultsMax: 2, faultsUntilMs: 60_000, restartAfterMsMax: 1_000 },
    invariants: [noLostUpdate],
    sometimes: [counted, ...more],
    bounds: { stepsMax: 2_000, virtualMsMax: 600_000 },
  };
}

async function increment(ports: Ports, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await incrementOnce(ports);
    await ports.clock.sleep(40);
  }
}

async function incrementUnderLock(ports: Ports, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const lock = await ports.files.write(lockPath, "", { mode: "createNew" });
    if (lock.kind === "ok") {
      await incrementOnce(ports);
      await ports.files.remove(lockPath);
    }
    await ports.clock.sleep(40);
  }
}

async function incrementOnce(ports: Ports): Promise<void> {
  const read = await ports.files.readText(counterPath);
  if (read.kind !== "ok" && read.error.code !== "ENOENT") return;
  const value = (read.kind === "ok" ? Number(read.value) : 0) + 1;
  const written = await ports.files.write(counterPath, String(value));
  if (written.kind === "ok") ports.log.event("counter.written", { value });
}

/** Never gives the turn back in workloads of more than one round. */
async function spinSometimes(ports: Ports, rounds: number): Promise<void> {
  await incrementUnderLock(ports, rounds);
  if (rounds === 1) return;
  for (;;) await Promise.resolve();
}

async function exitSometimes(ports: Ports, rounds: number): Promise<void> {
  await incrementUnderLock(ports, rounds);
  if (rounds > 1) process.exit(7);
}

/** Takes memory without end in workloads of more than one round: in small pieces, so that the engine can end it in time. */
async function hoardSometimes(ports: Ports, rounds: number): Promise<void> {
  await incrementUnderLock(ports, rounds);
  if (rounds === 1) return;
  let hoard: Hoard = { before: undefined };
  for (;;) hoard = { before: hoard };
}

interface Hoard {
  readonly before: Hoard | undefined;
}

async function sleepForever(ports: Ports): Promise<void> {
  for (;;) await ports.clock.sleep(1_000);
}

async function leak(ports: Ports): Promise<void> {
  await ports.clock.sleep(1);
  Math.random();
}
