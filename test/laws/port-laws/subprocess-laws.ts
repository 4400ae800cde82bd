import { expect } from "vitest";
import type { Ports } from "../../../src/ports/ports.ts";
import type { ChildProcess, ExitStatus, OutputChunk, Signal } from "../../../src/ports/subprocess.ts";
import { expectFail, valueOf } from "./expect-result.ts";
import {
  describePortLaws,
  type Differences,
  type LawProgram,
  type LawPrograms,
  type Place,
  type PortImplementation,
  type PortLaw,
} from "./port-law.ts";

export function subprocessLaws(implementation: PortImplementation, differences: Differences = {}): void {
  describePortLaws("subprocess", [...starts, ...pipes, ...ends, ...groups, ...refusals], implementation, differences);
}

const signals: readonly Signal[] = ["SIGTERM", "SIGKILL", "SIGINT", "SIGHUP"];

const starts: readonly PortLaw[] = [
  {
    title: "arguments arrive as they were given: no shell reads them",
    async check(ports, place) {
      const args = [
        "",
        "two words",
        `"quoted" 'twice'`,
        "$HOME `id` $(id)",
        "a;b|c>d&",
        "*",
        "--flag=é😀",
        "line\nend",
      ];
      expect(JSON.parse((await runToEnd(ports, place, "echoArgs", args)).stdout)).toEqual(args);
    },
  },
  {
    title: "a program sees the given variables and nothing else but PATH and HOME",
    async check(ports, place) {
      const child = await start(ports, place, "printEnvironment", { env: { GIVEN: "é $HOME", EMPTY: "" } });
      const { PATH: _path, HOME: _home, ...rest } = JSON.parse((await drain(child)).stdout);
      expect(rest).toEqual({ GIVEN: "é $HOME", EMPTY: "" });
    },
  },
  {
    title: "a program works in the folder it was given",
    async check(ports, place) {
      valueOf(await ports.files.makeFolder(`${place.root}/a folder`));
      const child = await start(ports, place, "printFolder", { cwd: `${place.root}/a folder` });
      expect((await drain(child)).stdout).toBe(`${place.root}/a folder`);
    },
  },
  {
    title: "two programs run at once, each with pid and output of its own",
    async check(ports, place) {
      const first = await start(ports.fork("first"), place, "readAllInput");
      const second = await start(ports.fork("second"), place, "readAllInput");
      expect(second.pid).not.toBe(first.pid);
      valueOf(await second.write("to the second"));
      valueOf(await first.write("to the first"));
      second.closeInput();
      first.closeInput();
      const outputs = await Promise.all([drain(first), drain(second)]);
      expect(outputs.map(({ stdout }) => stdout)).toEqual(["to the first", "to the second"]);
    },
  },
];

