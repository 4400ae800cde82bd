import type { ChildProcess, Ports } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** A signal reaches the program that was started, and nothing that it started itself. */
export const onlyTheParentEnds: Mutant = {
  id: "F63",
  title: "of a program that is ended, the helpers go on",
  scenario: "malformed-cli-output",
  expects: ["V1", "G1"],
  apply: (policies) => ({
    ...policies,
    programs: { run: (ports, call) => policies.programs.run(withoutGroups(ports), call) },
  }),
};

function withoutGroups(ports: Ports): Ports {
  const { subprocess } = ports;
  return {
    clock: ports.clock,
    random: ports.random,
    http: ports.http,
    files: ports.files,
    log: ports.log,
    fork: (name) => ports.fork(name),
    subprocess: {
      async spawn(request) {
        const spawned = await subprocess.spawn(request);
        return spawned.kind === "ok" ? { ...spawned, value: alone(spawned.value) } : spawned;
      },
      killGroup: (pid, signal, options) => subprocess.killGroup(pid, signal, options),
    },
  };
}

function alone(child: ChildProcess): ChildProcess {
  return {
    pid: child.pid,
    exited: child.exited,
    read: () => child.read(),
    write: (content) => child.write(content),
    closeInput: () => child.closeInput(),
    closeOutput: () => child.closeOutput(),
    kill: (signal) => child.kill(signal),
    killGroup: (signal) => child.kill(signal),
  };
}
