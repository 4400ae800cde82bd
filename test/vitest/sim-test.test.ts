import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseRepro, type Repro } from "../../src/cli/repro-file.ts";
import { runCase } from "../../src/sim/run-case.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { toy } from "../campaign/toy-scenarios.ts";
import {
  execute,
  repository,
  runSuite,
  runVitest,
  temporaryFolder,
  vitestPath,
  type SuiteRun,
  type SuiteTest,
} from "./run-suite.ts";

const inKept = "racy-suite/a-counter-loses-no-update";
/** Each run of vitest is a process of its own. */
const startingMs = 120_000;
const title = /^SimulationFailure: FAILED {2}counter-racy, seed \d+, [a-z-]+: C1: counter$/m;

function onlyTest({ tests }: SuiteRun): SuiteTest {
  expect(tests).toHaveLength(1);
  return tests[0]!;
}

const suiteArgs = (name: string): string[] => [vitestPath, "run", "--root", "test/vitest/suites", `${name}.suite.ts`];

function linesOf(suite: string): string[] {
  return readFileSync(join(repository, `test/vitest/suites/${suite}.suite.ts`), "utf8").split("\n");
}

/** The story without where it is kept. */
function storyIn({ message }: SuiteTest): string {
  return message.slice(0, message.indexOf("  kept:"));
}

function readKept(folder: string): { readonly name: string; readonly repro: Repro } {
  const names = readdirSync(join(folder, inKept));
  expect(names).toHaveLength(1);
  const name = names[0]!;
  return { name, repro: parseRepro(JSON.parse(readFileSync(join(folder, inKept, name), "utf8")), name) };
}

/** The command is for a shell; here it has no variable and one quoted word. */
function typed(command: string): { readonly args: string[]; readonly env: Record<string, string> } {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, inQuotes, bare]) => inQuotes ?? bare!);
  const at = words.indexOf("npx");
  const env = Object.fromEntries(words.slice(0, at).map((word) => word.split("=") as [string, string]));
  return { args: words.slice(at + 2), env };
}

describe("a simulation that fails", () => {
  const folder = temporaryFolder();
  const env = { KEPT_FOLDER: folder };
  let run: SuiteRun;
  let failed: SuiteTest;

  beforeAll(async () => {
    run = await runSuite("racy", { env });
    failed = run.tests[0]!;
  }, startingMs);

  test("tells the story: the rule, what was done to the run, what happened, and why it is broken", () => {
    expect(run.exitCode).toBe(1);
    expect(failed.status).toBe("failed");
    expect(failed.message).toMatch(title);
    expect(failed.message).toContain("No update of the counter is lost.");
    expect(failed.message).toContain("What was done to it: 0 faults, 1 preemption, 0 delays");
    expect(failed.message).toMatch(/^ {2}> .* notes counter\.written/m);
    expect(failed.message).toContain("nearest");
  });

  test("is shown where simTest is called, and nowhere else", () => {
    const lines = failed.message.split("\n").filter((line) => line.startsWith("    at "));
    expect(lines).toHaveLength(1);
    const [, line] = /suites\/racy\.suite\.ts:(\d+):\d+/.exec(lines[0]!)!;
    expect(linesOf("racy")[Number(line) - 1]).toContain("simTest(");
  });

  test("is kept as a small repro that fails so", async () => {
    const { repro } = readKept(folder);
    expect(repro.case.preemptions).toHaveLength(1);
    expect(repro.case.faults).toEqual([]);
    expect(signatureOf((await runCase(toy("counter-racy"), repro.case)).verdict)).toBe(repro.expected.signature);
  });

  test("fails in the same way by the replay command that it prints", async () => {
    const command = /^ {2}replay: (.*)$/m.exec(failed.message)![1]!;
    const { args } = typed(command);
    const { exitCode, output } = await execute([vitestPath, ...args.slice(1)], {
      cwd: repository,
      env,
    });
    expect(exitCode).toBe(1);
    expect(output).toContain(storyIn(failed));
    expect(output).toContain("which failed so before");
  });

  test("fails in the same way by its seed, where the file is not", async () => {
    const command = /^ {2}without that file: (.*)$/m.exec(failed.message)![1]!;
    const elsewhere = temporaryFolder();
    const { args, env: seed } = typed(command);
    expect(seed).toEqual({ STORMLANE_SEED: String(readKept(folder).repro.foundBy.seed) });
    const { output } = await execute([vitestPath, ...args.slice(1)], {
      cwd: repository,
      env: { ...seed, KEPT_FOLDER: elsewhere },
    });
    expect(output).toContain(storyIn(failed));
    expect(readKept(elsewhere)).toEqual(readKept(folder));
  });

  test("tells the same story in the other pool", async () => {
    const again = onlyTest(
      await runSuite("racy", { env: { KEPT_FOLDER: temporaryFolder() }, args: ["--pool=threads"] }),
    );
    expect(storyIn(again)).toBe(storyIn(failed));
  });
});

