import type { Ports } from "../../src/ports/ports.ts";
import type { Program, ProgramContext, ProgramStep } from "../../src/ports/program.ts";
import { clockLaws } from "../laws/port-laws/clock-laws.ts";
import { filesLaws } from "../laws/port-laws/files-laws.ts";
import { httpLaws } from "../laws/port-laws/http-laws.ts";
import type { LawPrograms, PortHarness, PortImplementation } from "../laws/port-laws/port-law.ts";
import { subprocessLaws } from "../laws/port-laws/subprocess-laws.ts";
import { runWorld } from "./world-run.ts";

/** A world of one host and one process. */
const simulated: PortImplementation = {
  name: "simulated",
  makeHarness: async (): Promise<PortHarness> => ({
    root: "/srv/laws",
    programs: lawPrograms,
    run: runInWorld,
    dispose: async () => {},
  }),
};

async function runInWorld(body: (ports: Ports) => Promise<void>): Promise<void> {
  let outcome: { readonly kind: "held" } | { readonly kind: "failed"; readonly error: unknown } | undefined;
  const { end } = await runWorld((world) => {
    world.host("server", { image: { folders: ["/srv/laws"], files: {} }, programs: Object.values(programs) });
    world.process("subject", async (ports) => {
      try {
        await body(ports);
        outcome = { kind: "held" };
      } catch (error) {
        outcome = { kind: "failed", error };
      }
    });
  });
  if (outcome?.kind === "failed") throw outcome.error;
  if (outcome === undefined || end.kind !== "quiescent") throw new Error(`the run ended early: ${JSON.stringify(end)}`);
}

type Run = Generator<ProgramStep, number, string | undefined>;

function program(name: string, run: (context: ProgramContext) => Run, ignoresSignals = false): Program {
  return { name, run, ignoresSignals };
}

/** A program that works for a moment, prints and ends. */
function printing(name: string, print: (context: ProgramContext) => void): Program {
  return program(name, function* run(context): Run {
    yield { kind: "work", durationUs: 10 };
    print(context);
    return 0;
  });
}

const programs: Readonly<Record<keyof LawPrograms, Program>> = {
  echoArgs: printing("echo-args", (context) => context.stdout(JSON.stringify(context.args))),
  printEnvironment: printing("print-environment", (context) => context.stdout(JSON.stringify(context.env))),
  printFolder: printing("print-folder", (context) => context.stdout(context.cwd)),
  printTwoStreams: printing("print-two-streams", (context) => {
    context.stdout("out");
    context.stderr("err");
  }),
  printManyBytes: printing("print-many-bytes", (context) => context.stdout("x".repeat(Number(context.args[0])))),
  halfLine: printing("half-line", (context) => context.stdout("half a li")),
  exitWith7: program("exit-with-7", function* run(): Run {
    yield { kind: "work", durationUs: 10 };
    return 7;
  }),
  readAllInput: program("read-all-input", function* run(context): Run {
    context.stdout((yield { kind: "input" }) ?? "");
    return 0;
  }),
  forever: program("forever", hang),
  ignoreSigterm: program("ignore-sigterm", hang, true),
  grandchildHoldsPipe: program("grandchild-holds-pipe", function* run(context): Run {
    context.stdout("ready");
    yield { kind: "leave", exitCode: 0, holdsPipes: true };
    yield { kind: "hang" };
    return 0;
  }),
};

function* hang(context: ProgramContext): Run {
  context.stdout("ready");
  yield { kind: "hang" };
  return 0;
}

const lawPrograms = Object.fromEntries(
  Object.entries(programs).map(([key, { name }]) => [key, { command: name, args: [] }]),
) as unknown as LawPrograms;

clockLaws(simulated);
filesLaws(simulated);
httpLaws(simulated);
subprocessLaws(simulated);
