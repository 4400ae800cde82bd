import { expect } from "vitest";
import type { Ports } from "../../../src/ports/ports.ts";
import type { Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import type { ChildProcess, Signal } from "../../../src/ports/subprocess.ts";
import { expectFail, valueOf } from "./expect-result.ts";

/** What whoever runs a `Program` promises to it and to its parent, on a simulated host or on a machine. */
export interface ProgramLaw {
  readonly title: string;
  readonly program: Program;
  /** @param start starts the program in an empty folder */
  check(start: (args?: readonly string[]) => Promise<ChildProcess>, ports: Ports, root: string): Promise<void>;
}

type Run = Generator<ProgramStep, number, string | undefined>;

const hang: ProgramStep = { kind: "hang" };

function program(name: string, run: (context: ProgramContext) => Run, rest: Partial<Program> = {}): Program {
  return { name, run, ...rest };
}

export const programLaws: readonly ProgramLaw[] = [
  {
    title: "whoever writes to a program that closed its input learns EPIPE, while it goes on",
    program: program("closes-input", function* run(context) {
      yield { kind: "closeInput" };
      context.stdout("closed");
      yield hang;
      return 0;
    }),
    async check(start) {
      const child = await start();
      expect(await read(child)).toBe("stdout: closed");
      expectFail(await child.write("too late"), "EPIPE");
      child.kill("SIGTERM");
      expect(await child.exited).toEqual({ kind: "signal", signal: "SIGTERM" });
    },
  },
  {
    title: "a program may close its input after it has read from it",
    program: program("reads-then-closes", function* run(context) {
      context.stdout(`${yield { kind: "inputLine" }}`);
      yield { kind: "closeInput" };
      context.stdout(", closed");
      yield hang;
      return 0;
    }),
    async check(start) {
      const child = await start();
      valueOf(await child.write("one\ntwo\n"));
      expect(await readUntil(child, "closed")).toBe("one, closed");
      expectFail(await child.write("too late"), "EPIPE");
      child.kill("SIGKILL");
      await child.exited;
    },
  },
  {
    title: "lines arrive one by one, characters may be cut between writes, and the last line needs no end",
    program: program("line-by-line", function* run(context) {
      for (let line = yield { kind: "inputLine" }; line !== undefined; line = yield { kind: "inputLine" }) {
        context.stdout(`<${line}>`);
      }
      return 0;
    }),
    async check(start) {
      const child = await start();
      valueOf(await child.write("one\n"));
      expect(await read(child)).toBe("stdout: <one>");
      valueOf(await child.write(Uint8Array.of(0xc3)));
      valueOf(await child.write(Uint8Array.of(0xa9, 0x0a, 0x0a)));
      expect(await readUntil(child, "<>")).toBe("<é><>");
      valueOf(await child.write("last"));
      child.closeInput();
      expect(await readUntil(child, ">")).toBe("<last>");
      expect(await child.exited).toEqual({ kind: "code", code: 0 });
    },
  },
  {
    title: "a signal that a program answers brings its last word and its exit code",
    program: program(
      "last-word",
      function* run(context) {
        context.stdout("ready");
        yield hang;
        return 0;
      },
      {
        signals: {
          SIGTERM: { kind: "exit", exitCode: 143, stdout: "bye", stderr: "ended" },
          SIGHUP: { kind: "ignore" },
        },
      },
    ),
    async check(start) {
      const child = await start();
      expect(await read(child)).toBe("stdout: ready");
      child.kill("SIGHUP");
      child.kill("SIGTERM");
      const words = [await read(child), await read(child)].toSorted();
      expect(words).toEqual(["stderr: ended", "stdout: bye"]);
      expect(await child.exited).toEqual({ kind: "code", code: 143 });
    },
  },
  ...(["SIGTERM", "SIGKILL", "SIGINT", "SIGHUP"] as const).map(diesBy),
  {
    title: "a child that a program left behind goes on where the program was, with what the program knew",
    program: program("leaves-writer", function* run(context) {
      const { files, cwd } = context;
      files.write(`${cwd}/count`, `${files.readText(`${cwd}/count`)}+`);
      const secret = yield { kind: "inputLine" };
      const before = files.readText(`${cwd}/count`);
      const pid = context.pid;
      context.stdout("once");
      yield { kind: "leave", exitCode: 3, holdsPipes: false };
      context.stdout("never");
      files.write(`${cwd}/late`, `${before} ${files.readText(`${cwd}/count`)} ${secret} ${pid === context.pid}`);
      return 0;
    }),
    async check(start, ports, root) {
      valueOf(await ports.files.write(`${root}/count`, "0"));
      const child = await start();
      valueOf(await child.write("word\n"));
      expect(await readUntil(child, "never")).toBe("once");
      expect(await child.exited).toEqual({ kind: "code", code: 3 });
      expect(await fileWhenThere(ports, `${root}/late`)).toBe("0+ 0+ word true");
    },
  },
  {
    title: "a child that was left behind holds the pipes, writes to them, and hears signals to the group",
    program: program(
      "leaves-talker",
      function* run(context) {
        context.stdout("parent");
        yield { kind: "leave", exitCode: 0, holdsPipes: true };
        context.stdout(", child");
        yield hang;
        return 0;
      },
      { signals: { SIGTERM: { kind: "exit", exitCode: 9, stdout: "no last word" } } },
    ),
    async check(start) {
      const child = await start();
      expect(await readUntil(child, "child")).toBe("parent, child");
      expect(await child.exited).toEqual({ kind: "code", code: 0 });
      child.killGroup("SIGTERM");
      expect(await child.read()).toBeNull();
    },
  },
];

function diesBy(signal: Signal): ProgramLaw {
  return {
    title: `a program that dies of ${signal} by itself has lost nothing that it said, though it is deaf to signals`,
    program: program(
      `dies-of-${signal}`,
      function* run(context) {
        context.stdout("x".repeat(100_000));
        yield { kind: "die", signal };
        return 0;
      },
      { ignoresSignals: true },
    ),
    async check(start) {
      const child = await start();
      expect((await readUntil(child, "never")).length).toBe(100_000);
      expect(await child.exited).toEqual({ kind: "signal", signal });
    },
  };
}

async function read(child: ChildProcess): Promise<string> {
  const chunk = await child.read();
  return chunk === null ? "the end" : `${chunk.stream}: ${new TextDecoder().decode(chunk.bytes)}`;
}

/** Of standard output, up to a text or the end: pipes may join what was written apart, and part what was written at once. */
async function readUntil(child: ChildProcess, text: string): Promise<string> {
  let seen = "";
  while (!seen.endsWith(text)) {
    const chunk = await child.read();
    if (chunk === null) break;
    seen += new TextDecoder().decode(chunk.bytes);
  }
  return seen;
}

async function fileWhenThere(ports: Ports, path: string): Promise<string> {
  for (;;) {
    const found = await ports.files.readText(path);
    if (found.kind === "ok" && found.value !== "") return found.value;
    await ports.clock.sleep(5);
  }
}
