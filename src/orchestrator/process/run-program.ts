import type { Ports } from "../../ports/ports.ts";
import type { ChildProcess, ExitStatus } from "../../ports/subprocess.ts";
import type { Answer } from "../answer.ts";

export interface ProgramCall {
  /** As `git.commit`. */
  readonly name: string;
  /** The card's reference. */
  readonly key: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeLimitMs: number;
  /** Of each stream; what comes later is thrown away. */
  readonly outputBytesMax: number;
  /** Ends the program when it aborts. */
  readonly signal: AbortSignal;
  /** Told the pid before anybody waits, and again when nothing of the program is left. `false` ends it at once. */
  readonly onLife?: (pid: number, what: "started" | "ended") => Promise<boolean>;
}

export interface ProgramOutcome {
  readonly end:
    | { readonly kind: "code"; readonly code: number }
    | { readonly kind: "signal"; readonly signal: string }
    | { readonly kind: "timedOut" }
    | { readonly kind: "aborted" };
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

/** Between the polite signal and the last one, and for pipes to close after the end. */
const graceMs = 2_000;
/** How often a program is struck that does not die of it. */
const killTriesMax = 3;
/** A program that writes so many times what is kept is ended: reading it would be all that this process does. */
const floodFactor = 16;

/**
 * Runs a program to its end, whatever it does: it has a time limit, its output is bounded, and afterwards nothing of its
 * group is left. What it wrote until it was ended is kept.
 *
 * @returns `unknown` when it may have had an effect that nobody saw, or does not end at all
 */
export async function runProgram(ports: Ports, call: ProgramCall): Promise<Answer<ProgramOutcome>> {
  const { name, key, command, args, cwd, env } = call;
  if (call.signal.aborted) return { kind: "fail", reason: `${command} is not wanted any more` };
  const spawned = await ports.subprocess.spawn({
    name,
    key,
    command,
    args,
    cwd,
    ...(env === undefined ? {} : { env }),
  });
  if (spawned.kind !== "ok")
    return { kind: spawned.kind, reason: `${command} could not be started: ${spawned.error.code}` };
  const child = spawned.value;
  if ((await call.onLife?.(child.pid, "started")) === false) {
    if (await kill(ports, child, `${name} ${key}`)) await call.onLife?.(child.pid, "ended");
    return { kind: "unknown", reason: `${command} could not be recorded` };
  }

  const output = new Output(call.outputBytesMax, () => {
    ports.log.event("program.flooded", { program: name, card: key });
    child.killGroup("SIGKILL");
  });
  const outputEnded = output.collect(child);
  void feed(child, call.input);
  const end = await waitForEnd(ports, child, call);
  if (end === undefined) {
    child.closeOutput();
    return { kind: "unknown", reason: `${command} does not end` };
  }
  // Helpers that the program left behind would go on writing after its result was judged.
  child.killGroup("SIGKILL");
  // Twice: after a pause of this process the grace may be over before the end of the output, long there, is read.
  if (!(await settlesWithin(ports, outputEnded, `${key} output`))) {
    if (!(await settlesWithin(ports, outputEnded, `${key} output`))) {
      // Whoever holds the pipes is in a group of its own.
      output.truncated = true;
      child.closeOutput();
    }
  }
  await call.onLife?.(child.pid, "ended");
  return {
    kind: "ok",
    value: { end, stdout: output.text("stdout"), stderr: output.text("stderr"), truncated: output.truncated },
  };
}

async function feed(child: ChildProcess, input: string | undefined): Promise<void> {
  // A program that reads no input closes it: that is its own business.
  if (input !== undefined && input !== "") await child.write(input);
  child.closeInput();
}

/** @returns undefined when nothing ends it */
async function waitForEnd(
  ports: Ports,
  child: ChildProcess,
  call: ProgramCall,
): Promise<ProgramOutcome["end"] | undefined> {
  const waiting = new AbortController();
  const stop = (): void => waiting.abort("done");
  call.signal.addEventListener("abort", stop, { once: true });
  if (call.signal.aborted) stop();
  const exited = child.exited.then((status) => ({ kind: "exited", status }) as const);
  const limit = ports.clock
    .sleep(call.timeLimitMs, { key: `${call.name} ${call.key} limit`, signal: waiting.signal })
    .then((passed) => ({ kind: passed ? "timedOut" : "aborted" }) as const);
  const first = await Promise.race([exited, limit]);
  call.signal.removeEventListener("abort", stop);
  waiting.abort("done");
  if (first.kind === "exited") return first.status satisfies ExitStatus;
  child.killGroup("SIGTERM");
  if (await settlesWithin(ports, child.exited, `${call.name} ${call.key} grace`)) return first;
  return (await kill(ports, child, `${call.name} ${call.key}`)) ? first : undefined;
}

/** @returns false when it lives on: it hangs in a call of its host, or the signals were lost */
async function kill(ports: Ports, child: ChildProcess, key: string): Promise<boolean> {
  for (let tries = 0; tries < killTriesMax; tries++) {
    child.killGroup("SIGKILL");
    if (await settlesWithin(ports, child.exited, `${key} kill`)) return true;
  }
  return false;
}

/** @returns false when the grace passed first */
async function settlesWithin(ports: Ports, awaited: Promise<unknown>, key: string): Promise<boolean> {
  const waiting = new AbortController();
  const settled = awaited.then(() => true);
  const passed = ports.clock.sleep(graceMs, { key, signal: waiting.signal }).then(() => false);
  const first = await Promise.race([settled, passed]);
  waiting.abort("done");
  return first;
}

/** Both streams as text, each up to a limit of bytes. */
class Output {
  truncated = false;
  private readonly bytesMax: number;
  private readonly onFlood: () => void;
  private readonly chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  private readonly sizes = { stdout: 0, stderr: 0 };
  private thrownAwayBytes = 0;

  constructor(bytesMax: number, onFlood: () => void) {
    this.bytesMax = bytesMax;
    this.onFlood = onFlood;
  }

  async collect(child: ChildProcess): Promise<void> {
    for (let chunk = await child.read(); chunk !== null; chunk = await child.read()) {
      const room = this.bytesMax - this.sizes[chunk.stream];
      const kept = chunk.bytes.length <= room ? chunk.bytes : chunk.bytes.subarray(0, Math.max(0, room));
      if (kept.length < chunk.bytes.length) this.throwAway(chunk.bytes.length - kept.length);
      if (kept.length === 0) continue;
      this.chunks[chunk.stream].push(kept);
      this.sizes[chunk.stream] += kept.length;
    }
  }

  text(stream: "stdout" | "stderr"): string {
    return Buffer.concat(this.chunks[stream]).toString("utf8");
  }

  private throwAway(sizeBytes: number): void {
    const floodBytes = floodFactor * this.bytesMax;
    const wasFlood = this.thrownAwayBytes > floodBytes;
    this.thrownAwayBytes += sizeBytes;
    this.truncated = true;
    if (!wasFlood && this.thrownAwayBytes > floodBytes) this.onFlood();
  }
}
