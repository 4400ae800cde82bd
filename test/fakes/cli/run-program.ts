import { hash32 } from "../../../src/base/digest.ts";
import type { HostFiles, Program, ProgramStep } from "../../../src/ports/program.ts";
import type { Change, Unmodelled } from "../../../src/ports/service.ts";
import type { Signal } from "../../../src/ports/subprocess.ts";

export interface ProgramRun {
  /** undefined when it was killed, died or hangs. Of the program itself when it left a child. */
  readonly exitCode: number | undefined;
  /** By which it died. */
  readonly signal: Signal | undefined;
  readonly stdout: string;
  readonly stdoutBytes: Uint8Array;
  readonly stderr: string;
  readonly steps: readonly ProgramStep[];
  readonly durationUs: number;
  readonly hangs: boolean;
  readonly changes: readonly Change[];
}

export interface RunOptions {
  readonly args: readonly string[];
  readonly files: HostFiles;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly nowMs?: number;
  /** Kills the program at this yield, counted from 1: nothing after it runs. */
  readonly killAtYield?: number;
  readonly beforeResume?: (yieldCount: number) => void;
}

export class NotModelled extends Error {
  readonly what: Unmodelled;

  constructor(what: Unmodelled) {
    super(`${what.method} is not modelled, see ${what.file}`);
    this.what = what;
  }
}

/** Runs a program alone, each step as soon as it may. */
export function runProgram(program: Program, options: RunOptions): ProgramRun {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const steps: ProgramStep[] = [];
  const changes: Change[] = [];
  let durationUs = 0;
  let exitCode: number | undefined;
  const run = program.run({
    args: options.args,
    env: options.env ?? {},
    cwd: options.cwd ?? "/work",
    pid: 7,
    files: options.files,
    nowMs: () => (options.nowMs ?? 0) + Math.floor(durationUs / 1000),
    stdout: (content) => void stdout.push(Buffer.from(content as string)),
    stderr: (content) => void stderr.push(Buffer.from(content as string)),
    record: (change) => void changes.push(change),
    draw: (purpose, bound) => hash32(purpose) % bound,
    unmodelled: (what) => {
      throw new NotModelled(what);
    },
  });
  let signal: Signal | undefined;
  let resume: string | undefined;
  let input = options.input ?? "";
  for (;;) {
    const next = run.next(resume);
    resume = undefined;
    if (next.done === true) {
      exitCode ??= next.value;
      break;
    }
    steps.push(next.value);
    if (next.value.kind === "leave") exitCode = next.value.exitCode;
    if (next.value.kind === "die") {
      signal = next.value.signal;
      break;
    }
    if (steps.length === options.killAtYield || next.value.kind === "hang") break;
    options.beforeResume?.(steps.length);
    if (next.value.kind === "work") durationUs += next.value.durationUs;
    if (next.value.kind === "input") [resume, input] = [input, ""];
    if (next.value.kind === "inputLine" && input !== "") {
      const newline = input.indexOf("\n");
      resume = newline === -1 ? input : input.slice(0, newline);
      input = newline === -1 ? "" : input.slice(newline + 1);
    }
  }
  const stdoutBytes = Buffer.concat(stdout);
  return {
    exitCode,
    signal,
    stdout: stdoutBytes.toString(),
    stdoutBytes,
    stderr: Buffer.concat(stderr).toString(),
    steps,
    durationUs,
    hangs: steps.at(-1)?.kind === "hang" && exitCode === undefined,
    changes,
  };
}
