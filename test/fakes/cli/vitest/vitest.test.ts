import { beforeEach, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/base/json.ts";
import { vitest } from "../../../../fakes/cli/vitest/vitest.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { NotModelled, runProgram } from "../run-program.ts";
import type { ProgramRun } from "../run-program.ts";

const calc = `import { describe, expect, it, test } from "vitest";
describe("calc", () => {
  it("adds", () => {
    // expect: src/calc.ts contains function add
    expect(add(1, 2)).toBe(3);
  });
  describe("inner", () => {
    it("subtracts", () => {
      // expect: src/calc.ts contains function subtract
      expect(subtract(2, 1)).toBe(1);
    });
  });
  it.skip("is skipped", () => {});
  it.todo("later");
});
test("top level", () => {});
`;

let disk: MemoryDisk;

beforeEach(() => {
  disk = new MemoryDisk();
  disk.makeFolder("/work/tests");
  disk.makeFolder("/work/src");
  disk.write("/work/src/calc.ts", "export function add(a: number, b: number) {\n  return a + b;\n}\n");
  disk.write("/work/tests/calc.test.ts", calc);
  disk.write("/work/tests/other.test.ts", 'import { it } from "vitest";\nit("passes", () => {});\n');
});

// The texts below are those of vitest 5.1.1 on such files, but for durations and the shares behind the last.
it("prints the tests of a failed file as a tree, and what failed on standard error", () => {
  const failed = run(["run"]);
  expect(failed.exitCode).toBe(1);
  expect(failed.stdout.split("\n")).toEqual([
    "",
    " RUN  v5.1.1 /work",
    "",
    " ❯ tests/calc.test.ts (5 tests | 1 failed | 1 skipped | 1 todo) 3ms",
    "   ❯ calc (4)",
    "     ✓ adds 1ms",
    "     ❯ inner (1)",
    "       × subtracts 1ms",
    "     ↓ is skipped",
    "     □ later",
    "   ✓ top level 1ms",
    " ✓ tests/other.test.ts (1 test) 1ms",
    "",
    " Test Files  1 failed | 1 passed (2)",
    "      Tests  1 failed | 3 passed | 1 skipped | 1 todo (6)",
    "   Start at  14:13:20",
    "   Duration  900ms (import 45%, transform 25%, worker 16%, tests 14%)",
    "",
    "",
  ]);
  expect(failed.stderr.split("\n")).toEqual([
    "",
    "⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯",
    "",
    " FAIL  tests/calc.test.ts > calc > inner > subtracts",
    "AssertionError: src/calc.ts lacks function subtract",
    " ❯ tests/calc.test.ts:10:30",
    '      8|     it("subtracts", () => {',
    "      9|       // expect: src/calc.ts contains function subtract",
    "     10|       expect(subtract(2, 1)).toBe(1);",
    "       |                              ^",
    "     11|     });",
    "     12|   });",
    "",
    "⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/1]⎯",
    "",
    "",
  ]);
});

it("exits with 0 once all expectations hold, and says nothing on standard error", () => {
  disk.write("/work/src/calc.ts", "function subtract() {}\n", "append");
  expect(run(["run"])).toMatchObject({ exitCode: 0, stderr: "" });
});

it("prints one line for each test with the verbose reporter", () => {
  expect(run(["run", "--reporter=verbose"]).stdout.split("\n").slice(3, 10)).toEqual([
    " ✓ tests/calc.test.ts > calc > adds 1ms",
    " × tests/calc.test.ts > calc > inner > subtracts 1ms",
    "   → src/calc.ts lacks function subtract",
    " ↓ tests/calc.test.ts > calc > is skipped",
    " □ tests/calc.test.ts > calc > later",
    " ✓ tests/calc.test.ts > top level 1ms",
    " ✓ tests/other.test.ts > passes 1ms",
  ]);
});

it("takes filters in any case, and exits with 1 when they leave no file unless it may pass", () => {
  for (const filter of ["OTHER", "./tests/other.test.ts", "/work/tests/other.test.ts:2"]) {
    expect(run(["run", filter]).stdout, filter).toContain("Test Files  1 passed (1)\n");
  }
  const nothing =
    "filter: nope\ninclude: **/*.{test,spec}.?(c|m)[jt]s?(x)\nexclude:  **/node_modules/**, **/.git/**\n\n";
  expect(run(["run", "nope"])).toMatchObject({
    exitCode: 1,
    stderr: `No test files found, exiting with code 1\n\n${nothing}`,
  });
  expect(run(["run", "--passWithNoTests", "nope"])).toMatchObject({ exitCode: 0, stderr: nothing });
});

it("skips what -t does not name, with suites in front of the title", () => {
  expect(run(["run", "-t", "calc > adds"])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(
      /Test Files {2}1 passed \| 1 skipped \(2\)\n {6}Tests {2}1 passed \| 5 skipped \(6\)/,
    ),
  });
  expect(run(["run", "-t", "subtracts"]).exitCode).toBe(1);
  expect(run(["run", "-t", "zzz"]).exitCode).toBe(0);
});