const pipes: readonly PortLaw[] = [
  {
    title: "the two output streams are told apart",
    async check(ports, place) {
      expect(await runToEnd(ports, place, "printTwoStreams")).toMatchObject({ stdout: "out", stderr: "err" });
    },
  },
  {
    title: "a last line without its end arrives",
    async check(ports, place) {
      expect((await runToEnd(ports, place, "halfLine")).stdout).toBe("half a li");
    },
  },
  {
    title: "more output than any pipe holds arrives whole, though it is read late",
    async check(ports, place) {
      const child = await start(ports, place, "printManyBytes", { args: ["3000000"] });
      await ports.clock.sleep(200);
      const { stdout, status } = await drain(child);
      expect(stdout.length).toBe(3_000_000);
      expect(status).toEqual({ kind: "code", code: 0 });
    },
  },
  {
    title: "output can be read after the exit, then comes the end, again and again",
    async check(ports, place) {
      const child = await start(ports, place, "halfLine");
      await child.exited;
      expect(textOf(await child.read())).toBe("half a li");
      expect(await child.read()).toBeNull();
      expect(await child.read()).toBeNull();
    },
  },
  {
    title: "output that is given up ends for its reader, and the program goes on",
    async check(ports, place) {
      const child = await start(ports, place, "forever");
      expect(textOf(await child.read())).toBe("ready");
      const last = child.read();
      child.closeOutput();
      expect(await last).toBeNull();
      expect(await child.read()).toBeNull();
      valueOf(await ports.subprocess.killGroup(child.pid, "SIGTERM"));
      expect(await child.exited).toEqual({ kind: "signal", signal: "SIGTERM" });
    },
  },
  {
    title: "output that was not read when it is given up is lost",
    async check(ports, place) {
      const child = await start(ports, place, "halfLine");
      await child.exited;
      child.closeOutput();
      expect(await child.read()).toBeNull();
    },
  },
  {
    title: "a program reads all of its input, as text or bytes, up to its end",
    async check(ports, place) {
      const child = await start(ports, place, "readAllInput");
      valueOf(await child.write("é "));
      valueOf(await child.write(new Uint8Array([0xf0, 0x9f])));
      valueOf(await child.write(new Uint8Array([0x98, 0x80])));
      child.closeInput();
      const { stdout, status } = await drain(child);
      expect(stdout).toBe("é 😀");
      expect(status).toEqual({ kind: "code", code: 0 });
    },
  },
  {
    title: "a program waits for its input until it is closed",
    async check(ports, place) {
      const child = await start(ports, place, "readAllInput");
      let exited = false;
      const exit = child.exited.then(() => {
        exited = true;
      });
      await ports.clock.sleep(150);
      expect(exited).toBe(false);
      child.closeInput();
      await exit;
      expect((await drain(child)).stdout).toBe("");
    },
  },
  {
    title: "a write to a program that has ended is EPIPE",
    async check(ports, place) {
      const child = await start(ports, place, "exitWith7");
      await child.exited;
      expectFail(await child.write("too late"), "EPIPE");
      child.closeInput();
      await drain(child);
    },
  },
  {
    title: "a write after the input was closed is EPIPE, and closing it twice is harmless",
    async check(ports, place) {
      const child = await start(ports, place, "readAllInput");
      child.closeInput();
      child.closeInput();
      expectFail(await child.write("too late"), "EPIPE");
      expect((await drain(child)).stdout).toBe("");
    },
  },
];

const ends: readonly PortLaw[] = [
  {
    title: "an exit code is told",
    async check(ports, place) {
      expect((await runToEnd(ports, place, "exitWith7")).status).toEqual({ kind: "code", code: 7 });
      expect((await runToEnd(ports, place, "halfLine")).status).toEqual({ kind: "code", code: 0 });
    },
  },
  ...signals.map(endedBy),
  {
    title: "a program may ignore SIGTERM, but not SIGKILL",
    async check(ports, place) {
      const child = await start(ports, place, "ignoreSigterm");
      expect(textOf(await child.read())).toBe("ready");
      let exited = false;
      const exit = child.exited.then((status) => {
        exited = true;
        return status;
      });
      child.kill("SIGTERM");
      child.killGroup("SIGTERM");
      await ports.clock.sleep(150);
      expect(exited).toBe(false);
      child.kill("SIGKILL");
      expect(await exit).toEqual({ kind: "signal", signal: "SIGKILL" });
    },
  },
  {
    title: "a signal after the end is harmless",
    async check(ports, place) {
      const child = await start(ports, place, "exitWith7");
      await drain(child);
      child.kill("SIGKILL");
      child.killGroup("SIGKILL");
      await ports.clock.sleep(5);
      expect(await child.exited).toEqual({ kind: "code", code: 7 });
    },
  },
];

function endedBy(signal: Signal): PortLaw {
  return {
    title: `${signal} ends a program, and is told`,
    async check(ports, place) {
      const child = await start(ports, place, "forever");
      expect(textOf(await child.read())).toBe("ready");
      child.kill(signal);
      expect(await child.exited).toEqual({ kind: "signal", signal });
      expect(await child.read()).toBeNull();
    },
  };
}

