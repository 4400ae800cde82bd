import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

export const repository = fileURLToPath(new URL("../../", import.meta.url));
export const vitestPath = join(repository, "node_modules/vitest/vitest.mjs");

/** What a run of vitest came to. */
export interface SuiteRun {
  readonly exitCode: number;
  /** In the order in which they were reported. */
  readonly tests: readonly SuiteTest[];
  readonly output: string;
}

export interface SuiteTest {
  readonly name: string;
  readonly status: string;
  readonly location?: { readonly line: number };
  /** What it failed with, without colours; empty when it passed. */
  readonly message: string;
}

export interface SuiteOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a suite below `suites/` by vitest in a process of its own, from the root of this repository. */
export async function runSuite(name: string, { args = [], env = {} }: SuiteOptions = {}): Promise<SuiteRun> {
  const root = ["--root", "test/vitest/suites"];
  return runVitest(["run", ...root, `${name}.suite.ts`, ...args], { cwd: repository, env });
}

export interface VitestOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends the process once it has printed this. */
  readonly endWhen?: string;
}

export async function runVitest(args: readonly string[], { cwd, env }: VitestOptions): Promise<SuiteRun> {
  const report = join(temporaryFolder(), "report.json");
  const reporting = ["--reporter=json", "--outputFile", report, "--includeTaskLocation"];
  const { exitCode, output } = await execute([vitestPath, ...args, ...reporting], { cwd, env });
  return { exitCode, tests: testsIn(report), output };
}

/** A folder that is there until the test file is done: one test may look at what another has kept. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-vitest-"));
  temporaryFolders.push(folder);
  return folder;
}

const temporaryFolders: string[] = [];
afterAll(() => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true });
});

export function execute(
  args: readonly string[],
  { cwd, env, endWhen }: VitestOptions,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  // The vitest that runs this one leaves its own variables out.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|STORMLANE|FORCE_COLOR|TEST$)/.test(name));
  const whole = { ...Object.fromEntries(inherited), NO_COLOR: "1", ...env };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd, env: whole }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
    });
    if (endWhen === undefined) return;
    child.stderr!.on("data", (text: string) => void (text.includes(endWhen) && child.kill("SIGKILL")));
  });
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly location?: { readonly line: number };
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

function testsIn(report: string): SuiteTest[] {
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status, location, failureMessages = [] }) => ({
      name: fullName,
      status,
      ...(location === undefined ? {} : { location }),
      message: failureMessages.join("\n"),
    })),
  );
}
