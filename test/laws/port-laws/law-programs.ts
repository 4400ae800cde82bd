import type { Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import type { LawPrograms } from "./port-law.ts";

/**
 * The programs of the laws as values: a simulated host runs them, and so does this machine. `fixtures/programs` holds
 * the same ones without any of our code.
 */
export const lawPrograms: Readonly<Record<keyof LawPrograms, Program>> = {
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

function* hang(context: ProgramContext): Run {
  context.stdout("ready");
  yield { kind: "hang" };
  return 0;
}
