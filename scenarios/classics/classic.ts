import type { Invariant, Scenario } from "../../src/index.ts";
import { SharedMemory } from "./shared-memory.ts";

export interface Classic {
  /** Without the prefix `classics/`. */
  readonly name: string;
  readonly about: string;
  /** What shows the bug. */
  readonly invariant: Invariant;
  readonly threads: (memory: SharedMemory) => void;
}

/** A small program with a bug that some schedules show. Nothing goes wrong in it but the schedule. */
export function classic({ name, about, invariant, threads }: Classic): Scenario {
  return {
    name: `classics/${name}`,
    about,
    workloads: {
      scripted: [{}],
      draw: () => ({}),
      refuse: (value) => (JSON.stringify(value) === "{}" ? undefined : "it takes no parameters: {}"),
    },
    build: (world) => threads(new SharedMemory(world)),
    faults: { families: [], faultsMax: 0, faultsUntilMs: virtualMsMax, restartAfterMsMax: 0 },
    invariants: [invariant],
    sometimes: [],
    bounds: { stepsMax: 20_000, virtualMsMax },
  };
}

const virtualMsMax = 60_000;

/** For threads that say `assert`. */
export const assertionsHold: Invariant = {
  id: "assertion",
  rule: "What the program asserts is true.",
  start(report) {
    let checked = 0;
    return {
      kinds: ["note"],
      observe(event) {
        if (event.kind !== "note" || event.name !== "assertion") return;
        checked++;
        const what = event.fields["what"] as string;
        if (event.fields["holds"] !== true)
          report({ place: what, message: `${event.process} found it false: ${what}.` });
      },
      checked: () => checked,
    };
  },
};

/** For threads that say `done`. */
export const doneOnce: Invariant = {
  id: "done-once",
  rule: "What is done is done once.",
  start(report) {
    const done = new Set<string>();
    return {
      kinds: ["note"],
      observe(event) {
        if (event.kind !== "note" || event.name !== "done") return;
        const what = event.fields["what"] as string;
        if (done.has(what)) report({ place: what, message: `${event.process} did it again: ${what}.` });
        done.add(what);
      },
      checked: () => done.size,
    };
  },
};
