import { RunStop, type Ports } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** The answer is there and paid for, and is thrown away with the note about it. */
export const traceStopsRun: Mutant = {
  id: "F80",
  title: "a trace that cannot be written fails the run",
  scenario: "disk-full",
  expects: ["V1"],
  apply: (policies) => ({
    ...policies,
    traces: {
      async keep(files, ports, trace) {
        let reason: string | undefined;
        await policies.traces.keep(
          files,
          listening(ports, (event) => (reason ??= event)),
          trace,
        );
        if (reason === undefined) return;
        throw new RunStop({
          kind: "failure",
          failure: {
            what: "the model's answer was not used",
            why: "its trace cannot be written",
            advice: "Make room.",
          },
        });
      },
    },
  }),
};

/** @param onLoss called when a trace could not be kept */
function listening(ports: Ports, onLoss: (event: string) => void): Ports {
  return {
    clock: ports.clock,
    random: ports.random,
    http: ports.http,
    files: ports.files,
    subprocess: ports.subprocess,
    fork: (name) => ports.fork(name),
    log: {
      event(name, fields) {
        if (name === "trace.failed") onLoss(name);
        ports.log.event(name, fields);
      },
    },
  };
}
