import { beforeEach, expect, it } from "vitest";
import { pytest } from "../../../../fakes/cli/pytest/pytest.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { NotModelled, runProgram } from "../run-program.ts";
import type { ProgramRun } from "../run-program.ts";

let disk: MemoryDisk;

beforeEach(() => {
  disk = new MemoryDisk();
  disk.makeFolder("/work/tests");
  disk.makeFolder("/work/src");
  disk.write("/work/src/calc.py", "def add(a, b):\n    return a + b\n");
  disk.write(
    "/work/tests/test_calc.py",
    "def test_adds():\n    # expect: src/calc.py contains def add\n    assert add(1, 2) == 3\n\n" +
      "def test_subtracts():\n    # expect: src/calc.py contains def subtract\n    assert subtract(2, 1) == 1\n",
  );
});

it("exits with 1 and names the failed tests as long as an expectation does not hold", () => {
  const failed = run(["-q", "tests"]);
  expect(failed.exitCode).toBe(1);
  expect(failed.stdout).toContain(
    "FAILED tests/test_calc.py::test_subtracts - AssertionError: src/calc.py lacks def subtract\n",
  );
  expect(failed.stdout).toMatch(/^\.F {70} \[100%\]\n/);
  expect(failed.stdout).toMatch(/\n1 failed, 1 passed in 0\.80s\n$/);
});

it("exits with 0 once all expectations hold", () => {
  disk.write("/work/src/calc.py", "def subtract(a, b): ...\n", "append");
  expect(run(["-q"])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\n2 passed in 0\.80s\n$/) });
});

it("takes an expectation on a missing file as failed", () => {
  disk.remove("/work/src/calc.py");
  expect(run(["-q"]).exitCode).toBe(1);
});

it("exits with 5 when there is nothing to run, and with 4 for a path that does not exist", () => {
  disk.remove("/work/tests/test_calc.py");
  disk.write("/work/tests/helper.py", "def test_not_collected(): pass\n");
  expect(run(["-q", "tests"]).exitCode).toBe(5);
  expect(run(["-q", "missing"])).toMatchObject({
    exitCode: 4,
    stderr: "ERROR: file or directory not found: missing\n\n",
  });
});

it("exits with 2 when a test file, or the code it names, cannot be imported", () => {
  disk.write("/work/src/calc.py", "def add(\n# syntax error\n");
  const broken = run(["-q"]);
  expect(broken.exitCode).toBe(2);
  expect(broken.stdout).toContain('File "src/calc.py", line 2');
  disk.write("/work/src/calc.py", "");
  disk.write("/work/tests/test_other.py", "# syntax error\n");
  expect(run(["-q"])).toMatchObject({ exitCode: 2, stdout: expect.stringContaining("ERROR tests/test_other.py\n") });
});

it("collects each file once, below folders by name, and not in hidden ones or environments", () => {
  disk.makeFolder("/work/.hidden");
  disk.makeFolder("/work/venv");
  disk.write("/work/.hidden/test_a.py", "def test_a(): pass\n");
  disk.write("/work/venv/test_b.py", "def test_b(): pass\n");
  disk.write("/work/tests/calc_test.py", "def test_c(): pass\n");
  disk.write("/work/src/calc.py", "def add def subtract\n");
  expect(run(["-q", "tests", "tests/test_calc.py", "."]).stdout).toContain("3 passed");
});

it("stops after the first failure with -x", () => {
  disk.write("/work/src/calc.py", "");
  expect(run(["-q", "-x"]).stdout).toContain("1 failed in");
  expect(run(["-q"]).stdout).toContain("2 failed in");
});

it("lets the code under test write and remove files, and hang", () => {
  disk.write(
    "/work/src/calc.py",
    "def add def subtract\n# side effect: write tests/test_calc.py pass\n# side effect: remove keep.txt\n",
  );
  disk.write("/work/keep.txt", "x");
  expect(run(["-q"]).exitCode).toBe(0);
  expect(disk.files("/work")).toMatchObject({ "tests/test_calc.py": "pass\n" });
  expect(disk.stat("/work/keep.txt")).toBeNull();
  disk.write("/work/tests/test_calc.py", "def test_a():\n    # side effect: hang\n    pass\n");
  expect(run(["-q"])).toMatchObject({ exitCode: undefined, hangs: true, stdout: "" });
});

it("has done nothing to files when it is killed before it runs the tests", () => {
  disk.write("/work/src/calc.py", "def add def subtract\n# side effect: write out.txt x\n");
  runProgram(pytest(), { args: ["-q"], files: disk, killAtYield: 2 });
  expect(disk.stat("/work/out.txt")).toBeNull();
});

it("takes its nominal time and says its version", () => {
  expect(run(["-q"]).durationUs).toBe(800_000);
  expect(run(["--version"]).stdout).toBe("pytest 9.0.3\n");
  expect(() => run(["-k", "adds"])).toThrow(NotModelled);
});

function run(args: readonly string[]): ProgramRun {
  return runProgram(pytest(), { args, files: disk });
}
