import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { codex } from "../../../fakes/cli/codex/codex.ts";
import { git } from "../../../fakes/cli/git/git.ts";
import { misbehave } from "../../../fakes/cli/misbehave.ts";
import { programFaultOf, sampleProgramFaults } from "../../../fakes/cli/program-fault.ts";
import type { ProgramFault } from "../../../fakes/cli/program-fault.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { Program, ProgramContext } from "../../../src/ports/program.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { runProgram } from "./run-program.ts";
import type { ProgramRun, RunOptions } from "./run-program.ts";

const program = codex(() => ({
  message: "first line\nlast line",
  durationMs: 1_000,
  edits: [{ path: "src/a.py", content: "one\n" }],
}));
const result = "first line\nlast line\n";

let disk: MemoryDisk;

beforeEach(() => {
  disk = new MemoryDisk();
  disk.makeFolder("/work/tests");
  runProgram(git(), { args: ["init", "-q"], files: disk });
  disk.write("/work/tests/test_a.py", "test\n");
  disk.write("/work/note.txt", "note\n");
});

describe("a misbehaving program", () => {
  it("that exits before its first byte has done nothing", () => {
    expect(run({ kind: "exitBeforeOutput", exitCode: 9 })).toMatchObject({ exitCode: 9, stdout: "", stderr: "" });
    expect(disk.stat("/work/src/a.py")).toBeNull();
    expect(disk.stat("/work/last")).toBeNull();
  });

  it("that hangs never starts, or never ends after its last line", () => {
    expect(run({ kind: "hang", when: "start", ignoresSignals: false })).toMatchObject({ hangs: true, stderr: "" });
    expect(run({ kind: "hang", when: "end", ignoresSignals: true })).toMatchObject({ hangs: true, stdout: result });
  });

  it("that hangs or exits after so many bytes has printed just those, and no later file", () => {
    const fault = { sizeBytes: 4, ignoresSignals: false } as const;
    expect(run({ kind: "hangAfterBytes", ...fault })).toMatchObject({ hangs: true, stdout: "firs" });
    expect(run({ kind: "exitAfterBytes", sizeBytes: 4, exitCode: 0 })).toMatchObject({ exitCode: 0, stdout: "firs" });
    const lines = { kind: "exitAfterBytes", sizeBytes: 3, exitCode: 7 } as const;
    expect(runProgram(misbehave(twoLines, lines), { args, files: disk })).toMatchObject({ exitCode: 7, stdout: "one" });
    expect(disk.stat("/work/after-one")).toBeNull();
  });

  it("that hangs or exits after more bytes than it prints ends as usual", () => {
    const sizeBytes = result.length;
    expect(run({ kind: "hangAfterBytes", sizeBytes, ignoresSignals: true })).toMatchObject({
      exitCode: 0,
      stdout: result,
    });
    expect(run({ kind: "exitAfterBytes", sizeBytes, exitCode: 9 })).toMatchObject({ exitCode: 0, stdout: result });
  });

  it("that dies by a signal has done nothing, or its work without the last of its result", () => {
    const died = { exitCode: undefined, signal: "SIGKILL", stdout: "" };
    expect(run({ kind: "dieBySignal", signal: "SIGKILL", when: "start" })).toMatchObject({ ...died, stderr: "" });
    expect(disk.stat("/work/src/a.py")).toBeNull();
    const late = { kind: "dieBySignal", signal: "SIGKILL", when: "result" } as const;
    expect(run(late)).toMatchObject({ ...died, stdout: "first line\n" });
    expect(disk.readText("/work/src/a.py")).toBe("one\n");
    expect(disk.stat("/work/last")).toBeNull();
    const { stdout } = run(late, { args: [...args, "--json"] });
    expect([eventTypes(stdout)[0], eventTypes(stdout).includes("turn.completed")]).toEqual(["thread.started", false]);
  });

  it("that ignores signals says so to whoever runs it", () => {
    expect(misbehave(program, { kind: "ignoreSignals" }).ignoresSignals).toBe(true);
    expect(misbehave(program, { kind: "hang", when: "start", ignoresSignals: true }).ignoresSignals).toBe(true);
    expect(misbehave(program, { kind: "hang", when: "start", ignoresSignals: false }).ignoresSignals).toBe(false);
  });

  it("keeps what it does on single signals", () => {
    const signals = { SIGTERM: { kind: "exit", exitCode: 143 } } as const;
    expect(misbehave({ ...program, signals }, { kind: "nonUtf8" }).signals).toEqual(signals);
  });

  it("that starts slowly does the same, later", () => {
    const usual = runProgram(program, { args, files: disk }).durationUs;
    expect(run({ kind: "slowStart", delayMs: 500 })).toMatchObject({ durationUs: usual + 500_000, stdout: result });
  });

  it("with a cut result stops in the middle of the last line, on standard output and in the file", () => {
    expect(run({ kind: "cutResult" })).toMatchObject({ exitCode: 0, stdout: "first line\nlast" });
    expect(disk.readText("/work/last")).toBe("first line\nlast");
  });

  it("with garbage prints it in front of the result", () => {
    const { stdoutBytes, stdout } = run({ kind: "garbageBytes", sizeBytes: 100 });
    expect(stdoutBytes.length).toBe(100 + result.length);
    expect(stdout.endsWith(`\n${result}`)).toBe(true);
    expect(disk.readText("/work/last").endsWith("\nfirst line\nlast line")).toBe(true);
  });

  it("with broken bytes gives a result that is not UTF-8", () => {
    const { stdoutBytes } = run({ kind: "nonUtf8" });
    expect(isUtf8(stdoutBytes)).toBe(false);
    expect(isUtf8(disk.readBytes("/work/last"))).toBe(false);
  });

  it("with a long line prints it in front of the result", () => {
    const lines = run({ kind: "longLine", sizeBytes: 100_000 }).stdout.split("\n");
    expect([lines[0]?.length, lines.slice(1).join("\n")]).toEqual([99_999, result]);
  });

  it("that floods standard error leaves the result alone", () => {
    const { stderr, stdout } = run({ kind: "stderrFlood", sizeBytes: 50_000 });
    expect(Buffer.byteLength(stderr)).toBeGreaterThan(50_000);
    expect(stdout).toBe(result);
  });

  it("without a result has worked, exits with 0 and says nothing", () => {
    expect(run({ kind: "exitZeroWithoutResult" })).toMatchObject({ exitCode: 0, stdout: "" });
    expect(disk.readText("/work/last")).toBe("");
    expect(disk.readText("/work/src/a.py")).toBe("one\n");
  });

  it("with an error inside exits with 0 and says so in the form of its result", () => {
    const fault = { kind: "exitZeroWithError", message: "API Error: 500" } as const;
    expect(run(fault)).toMatchObject({ exitCode: 0, stdout: "API Error: 500\n" });
    expect(disk.readText("/work/last")).toBe("API Error: 500\n");
    const events = run(fault, { args: [...args, "--json"] }).stdout;
    expect(eventTypes(events).slice(0, 2)).toEqual(["thread.started", "turn.started"]);
    expect(JSON.parse(events.trimEnd().split("\n").at(-1)!)).toEqual({
      type: "turn.failed",
      error: { message: "API Error: 500" },
    });
    const printed = (line: string): unknown => {
      const agent = {
        name: "agent",
        *run(context: ProgramContext): Run {
          yield { kind: "work", durationUs: 1 };
          context.stdout(line);
          return 1;
        },
      };
      const { exitCode, stdout } = runProgram(misbehave(agent, fault), { args: [], files: disk });
      return [exitCode, JSON.parse(stdout)];
    };
    expect(printed('{"type":"result","subtype":"success","is_error":false,"result":"Done."}\n')).toEqual([
      0,
      { type: "result", subtype: "success", is_error: true, result: "API Error: 500", terminal_reason: "api_error" },
    ]);
    expect(printed('{"type":"step_finish","sessionID":"s","part":{}}\n')).toMatchObject([
      0,
      { type: "error", sessionID: "s" },
    ]);
    expect(printed('{\n  "session_id": "s",\n  "response": "Done."\n}\n')).toEqual([
      0,
      { session_id: "s", error: { type: "Error", message: "API Error: 500", code: 1 } },
    ]);
  });

  it("can give a good result with a bad exit code", () => {
    expect(run({ kind: "exitNonZeroAfterResult", exitCode: 3 })).toMatchObject({ exitCode: 3, stdout: result });
  });

  it("that writes late does so by a child of its own, unless that is killed before", () => {
    const fault: ProgramFault = { kind: "lateWriter", path: "tests/test_a.py", content: "late\n", delayMs: 5_000 };
    expect(misbehave(program, fault).ignoresSignals).toBe(true);
    const { steps, stdout, exitCode } = run(fault, { killAtYield: 6 });
    expect([exitCode, stdout, disk.readText("/work/tests/test_a.py")]).toEqual([0, result, "test\n"]);
    expect(steps[4]).toEqual({ kind: "leave", exitCode: 0, holdsPipes: false });
    run(fault);
    expect(disk.readText("/work/tests/test_a.py")).toBe("late\n");
  });

  it("whose child holds its pipes has ended itself", () => {
    const { steps } = run({ kind: "holdsPipe", durationMs: 5_000, ignoresSignals: true });
    expect(steps.slice(-2)).toEqual([
      { kind: "leave", exitCode: 0, holdsPipes: true },
      { kind: "work", durationUs: 5_000_000 },
    ]);
  });

  it("leaves one child alone, however many faults want one", () => {
    const late: ProgramFault = { kind: "lateWriter", path: "late.txt", content: "late\n", delayMs: 5_000 };
    const faults: ProgramFault[] = [late, { kind: "holdsPipe", durationMs: 1, ignoresSignals: true }];
    const both = faults.reduce(misbehave, program);
    const { steps, exitCode } = runProgram(misbehave(both, { kind: "exitNonZeroAfterResult", exitCode: 3 }), {
      args,
      files: disk,
    });
    expect(steps.filter((step) => step.kind === "leave")).toEqual([{ kind: "leave", exitCode: 3, holdsPipes: false }]);
    expect([exitCode, disk.readText("/work/late.txt")]).toEqual([3, "late\n"]);
  });

  it("that leaves its input alone works as if there were none, and never waits for its end", () => {
    const prompt = { input: "Do it.", args: ["exec", "--skip-git-repo-check"] };
    const unread = run({ kind: "neverReadInput" }, prompt);
    expect(unread).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("No prompt provided via stdin.") });
    expect(unread.steps.map((step) => step.kind)).not.toContain("input");
    const closed = run({ kind: "closeInputEarly" }, prompt);
    expect(closed.steps.map((step) => step.kind).filter((kind) => kind !== "work")).toEqual(["closeInput"]);
    expect(run({ kind: "closeInputEarly" }).stdout).toBe(result);
  });

  it("that leaves a git lock blocks the next git command", () => {
    run({ kind: "leaveGitLock" });
    expect(runProgram(git(), { args: ["add", "-A"], files: disk }).exitCode).toBe(128);
    disk.makeFolder("/linked");
    disk.write("/linked/.git", "gitdir: /work/.git/worktrees/linked\n");
    disk.makeFolder("/work/.git/worktrees/linked");
    run({ kind: "leaveGitLock" }, { cwd: "/linked" });
    expect(disk.stat("/work/.git/worktrees/linked/index.lock")).not.toBeNull();
  });

  it("that edits a forbidden file takes a test when no path is given", () => {
    run({ kind: "editForbiddenFile" });
    expect(disk.files("/work")).toMatchObject({
      "tests/test_a.py": "test\n# changed on the way\n",
      "note.txt": "note\n",
    });
    run({ kind: "editForbiddenFile", path: "note.txt", content: "mine\n" });
    expect(disk.readText("/work/note.txt")).toBe("mine\n");
  });

  it("is the same each time", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...sampleProgramFaults), { minLength: 1, maxLength: 3 }), (faults) => {
        const once = (): unknown => {
          const files = new MemoryDisk();
          files.makeFolder("/work/tests");
          files.write("/work/tests/test_a.py", "test\n");
          const misbehaving = faults.reduce(misbehave, program);
          return [runProgram(misbehaving, { args, files }), files.files("/")];
        };
        expect(once()).toEqual(once());
      }),
      { numRuns: 60 },
    );
  });
});

