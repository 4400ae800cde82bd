import type { Sometimes } from "../../src/index.ts";

/** A run that the version before had begun is carried on by the next one. */
export const takenOverByNextVersion: Sometimes = {
  name: "the next version took over a run of the one before",
  start(hit) {
    const next = new Set<string>();
    const begunBefore = new Set<string>();
    return {
      kinds: ["note"],
      observe(event) {
        if (event.kind !== "note") return;
        if (event.name === "version.started") next.add(event.process);
        if (event.name !== "run.started") return;
        const cause = event.fields["cause"] as string;
        if (!next.has(event.process)) begunBefore.add(cause);
        else if (begunBefore.has(cause)) hit();
      },
    };
  },
};

/** Between being told to stop and its end a process comes to the end of a run and gives its lease back. */
export const gaveBackOnStop: Sometimes = {
  name: "a process that was told to stop gave its lease back",
  start(hit) {
    const held = new Set<string>();
    const stopping = new Set<string>();
    return {
      kinds: ["note"],
      observe(event) {
        if (event.kind !== "note") return;
        const { process } = event;
        if (event.name === "lease.acquired") held.add(process);
        else if (event.name === "version.stopping" && held.has(process)) stopping.add(process);
        else if (event.name === "lease.released") {
          held.delete(process);
          if (stopping.has(process)) hit();
        } else if (event.name === "version.stopped" || event.name === "version.started") stopping.delete(process);
      },
    };
  },
};

/** A process has not come to its end in time and is killed. */
export const cutOffByDeployment: Sometimes = {
  name: "a process was killed because it did not stop in time",
  start: (hit) => ({
    kinds: ["process"],
    observe(event) {
      if (event.kind === "process" && event.what === "kill" && event.reason.includes("the next version")) hit();
    },
  }),
};

/** One process still begins runs as the version before when another one already works as the next. */
export const sideBySide: Sometimes = {
  name: "two versions began runs side by side",
  start(hit) {
    const next = new Set<string>();
    const working = new Set<string>();
    return {
      kinds: ["note"],
      observe(event) {
        if (event.kind !== "note") return;
        if (event.name === "version.started") next.add(event.process);
        if (event.name !== "run.started") return;
        if (next.has(event.process)) working.add(event.process);
        else if (working.size > 0) hit();
      },
    };
  },
};
