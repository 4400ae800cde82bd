import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { vitestPath } from "../vitest/run-suite.ts";
import { pathOfTool, requiredTools } from "./tools.ts";

interface SuiteRun {
  readonly exitCode: number;
  readonly output: string;
  /** By name: status, and the reason that was left with it. */
  readonly tests: Readonly<Record<string, readonly [status: string, reason: string | undefined]>>;
}

const suites = fileURLToPath(new URL("suites/", import.meta.url));

/** Runs the suites beside this file: they want php and python3. */
async function runSuites(env: Readonly<Record<string, string>>): Promise<SuiteRun> {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-suites-"));
  try {
    const report = join(folder, "report.json");
    const args = [vitestPath, "run", "--config", `${suites}vitest.config.ts`];
    const reporting = ["--reporter=json", "--outputFile", report];
    const own = { TMPDIR: folder, NO_COLOR: "1", CI: "", STORMLANE_REQUIRE_TOOLS: "", ...env };
    const end = await new Promise<Pick<SuiteRun, "exitCode" | "output">>((resolve) => {
      execFile(process.execPath, [...args, ...reporting], { cwd: suites, env: own }, (error, out, errorText) => {
        resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, output: out + errorText });
      });
    });
    return { ...end, tests: testsIn(report) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function testsIn(report: string): SuiteRun["tests"] {
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
    readonly testResults: readonly {
      readonly assertionResults: readonly {
        readonly title: string;
        readonly status: string;
        readonly meta: { readonly skipReason?: string };
      }[];
    }[];
  };
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return Object.fromEntries(tests.map(({ title, status, meta }) => [title, [status, meta.skipReason]]));
}

function timesIn(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe("on a machine without any tool", () => {
  let run: SuiteRun;
  beforeAll(async () => {
    run = await runSuites({ PATH: "" });
  }, 60_000);

  test("what needs none runs, and the run is green", () => {
    expect(run.exitCode).toBe(0);
    expect(run.tests["needs no tool"]).toEqual(["passed", undefined]);
  });

  test("what needs one is skipped with a reason that names it", () => {
    expect(run.tests["runs a script"]).toEqual(["skipped", "SKIPPED LOUD: php is not on PATH"]);
    expect(run.tests["runs another script"]).toEqual(["skipped", "SKIPPED LOUD: php is not on PATH"]);
    expect(run.tests["needs python"]).toEqual(["skipped", "SKIPPED LOUD: python3 is not on PATH"]);
  });

  test("each tool is warned of once, however many tests lack it", () => {
    expect(timesIn(run.output, "SKIPPED LOUD: php is not on PATH\n")).toBe(1);
    expect(timesIn(run.output, "SKIPPED LOUD: python3 is not on PATH\n")).toBe(1);
  });

  test("a table at the end counts the tests of each tool", () => {
    expect(run.output).toMatch(/tool +tests\n +php +2\n +python3 +1\n/);
  });
});

describe("where tools are required", () => {
  let run: SuiteRun;
  beforeAll(async () => {
    run = await runSuites({ PATH: "", STORMLANE_REQUIRE_TOOLS: "php" });
  }, 60_000);

  test("a missing one fails its tests and the run, and another is still skipped", () => {
    expect(run.exitCode).toBe(1);
    expect(run.tests["runs a script"]![0]).toBe("failed");
    expect(run.tests["needs no tool"]![0]).toBe("passed");
    expect(run.tests["needs python"]![0]).toBe("skipped");
  });

  test("the list is names or all, CI stands for all, and a slip in it is an error", () => {
    expect([...requiredTools({ STORMLANE_REQUIRE_TOOLS: " php, git" })]).toEqual(["php", "git"]);
    expect(requiredTools({ STORMLANE_REQUIRE_TOOLS: "all" })).toContain("redis-server");
    expect(requiredTools({ CI: "true" })).toContain("tmux");
    expect([...requiredTools({ CI: "false" }), ...requiredTools({})]).toEqual([]);
    expect(() => requiredTools({ STORMLANE_REQUIRE_TOOLS: "redis_server" })).toThrow(
      /no tool of these tests[^]*redis-server/,
    );
  });
});

describe("on a machine with a tool", () => {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-tools-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("its tests run, and nothing is said of it", async () => {
    writeFileSync(join(folder, "php"), "");
    chmodSync(join(folder, "php"), 0o755);
    const run = await runSuites({ PATH: folder });
    expect(run.tests["runs a script"]).toEqual(["passed", undefined]);
    expect(run.output).not.toContain("php is not on PATH");
    expect(run.output).toContain("python3 is not on PATH");
  }, 60_000);

  test("a tool is a program: no folder of its name, and no file that cannot be run", () => {
    const place = mkdtempSync(join(tmpdir(), "stormlane-tools-"));
    onTestFinished(() => rmSync(place, { recursive: true }));
    mkdirSync(join(place, "git"));
    writeFileSync(join(place, "tmux"), "", { mode: 0o644 });
    writeFileSync(join(place, "redis-server"), "", { mode: 0o755 });
    expect(pathOfTool("git", { PATH: place })).toBeUndefined();
    expect(pathOfTool("tmux", { PATH: place })).toBeUndefined();
    expect(pathOfTool("redis-server", { PATH: `/none:${place}` })).toBe(join(place, "redis-server"));
    expect(pathOfTool("git", { PATH: "" })).toBeUndefined();
    expect(pathOfTool("chromium", { PATH: "", CHROMIUM: join(place, "redis-server") })).toBe(
      join(place, "redis-server"),
    );
  });
});
