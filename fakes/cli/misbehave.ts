import { posix } from "node:path";
import { unreachable } from "../../src/base/assert.ts";
import type { Program, ProgramContext, ProgramStep } from "../../src/ports/program.ts";
import { withErrorInside } from "./error-result.ts";
import { isHostFileFailure } from "./host-file-failure.ts";
import type { ProgramFault } from "./program-fault.ts";
import { withOutputLimit, withResult } from "./result-channel.ts";

/**
 * The same program with a fault. Faults can be put around each other. A program's result is what it prints on standard
 * output and the file that `-o` or `--output-last-message` names.
 */
export function misbehave(program: Program, fault: ProgramFault): Program {
  const run = (work: Program["run"], ignoresSignals = program.ignoresSignals ?? false): Program => ({
    ...program,
    ignoresSignals,
    run: work,
  });
  switch (fault.kind) {
    case "exitBeforeOutput":
      return run(function* () {
        yield { kind: "work", durationUs: EARLY_EXIT_US };
        return fault.exitCode;
      });
    case "hang":
      return run(function* (context) {
        if (fault.when === "end") yield* program.run(context);
        yield { kind: "hang" };
        return 0;
      }, fault.ignoresSignals);
    case "hangAfterBytes":
      return run(function* (context) {
        const exitCode = yield* withOutputLimit(program, context, fault.sizeBytes);
        if (exitCode === undefined) yield { kind: "hang" };
        return exitCode ?? 0;
      }, fault.ignoresSignals);
    case "exitAfterBytes":
      return run(function* (context) {
        return (yield* withOutputLimit(program, context, fault.sizeBytes)) ?? fault.exitCode;
      });
    case "dieBySignal":
      return run(function* (context) {
        if (fault.when === "start") yield { kind: "work", durationUs: EARLY_EXIT_US };
        else yield* withResult(program, context, { last: withoutLastLine, withoutFile: true });
        yield { kind: "die", signal: fault.signal };
        return 0;
      });
    case "ignoreSignals":
      return run((context) => program.run(context), true);
    case "slowStart":
      return run(function* (context) {
        yield { kind: "work", durationUs: fault.delayMs * 1000 };
        return yield* program.run(context);
      });
    case "cutResult":
      return run((context) => withResult(program, context, { last: cutInHalf }));
    case "garbageBytes":
      return run((context) =>
        withResult(program, context, { first: (bytes) => join(noise(context, fault.sizeBytes), bytes) }),
      );
    case "nonUtf8":
      return run((context) => withResult(program, context, { first: insertBrokenBytes }));
    case "longLine":
      return run((context) =>
        withResult(program, context, { first: (bytes) => join(line(context, fault.sizeBytes), bytes) }),
      );
    case "stderrFlood":
      return run(function* (context) {
        context.stderr(noise(context, fault.sizeBytes));
        return yield* program.run(context);
      });
    case "exitZeroWithoutResult":
      return run((context) => exitingWith(0, withResult(program, context, { every: () => new Uint8Array() })));
    case "exitZeroWithError":
      return run((context) =>
        exitingWith(0, withResult(program, context, { last: (bytes) => withErrorInside(bytes, fault.message) })),
      );
    case "exitNonZeroAfterResult":
      return run((context) => exitingWith(fault.exitCode, program.run(context)));
    case "lateWriter":
      return run(function* (context) {
        const exitCode = yield* leavingChild(program.run(context), { holdsPipes: false });
        const path = posix.resolve(context.cwd, fault.path);
        yield { kind: "work", durationUs: fault.delayMs * 1000, touches: [{ id: `disk:${path}`, rw: "w" }] };
        attempt(() => {
          context.files.makeFolder(posix.dirname(path));
          context.files.write(path, fault.content);
        });
        return exitCode;
      }, true);
    case "holdsPipe":
      return run(function* (context) {
        const exitCode = yield* leavingChild(program.run(context), { holdsPipes: true });
        yield { kind: "work", durationUs: fault.durationMs * 1000 };
        return exitCode;
      }, fault.ignoresSignals);
    case "neverReadInput":
      return run((context) => withoutInput(program.run(context)));
    case "closeInputEarly":
      return run(function* (context) {
        yield { kind: "closeInput" };
        return yield* withoutInput(program.run(context));
      });
    case "leaveGitLock":
      return run(function* (context) {
        const exitCode = yield* program.run(context);
        yield* leaveGitLock(context);
        return exitCode;
      });
    case "editForbiddenFile":
      return run(function* (context) {
        yield* editForbiddenFile(context, fault);
        return yield* program.run(context);
      });
    default:
      return unreachable(fault);
  }
}

const EARLY_EXIT_US = 3_000;

type Run = ReturnType<Program["run"]>;

/** The program as it is, but for its exit code, also when a child goes on after it. */
function* exitingWith(exitCode: number, work: Run): Run {
  for (let next = work.next(); ;) {
    if (next.done === true) return exitCode;
    const step = next.value;
    next = work.next(yield step.kind === "leave" ? { ...step, exitCode } : step);
  }
}