describe("a behaviour in a fault plan", () => {
  it("is read back as it was written", () => {
    for (const fault of sampleProgramFaults) {
      expect(programFaultOf(JSON.parse(JSON.stringify(fault)) as JsonObject)).toEqual(fault);
    }
  });

  it("is refused when a member is missing, strange, or of another type", () => {
    expect(() => programFaultOf({ kind: "vanish" })).toThrow("no behaviour of a program is called");
    expect(() => programFaultOf({ kind: "slowStart" })).toThrow("lacks delayMs");
    expect(() => programFaultOf({ kind: "slowStart", delayMs: "1" })).toThrow("bad delayMs");
    expect(() => programFaultOf({ kind: "nonUtf8", delayMs: 1 })).toThrow("has no delayMs");
  });
});

const twoLines: Program = {
  name: "lines",
  *run(context) {
    context.stdout("one\n");
    context.files.write("/work/after-one", "");
    yield { kind: "work", durationUs: 1 };
    context.stdout("two\n");
    return 0;
  },
};

type Run = ReturnType<Program["run"]>;

const args = ["exec", "--skip-git-repo-check", "-o", "last", "Do it."];

function run(fault: ProgramFault, options: Partial<RunOptions> = {}): ProgramRun {
  return runProgram(misbehave(program, fault), { files: disk, args, ...options });
}

function eventTypes(lines: string): readonly unknown[] {
  return lines
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as JsonObject)["type"]);
}
