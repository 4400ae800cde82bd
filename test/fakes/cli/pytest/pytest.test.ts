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
  expect(failed.stdout).toContain("FAILED tests/test_calc.py::test_subtracts - AssertionError: src/calc.py lacks...\n");
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
  expect(() => run(["--lf"])).toThrow(NotModelled);
  expect(() => run(["--collect-only"])).toThrow(NotModelled);
});

// The texts below are those of pytest 9.0.3 on the same files, but for durations.
it("prints one line for each file, or with -v for each test", () => {
  disk.write("/work/tests/test_more.py", "class TestMore:\n    def test_in_class(self):\n        pass\n");
  const header = [
    "============================= test session starts ==============================",
    "platform linux -- Python 3.11.7, pytest-9.0.3, pluggy-1.6.0",
    "rootdir: /work",
  ];
  const failure = [
    "",
    "=================================== FAILURES ===================================",
    "________________________________ test_subtracts ________________________________",
    "",
    "    def test_subtracts():",
    "        # expect: src/calc.py contains def subtract",
    ">       assert subtract(2, 1) == 1",
    "E       AssertionError: src/calc.py lacks def subtract",
    "",
    "tests/test_calc.py:7: AssertionError",
    "=========================== short test summary info ============================",
    "FAILED tests/test_calc.py::test_subtracts - AssertionError: src/calc.py lacks...",
    "========================= 1 failed, 2 passed in 0.80s ==========================",
    "",
  ];
  expect(run(["tests"]).stdout.split("\n")).toEqual([
    ...header,
    "collected 3 items",
    "",
    "tests/test_calc.py .F                                                    [ 66%]",
    "tests/test_more.py .                                                     [100%]",
    ...failure,
  ]);
  expect(run(["--no-header", "-v", "tests"]).stdout.split("\n")).toEqual([
    header[0],
    "collecting ... collected 3 items",
    "",
    "tests/test_calc.py::test_adds PASSED                                     [ 33%]",
    "tests/test_calc.py::test_subtracts FAILED                                [ 66%]",
    "tests/test_more.py::TestMore::test_in_class PASSED                       [100%]",
    ...failure,
  ]);
});

it("breaks the letters of many tests into lines with the share that is done", () => {
  disk.write("/work/tests/test_calc.py", Array.from({ length: 75 }, (_, n) => `def test_${n}(): pass\n`).join(""));
  expect(run(["-q"]).stdout).toBe(`${".".repeat(72)} [ 96%]\n...${" ".repeat(69)} [100%]\n75 passed in 0.80s\n`);
  expect(run(["-q", "-s"]).stdout).toBe(`${".".repeat(75)}\n75 passed in 0.80s\n`);
});

it("says less with more -q, and shows as much of a failure as --tb asks for", () => {
  const subtracts = ["-q", "tests/test_calc.py::test_subtracts"];
  const summary =
    "=========================== short test summary info ============================\n" +
    "FAILED tests/test_calc.py::test_subtracts - AssertionError: src/calc.py lacks...\n";
  const letters = `F${" ".repeat(71)} [100%]\n`;
  const title = "=================================== FAILURES ===================================\n";
  const message = "AssertionError: src/calc.py lacks def subtract\n";
  expect(run(["--tb=no", "-q", ...subtracts]).stdout).toBe(letters + summary);
  expect(run(["--tb=line", "-q", ...subtracts]).stdout).toBe(
    `${letters}${title}E   ${message}/work/tests/test_calc.py:7: ${message}${summary}`,
  );
  expect(run(["--tb=short", "-q", ...subtracts]).stdout).toBe(
    `${letters}${title}________________________________ test_subtracts ________________________________\n` +
      `tests/test_calc.py:7: in test_subtracts\n    assert subtract(2, 1) == 1\nE   ${message}${summary}`,
  );
  expect(run(["-q", "-rA"]).stdout).toContain("\nPASSED tests/test_calc.py::test_adds\nFAILED tests/test_calc.py");
});

it("does not cut its summary where a build server reads it", () => {
  const { stdout } = runProgram(pytest(), { args: ["-q"], files: disk, env: { CI: "true" } });
  expect(stdout).toContain("test_subtracts - AssertionError: src/calc.py lacks def subtract\n");
});