it("stops after as many failures as --bail says", () => {
  const { stdout, exitCode } = run(["run", "--bail", "1"]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("   · top level\n");
  expect(stdout).toContain(" Test Files  1 failed (2)\n      Tests  1 failed | 1 passed | 1 skipped | 1 todo (5)\n");
});

it("writes a JSON report to the file that is named, or to the one it always takes", () => {
  const { stdout, stderr, exitCode } = run(["run", "--reporter=json", "--outputFile=out/report.json"]);
  expect([stdout, stderr, exitCode]).toEqual(["JSON report written to /work/out/report.json\n", "", 1]);
  const report = JSON.parse(disk.readText("/work/out/report.json")) as JsonObject;
  expect(report).toMatchObject({
    numTotalTestSuites: 4,
    numPassedTestSuites: 1,
    numFailedTestSuites: 3,
    numTotalTests: 6,
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 1,
    success: false,
    testResults: [
      {
        name: "/work/tests/calc.test.ts",
        status: "failed",
        message: "",
        assertionResults: [
          { ancestorTitles: ["calc"], fullName: "calc adds", status: "passed", failureMessages: [] },
          {
            ancestorTitles: ["calc", "inner"],
            title: "subtracts",
            status: "failed",
            failureMessages: [
              "AssertionError: src/calc.ts lacks function subtract\n    at /work/tests/calc.test.ts:10:30",
            ],
          },
          { title: "is skipped", status: "skipped" },
          { title: "later", status: "todo" },
          { ancestorTitles: [], title: "top level", status: "passed" },
        ],
      },
      { name: "/work/tests/other.test.ts", status: "passed" },
    ],
  });
  run(["run", "--reporter", "json", "nope"]);
  expect(JSON.parse(disk.readText("/work/.vitest/json/output.json"))).toMatchObject({
    success: false,
    testResults: [],
  });
  expect(run(["run", "--reporter=default", "--reporter=json", "--outputFile.json=j.json"]).stdout).toMatch(
    /\n\nJSON report written to \/work\/j\.json\n$/,
  );
});

it("writes a JUnit report with escaped names", () => {
  disk.write(
    "/work/tests/other.test.ts",
    'it("a <b> & \\"c\\"", () => {\n  // expect: src/calc.ts contains zz\n  x();\n});\n',
  );
  run(["run", "--reporter=junit", "--outputFile=j.xml", "other"]);
  expect(disk.readText("/work/j.xml")).toBe(
    '<?xml version="1.0" encoding="UTF-8" ?>\n' +
      '<testsuites name="vitest tests" tests="1" failures="1" errors="0" time="0.001">\n' +
      '    <testsuite name="tests/other.test.ts" timestamp="2026-09-21T14:13:20.000Z" hostname="localhost" ' +
      'tests="1" failures="1" errors="0" skipped="0" time="0.001">\n' +
      '        <testcase classname="tests/other.test.ts" name="a &lt;b&gt; &amp; &quot;c&quot;" time="0.001">\n' +
      '            <failure message="src/calc.ts lacks zz" type="AssertionError">\n' +
      "AssertionError: src/calc.ts lacks zz\n ❯ tests/other.test.ts:3:3\n            </failure>\n" +
      "        </testcase>\n    </testsuite>\n</testsuites>\n",
  );
});

it("counts a file that cannot be parsed, or has no tests, as failed", () => {
  disk.write("/work/src/calc.ts", "const a =\n// syntax error\n");
  disk.write("/work/tests/other.test.ts", "export const a = 1;\n");
  const { stdout, stderr, exitCode } = run(["run"]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(" ❯ tests/calc.test.ts (0 test)\n ❯ tests/other.test.ts (0 test)\n");
  expect(stdout).toContain("      Tests  no tests\n");
  expect(stderr).toContain("⎯⎯⎯⎯⎯⎯ Failed Suites 2 ⎯⎯⎯⎯⎯⎯⎯\n\n FAIL  tests/calc.test.ts [ tests/calc.test.ts ]\n");
  expect(stderr).toContain(
    "Error: Transform failed with 1 error:\n\n[PARSE_ERROR] Unexpected token\n   ╭─[ src/calc.ts:2:1 ]\n",
  );
  expect(stderr).toContain("Error: No test suite found in file /work/tests/other.test.ts\n⎯");
});

it("lets the code under test write and remove files, and hang", () => {
  disk.write(
    "/work/src/calc.ts",
    "function add function subtract\n// side effect: write out.txt x\n// side effect: hang\n",
  );
  expect(run(["run"])).toMatchObject({ exitCode: undefined, hangs: true });
  expect(disk.readText("/work/out.txt")).toBe("x\n");
});

it("takes its nominal time, says its version, and refuses what it does not model", () => {
  expect(run(["run"]).durationUs).toBe(900_000);
  expect(run(["--version"]).stdout).toMatch(/^vitest\/5\.1\.1 /);
  expect(() => run(["run", "--coverage"])).toThrow(NotModelled);
  disk.write("/work/tests/other.test.ts", 'it.each([1, 2])("is %i", () => {});\n');
  expect(() => run(["run"])).toThrow(NotModelled);
});

function run(args: readonly string[]): ProgramRun {
  return runProgram(vitest(), { args, files: disk, nowMs: 1_790_000_000_000 });
}