describe("what failed before", () => {
  test("runs before the seeds, and passes once the mistake is mended", async () => {
    const folder = temporaryFolder();
    await runSuite("racy", { env: { KEPT_FOLDER: folder } });
    const { name, repro } = readKept(folder);
    // Of this seed nobody would find it: whoever tells of it has read the file.
    writeFileSync(
      join(folder, inKept, name),
      JSON.stringify({ ...repro, foundBy: { seed: 4711, strategy: "by hand" } }),
    );
    const again = onlyTest(await runSuite("racy", { env: { KEPT_FOLDER: folder } }));
    expect(again.message).toContain("FAILED  counter-racy, seed 4711, by hand: C1: counter");
    expect(readdirSync(join(folder, inKept))).toEqual([name]);
    const mended = onlyTest(await runSuite("racy", { env: { KEPT_FOLDER: folder, MENDED: "yes" } }));
    expect(mended.status).toBe("passed");
  });
});

describe("vitest's own ways to run a suite", () => {
  test("a second run in watch mode starts from nothing but what was kept", async () => {
    const env = { KEPT_FOLDER: temporaryFolder() };
    const { output } = await execute([join(repository, "test/vitest/rerun.ts"), "racy"], { cwd: repository, env });
    const [[first], [second]] = JSON.parse(output.trim().split("\n").at(-1)!) as [[string], [string]];
    expect(first).toContain("which that command runs first");
    expect(second).toContain("which failed so before");
    expect(second.split("  kept:")[0]).toBe(first.split("  kept:")[0]);
  });

  test("an editor finds the tests without running them", async () => {
    const args = [vitestPath, "list", "racy", "--root", "test/vitest/suites", "--static-parse", "--json"];
    const { output } = await execute(args, { cwd: repository, env: {} });
    const line = 1 + linesOf("racy").findIndex((each) => each.includes("simTest("));
    expect(JSON.parse(output)).toMatchObject([{ name: "a counter > loses no update", location: { line } }]);
  });

  test("a test of a project is replayed in its project", async () => {
    const env = { KEPT_FOLDER: temporaryFolder() };
    const args = ["run", "--root", "test/vitest/suites", "--config", "projects.config.ts", "--project", "two"];
    const { message } = onlyTest(await runVitest(args, { cwd: repository, env }));
    expect(message).toContain(
      "  replay: npx vitest run --project two test/vitest/suites/racy.suite.ts -t '^a counter > loses no update$'",
    );
  });

  test("a suite that turns fake timers on too early is told so, and does not hang", async () => {
    const { message } = onlyTest(await runSuite("late"));
    expect(message).toContain("fake timers were on before stormlane/vitest was imported");
  });

  test("a place without vitest is told how to install it", async () => {
    const { output } = await execute([join(repository, "test/vitest/without-vitest.ts")], { cwd: repository, env: {} });
    expect(output).toMatch(/^MissingPeer: stormlane\/vitest: needs vitest, .*; run: npm install vitest@/);
  });
});