const groups: readonly PortLaw[] = [
  {
    title: "a group is signalled by the pid of its leader, until nobody is left in it",
    async check(ports, place) {
      const child = await start(ports, place, "forever");
      expect(textOf(await child.read())).toBe("ready");
      valueOf(await ports.subprocess.killGroup(child.pid, "SIGTERM"));
      expect(await child.exited).toEqual({ kind: "signal", signal: "SIGTERM" });
      expectFail(await ports.subprocess.killGroup(child.pid, "SIGTERM", { key: "again" }), "ESRCH");
    },
  },
  {
    title: "a group that never was, and a pid with a meaning of its own, are ESRCH",
    async check(ports) {
      for (const pid of [2 ** 31 - 1, 1, 0, -1, 1.5, Number.NaN]) {
        expectFail(await ports.subprocess.killGroup(pid, "SIGTERM", { key: String(pid) }), "ESRCH");
      }
    },
  },
  {
    title: "a program's end is told while its grandchild holds the pipes, and a signal to the group reaches that one",
    async check(ports, place) {
      const child = await start(ports, place, "grandchildHoldsPipe");
      expect(await child.exited).toEqual({ kind: "code", code: 0 });
      expect(textOf(await child.read())).toBe("ready");
      let ended = false;
      const end = child.read().then((chunk) => {
        ended = true;
        return chunk;
      });
      await ports.clock.sleep(100);
      expect(ended).toBe(false);
      child.killGroup("SIGKILL");
      expect(await end).toBeNull();
    },
  },
];

const refusals: readonly PortLaw[] = [
  {
    title: "a program that does not exist cannot be started: ENOENT",
    async check(ports, { root }) {
      for (const command of ["no-such-program-anywhere", "/no/such/program"]) {
        expectFail(await ports.subprocess.spawn({ command, args: [], cwd: root }), "ENOENT");
      }
    },
  },
  {
    title: "a program cannot be started in a folder that does not exist, nor in a file: ENOENT",
    async check(ports, { root, programs }) {
      valueOf(await ports.files.write(`${root}/file`, ""));
      for (const cwd of [`${root}/absent`, `${root}/file`]) {
        expectFail(await ports.subprocess.spawn({ ...programs.halfLine, cwd }), "ENOENT");
      }
    },
  },
  {
    title: "an argument or variable of 128 KiB is E2BIG",
    async check(ports, { root, programs }) {
      const { command, args } = programs.echoArgs;
      const long = "x".repeat(131_072);
      expectFail(await ports.subprocess.spawn({ command, args: [...args, long], cwd: root }), "E2BIG");
      expectFail(await ports.subprocess.spawn({ command, args, cwd: root, env: { LONG: long } }), "E2BIG");
      // Bytes count, not characters.
      expectFail(await ports.subprocess.spawn({ command, args: [...args, "é".repeat(65_536)], cwd: root }), "E2BIG");
    },
  },
  {
    title: "a zero byte in an argument or variable is EINVAL",
    async check(ports, { root, programs }) {
      const { command, args } = programs.echoArgs;
      expectFail(await ports.subprocess.spawn({ command, args: [...args, "a\u0000b"], cwd: root }), "EINVAL");
      expectFail(await ports.subprocess.spawn({ command, args, cwd: root, env: { A: "a\u0000b" } }), "EINVAL");
    },
  },
];

interface Started extends Partial<LawProgram> {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function start(
  ports: Ports,
  place: Place,
  name: keyof LawPrograms,
  { args = [], cwd = place.root, env = {} }: Started = {},
): Promise<ChildProcess> {
  const program = place.programs[name];
  return valueOf(
    await ports.subprocess.spawn({ command: program.command, args: [...program.args, ...args], cwd, env }),
  );
}

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: ExitStatus;
}

async function runToEnd(
  ports: Ports,
  place: Place,
  name: keyof LawPrograms,
  args: readonly string[] = [],
): Promise<Ended> {
  return drain(await start(ports, place, name, { args }));
}

/** Reads to the end of both pipes, without any input. */
async function drain(child: ChildProcess): Promise<Ended> {
  child.closeInput();
  const bytes = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  for (let chunk = await child.read(); chunk !== null; chunk = await child.read()) {
    bytes[chunk.stream].push(chunk.bytes);
  }
  const status = await child.exited;
  return { stdout: Buffer.concat(bytes.stdout).toString(), stderr: Buffer.concat(bytes.stderr).toString(), status };
}

function textOf(chunk: OutputChunk | null): string | null {
  return chunk === null ? null : new TextDecoder().decode(chunk.bytes);
}
