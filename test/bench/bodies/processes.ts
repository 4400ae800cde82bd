import { tmpdir } from "node:os";
import { timedBench, type BenchModule } from "../../../src/bench/bench-module.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import type { Program } from "../../../src/ports/program.ts";
import { RealSubprocess } from "../../../src/real/subprocess.ts";
import { runWorld } from "../../sim/world-run.ts";

const simulatedSpawns = 200;

/** Prints a word and ends. */
const greeter: Program = {
  name: "greet",
  *run(context) {
    yield { kind: "work", durationUs: 1_000 };
    context.stdout("hello");
    return 0;
  },
};

type Subprocess = Pick<Ports["subprocess"], "spawn">;

/** From its start to its end, with what it printed. */
async function runToEnd(
  subprocess: Subprocess,
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<string> {
  const started = await subprocess.spawn({ command, args, cwd });
  if (started.kind !== "ok") throw new Error(`${command} did not start: ${started.error.code}`);
  const child = started.value;
  child.closeInput();
  let printed = "";
  for (let chunk = await child.read(); chunk !== null; chunk = await child.read()) {
    printed += Buffer.from(chunk.bytes).toString();
  }
  await child.exited;
  return printed;
}

export const spawns: readonly BenchModule[] = [
  timedBench({
    name: "spawn, simulated",
    about: "a program of a simulated host, from its start to its end",
    operations: simulatedSpawns,
    setUp: () => ({ printed: 0 }),
    body: (seen, spawns) =>
      runWorld((world) => {
        world.host("server", { image: { folders: ["/work"], files: {} }, programs: [greeter] });
        world.process("parent", async (ports) => {
          for (let count = 0; count < spawns; count++) {
            if ((await runToEnd(ports.subprocess, "greet", [], "/work")) === "hello") seen.printed++;
          }
        });
      }),
    isDone: (_, { printed }, spawns) => printed === spawns,
  }),
  timedBench({
    name: "spawn, real",
    about: "a process of this machine, from its start to its end",
    operations: 1,
    setUp: () => new RealSubprocess(),
    body: (subprocess) => runToEnd(subprocess, "/bin/echo", ["hello"], tmpdir()),
    isDone: (printed) => printed === "hello\n",
  }),
];