describe("code that never gives the turn back", () => {
  test("is told with its seed and its place, and ends its process instead of hanging vitest", async () => {
    const { exitCode, output } = await execute(suiteArgs("stuck"), { cwd: repository, env: {} });
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^simTest: never gives the turn back: seed \d+ has kept the turn for 1000 ms without a step\.$/m,
    );
    expect(output).toMatch(/^ {4}at spinSometimes \(.*test\/campaign\/toy-scenarios\.ts\)$/m);
    expect(output).toMatch(/^ {2}replay: STORMLANE_SEED=\d+ npx vitest run .* -t '\^never gives the turn back\$'$/m);
  });

  test("is told in a pool of threads as well, where only the user can end it", async () => {
    const { output } = await execute([...suiteArgs("stuck"), "--pool=threads"], {
      cwd: repository,
      env: {},
      endWhen: "End vitest by hand",
    });
    expect(output).toMatch(/^simTest: never gives the turn back: seed \d+ has kept the turn for 1000 ms/m);
  });
});

describe("names, modes and timers", () => {
  let run: SuiteRun;

  beforeAll(async () => {
    run = await runSuite("names", { env: { KEPT_FOLDER: temporaryFolder() } });
  }, startingMs);

  test("are those of vitest: nothing of a name comes from seeds or counts, and fake timers stop no run", () => {
    expect(run.tests.map(({ name, status }) => `${status}: ${name}`)).toEqual([
      "passed: counter-locked",
      "skipped: is left out",
      "todo: will be written",
      "passed: finds the race",
      "passed: runs beside another",
      "passed: runs beside one",
      "skipped: is left out here",
      "passed: is run here",
      "passed: holds under pct",
      "passed: holds under surw",
      "passed: holds for few seeds",
      "passed: stops when its time is up",
      "passed: runs a built-in scenario",
    ]);
    expect(run.exitCode).toBe(0);
  });

  test("have the line on which simTest is called, as an editor wants it", () => {
    const source = linesOf("names");
    const lines = run.tests.map(({ location }) => source[location!.line - 1]);
    for (const [index, { name }] of run.tests.slice(1, 8).entries()) expect(lines[index + 1]).toContain(`"${name}"`);
  });
});

describe("what is wrong without a failing run", () => {
  let run: SuiteRun;

  beforeAll(async () => {
    run = await runSuite("mistakes", { env: { KEPT_FOLDER: temporaryFolder() } });
  }, startingMs);

  test.each([
    ["never meets its goal", "vacuous: never happened in 20 runs: pigs flew;"],
    ["never ends", "limit: 20 of 20 runs came to a limit (stepsMax)"],
    ["reaches for the real clock", "nondeterminism: Math.random (use ports.random.int)"],
    ["is too slow", "seeds were run, and no more of them within 400 ms; raise timeoutMs"],
    ["has no place to keep anything", "  not kept: reproFolder"],
    ["has no such option", "UsageError: simTest: option seed: there is none of that name; did you mean seeds?"],
    ["has no scenario", "UsageError: simTest: scenario: is none: it is undefined;"],
    ["has half a scenario", "UsageError: simTest: scenario: is none: it has no invariants;"],
  ])("a test that %s fails with words for it", (name, words) => {
    const { status, message } = run.tests.find((each) => each.name === name)!;
    expect(status).toBe("failed");
    expect(message).toContain(words);
  });

  test("a failure that is kept nowhere is replayed by its seed", () => {
    const { message } = run.tests.find(({ name }) => name === "has no place to keep anything")!;
    expect(message).toMatch(/^ {2}replay: STORMLANE_SEED=\d+ npx vitest run .*mistakes\.suite\.ts -t /m);
  });

  test.each(["may never meet its goal", "changes its faults"])("a test that %s passes", (name) => {
    expect(run.tests.find((each) => each.name === name)!.status).toBe("passed");
  });
});
