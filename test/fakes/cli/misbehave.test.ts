import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { codex } from "../../../fakes/cli/codex/codex.ts";
import { git } from "../../../fakes/cli/git/git.ts";
import { misbehave } from "../../../fakes/cli/misbehave.ts";
import { programFaultOf, sampleProgramFaults } from "../../../fakes/cli/program-fault.ts";
import type { ProgramFault } from "../../../fakes/cli/program-fault.ts";
import type { JsonObject } from "../../../src/base/json.ts";
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

  it("that ignores signals says so to whoever runs it", () => {
    expect(misbehave(program, { kind: "ignoreSignals" }).ignoresSignals).toBe(true);
    expect(misbehave(program, { kind: "hang", when: "start", ignoresSignals: true }).ignoresSignals).toBe(true);
    expect(misbehave(program, { kind: "hang", when: "start", ignoresSignals: false }).ignoresSignals).toBe(false);
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

  it("can give a good result with a bad exit code", () => {
    expect(run({ kind: "exitNonZeroAfterResult", exitCode: 3 })).toMatchObject({ exitCode: 3, stdout: result });
  });

  it("that writes late does so after its result, unless it is killed before", () => {
    const fault: ProgramFault = { kind: "lateWriter", path: "tests/test_a.py", content: "late\n", delayMs: 5_000 };
    expect(misbehave(program, fault).ignoresSignals).toBe(true);
    const { steps, stdout } = run(fault, { killAtYield: 5 });
    expect([steps.length, stdout, disk.readText("/work/tests/test_a.py")]).toEqual([5, result, "test\n"]);
    run(fault);
    expect(disk.readText("/work/tests/test_a.py")).toBe("late\n");
  });

  it("that leaves a git lock blocks the next git command", () => {
    run({ kind: "leaveGitLock" });
    expect(runProgram(git(), { args: ["add", "-A"], files: disk }).exitCode).toBe(128);
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

const args = ["exec", "--skip-git-repo-check", "-o", "last", "Do it."];

function run(fault: ProgramFault, options: Partial<RunOptions> = {}): ProgramRun {
  return runProgram(misbehave(program, fault), { files: disk, ...options, args });
}