it("takes node ids, each test once, and says which one it does not know", () => {
  disk.write("/work/tests/test_more.py", "class TestMore:\n    def test_a(self): pass\n    def test_b(self): pass\n");
  expect(ids(["tests/test_more.py::TestMore"])).toEqual([
    "tests/test_more.py::TestMore::test_a",
    "tests/test_more.py::TestMore::test_b",
  ]);
  expect(ids(["tests/test_more.py::TestMore::test_b", "tests/test_calc.py"])).toHaveLength(3);
  // What a wider target covers comes in its order.
  expect(ids(["tests/test_more.py", "tests", "tests/test_calc.py::test_adds"])).toEqual(ids(["tests"]));
  expect(run(["-q", "tests/test_calc.py::nope"])).toMatchObject({
    exitCode: 4,
    stdout: "\nno tests ran in 0.80s\n",
    stderr: "ERROR: not found: /work/tests/test_calc.py::nope\n(no match in any of [<Module test_calc.py>])\n\n",
  });
});

it("selects by -k with names of tests, classes, files and folders", () => {
  disk.write("/work/tests/test_more.py", "class TestMore:\n    def test_a(self): pass\n");
  expect(ids(["-k", "adds or More"])).toEqual([
    "tests/test_calc.py::test_adds",
    "tests/test_more.py::TestMore::test_a",
  ]);
  expect(ids(["-k", "not (adds or testmore)"])).toEqual(["tests/test_calc.py::test_subtracts"]);
  expect(ids(["-k", "tests and test_calc.py and not ADDS"])).toEqual(["tests/test_calc.py::test_subtracts"]);
  expect(run(["-q", "-k", "adds"]).stdout).toMatch(/\n1 passed, 2 deselected in 0\.80s\n$/);
  expect(run(["-q", "-k", "zzz"])).toMatchObject({ exitCode: 5, stdout: "\n3 deselected in 0.80s\n" });
  expect(run(["-q", "-k", "adds or"])).toMatchObject({
    exitCode: 4,
    stderr:
      "ERROR: Wrong expression passed to '-k': adds or: at column 8: " +
      "expected not OR left parenthesis OR identifier; got end of input\n\n",
  });
});

it("lists what it collects", () => {
  expect(run(["-q", "--collect-only", "-k", "adds"]).stdout).toBe(
    "tests/test_calc.py::test_adds\n\n1/2 tests collected (1 deselected) in 0.80s\n",
  );
  expect(run(["-q", "--collect-only", "-k", "zzz"])).toMatchObject({
    exitCode: 5,
    stdout: "\nno tests collected (2 deselected) in 0.80s\n",
  });
});

it("writes what happened for build servers", () => {
  const nowMs = Date.UTC(2026, 8, 21, 14, 13, 20, 5);
  const { stdout } = runProgram(pytest(), { args: ["--junitxml=out/j.xml"], files: disk, nowMs });
  expect(stdout).toContain("\n--------------------- generated xml file: /work/out/j.xml ----------------------\n");
  expect(disk.readText("/work/out/j.xml")).toBe(
    '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" ' +
      'failures="1" skipped="0" tests="2" time="0.800" timestamp="2026-09-21T14:13:20.805+00:00" hostname="localhost">' +
      '<testcase classname="tests.test_calc" name="test_adds" time="0.040" />' +
      '<testcase classname="tests.test_calc" name="test_subtracts" time="0.040">' +
      '<failure message="AssertionError: src/calc.py lacks def subtract">def test_subtracts():\n' +
      "        # expect: src/calc.py contains def subtract\n&gt;       assert subtract(2, 1) == 1\n" +
      "E       AssertionError: src/calc.py lacks def subtract\n\ntests/test_calc.py:7: AssertionError</failure>" +
      "</testcase></testsuite></testsuites>",
  );
  disk.write("/work/tests/test_calc.py", "# syntax error\n");
  runProgram(pytest(), { args: ["-q", "--junitxml", "j.xml"], files: disk });
  expect(disk.readText("/work/j.xml")).toContain(
    '<testcase classname="" name="tests.test_calc" time="0.000"><error message="collection failure">',
  );
});

function ids(args: readonly string[]): readonly string[] {
  return run(["-q", "--collect-only", ...args])
    .stdout.split("\n\n")[0]!
    .split("\n");
}

function run(args: readonly string[]): ProgramRun {
  return runProgram(pytest(), { args, files: disk });
}
