import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandsOfSerialLanes, parallelIn, serialLanes } from "./serial-lanes.ts";
import { readWorkflow } from "./workflows/workflow.ts";

const { scripts } = JSON.parse(readText("package.json")) as { readonly scripts: Readonly<Record<string, string>> };

describe.each(serialLanes)("$script, whose tests share $shares,", ({ script, config, tests }) => {
  test("runs one file after the other", () => {
    const settings = readText(config);
    expect(settings).toContain("fileParallelism: false");
    expect(parallelIn(settings)).toEqual([]);
  });

  test("is started by a script that does not ask for more", () => {
    expect(scripts[script]).toBe(`vitest run --config ${config}`);
  });

  test("has no tests that ask for more themselves", () => {
    const files = readdirSync(new URL(`../../${tests}/`, import.meta.url)).filter((name) => name.endsWith(".test.ts"));
    expect(files.length).toBeGreaterThan(0);
    expect(
      files.flatMap((name) => readText(join(tests, name)).match(/\b(?:test|it|describe)\.concurrent\b/g) ?? []),
    ).toEqual([]);
  });
});

const workflows = ["ci", "nightly", "release"].map((name) => readText(`.github/workflows/${name}.yml`));

/** What the workflows and the local check run of the serial lanes, and what they ask of vitest by its variables. */
function startsIn(workflowTexts: readonly string[], localCheck: string): string[] {
  const jobs = workflowTexts.flatMap((text) => [...readWorkflow(text).jobs.values()]);
  const commands = jobs.flatMap(({ steps, env }) => {
    const started = steps.flatMap(({ run = "" }) => commandsOfSerialLanes(run));
    const given = [env, ...steps.map((step) => step.env)].flatMap((each) => Object.keys(each));
    return started.length === 0 ? [] : [...started, ...given];
  });
  return [...commands, ...commandsOfSerialLanes(localCheck)];
}

describe("whoever starts a serial lane", () => {
  const found = (workflowTexts: readonly string[], localCheck: string): string[] =>
    startsIn(workflowTexts, localCheck).flatMap(parallelIn);
  const localCheck = readText(".ci/run");

  test("starts it alone, and each of them is started", () => {
    const starts = startsIn(workflows, "");
    for (const { script } of serialLanes) {
      expect(
        starts.filter((line) => line.includes(`npm run ${script}`)),
        script,
      ).not.toEqual([]);
      expect(
        commandsOfSerialLanes(localCheck).filter((line) => line.includes(script)),
        script,
      ).not.toEqual([]);
    }
    expect(found(workflows, localCheck)).toEqual([]);
  });

  test.each([
    ["--test-concurrency 4", "--test-concurrency"],
    ["-w4", "-w4"],
    ["-w 4", "-w 4"],
    ["-n 4", "-n 4"],
    ["-j8", "-j8"],
    ["--parallel", "--parallel"],
    ["--maxWorkers=4", "--maxWorkers"],
    ["--max-workers 50%", "--max-workers"],
    ["--minWorkers=2", "--minWorkers"],
    ["--poolOptions.forks.maxForks=4", "--poolOptions"],
    ["--fileParallelism", "--fileParallelism"],
    ["--file-parallelism=true", "--file-parallelism"],
    ["--sequence.concurrent", "--sequence.concurrent"],
    ["& npm run test:redis", "&"],
  ])("is found with %s, in a workflow and in the local check", (flag, named) => {
    const workflow = workflows[0]!.replace(/npm run test:terminal --/, `npm run test:terminal -- ${flag}`);
    expect(found([workflow], "")).toContain(named);
    expect(found([], localCheck.replace("npm run test:terminal", `npm run test:terminal -- ${flag}`))).toContain(named);
  });

  test("is found with a variable of vitest, also on a continued line", () => {
    const variable = workflows[0]!.replace("CHROMIUM:", "VITEST_MAX_WORKERS:");
    expect(found([variable], "")).toContain("VITEST_MAX_WORKERS");
    expect(found([], "npm run test:redis -- \\\n  --maxWorkers=2")).toEqual(["--maxWorkers"]);
  });
});

test.each([
  ["maxWorkers: 4", "maxWorkers"],
  ["poolOptions: { forks: { maxForks: 4 } }", "poolOptions"],
  ["fileParallelism: true", "fileParallelism: true"],
  ["sequence: { concurrent: true }", "concurrent: true"],
])("a config with %s is found", (setting, named) => {
  const settings = readText("test/redis/vitest.config.ts").replace("pool:", `${setting}, pool:`);
  expect(parallelIn(settings)).toContain(named);
});

test.each([
  "a && b",
  "npm test 2>&1",
  "--no-file-parallelism",
  "--fileParallelism=false",
  "--reporter=default",
  "a > b",
])("%s runs nothing at the same time", (text) => {
  expect(parallelIn(text)).toEqual([]);
});

function readText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}