/** What comes after it is done by a child that outlives the program. A child that the program leaves itself is that child. */
function* leavingChild(work: Run, pipes: { readonly holdsPipes: boolean }): Run {
  let left = false;
  for (let next = work.next(); ;) {
    if (next.done === true) {
      if (!left) yield { kind: "leave", exitCode: next.value, ...pipes };
      return next.value;
    }
    left ||= next.value.kind === "leave";
    next = work.next(yield next.value);
  }
}

/** To the program it looks as if its standard input were empty. */
function* withoutInput(work: Run): Run {
  for (let next = work.next(); ;) {
    if (next.done === true) return next.value;
    const { kind } = next.value;
    if (kind === "input") next = work.next("");
    else if (kind === "inputLine") next = work.next(undefined);
    else next = work.next(yield next.value);
  }
}

function* leaveGitLock(context: ProgramContext): Generator<ProgramStep, void, string | undefined> {
  const { files } = context;
  for (let folder = context.cwd; ; folder = posix.dirname(folder)) {
    const path = posix.join(folder, ".git");
    const kind = files.stat(path)?.kind;
    if (kind !== undefined) {
      yield { kind: "work", durationUs: 100, touches: [{ id: `git:${folder}`, rw: "w" }] };
      attempt(() => {
        // In a linked worktree `.git` is a file that says where its own part of the repository is.
        const gitFolder =
          kind === "folder"
            ? path
            : files
                .readText(path)
                .replace(/^gitdir: /, "")
                .trimEnd();
        files.write(posix.join(gitFolder, "index.lock"), "", "createNew");
      });
      return;
    }
    if (folder === "/") return;
  }
}

function* editForbiddenFile(
  context: ProgramContext,
  fault: Extract<ProgramFault, { kind: "editForbiddenFile" }>,
): Generator<ProgramStep, void, string | undefined> {
  yield { kind: "work", durationUs: 1_000, touches: [{ id: `disk:${context.cwd}`, rw: "w" }] };
  const chosen = fault.path ?? drawFile(context);
  if (chosen === undefined) return;
  const path = posix.resolve(context.cwd, chosen);
  attempt(() => {
    context.files.makeFolder(posix.dirname(path));
    if (fault.content === undefined) context.files.write(path, "# changed on the way\n", "append");
    else context.files.write(path, fault.content);
  });
}

/** A file below `tests/` when there is any, else any file outside of git. undefined in an empty folder. */
function drawFile(context: ProgramContext): string | undefined {
  const below = (folder: string): string[] =>
    context.files.list(folder).flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (entry.kind !== "folder") return [path];
      return entry.name === ".git" ? [] : below(path);
    });
  const all = below(context.cwd);
  const tests = all.filter((path) => path.startsWith(posix.join(context.cwd, "tests/")));
  const candidates = tests.length > 0 ? tests : all;
  return candidates.length === 0 ? undefined : candidates[context.draw("program.forbiddenFile", candidates.length)];
}

/** Keeps at least one byte off the end, and the end of no line. */
function cutInHalf(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes);
  const end = text.at(-1) === NEWLINE ? text.length - 1 : text.length;
  const lineStart = end === 0 ? 0 : text.lastIndexOf(NEWLINE, end - 1) + 1;
  return text.subarray(0, lineStart + Math.floor((end - lineStart) / 2));
}

/** Empty for a result of one line. */
function withoutLastLine(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes);
  const end = text.at(-1) === NEWLINE ? text.length - 1 : text.length;
  return text.subarray(0, end === 0 ? 0 : text.lastIndexOf(NEWLINE, end - 1) + 1);
}

function insertBrokenBytes(bytes: Uint8Array): Uint8Array {
  const middle = Math.floor(bytes.length / 2);
  return join(bytes.subarray(0, middle), BROKEN_BYTES, bytes.subarray(middle));
}

/** Lines of printable and other bytes, always the same for one draw. */
function noise(context: ProgramContext, sizeBytes: number): Uint8Array {
  let state = context.draw("program.noise", 0x1_0000_0000) | 1;
  const bytes = new Uint8Array(sizeBytes);
  for (let index = 0; index < sizeBytes; index++) {
    state = Math.imul(state, 0x0019660d) + 0x3c6ef35f;
    bytes[index] = index % 80 === 79 ? NEWLINE : (state >>> 24) & 0x7f;
  }
  if (sizeBytes > 0) bytes[sizeBytes - 1] = NEWLINE;
  return bytes;
}

/** Printable characters and one end of line. */
function line(context: ProgramContext, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes).fill(0x61 + context.draw("program.line", 26));
  if (sizeBytes > 0) bytes[sizeBytes - 1] = NEWLINE;
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** What the disk refuses, a misbehaving program passes over. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!isHostFileFailure(error)) throw error;
  }
}

const NEWLINE = 10;
/** A lone continuation byte, an overlong form, and a start without its rest. */
const BROKEN_BYTES = Uint8Array.of(0x80, 0xc0, 0xaf, 0xe2, 0x82);
