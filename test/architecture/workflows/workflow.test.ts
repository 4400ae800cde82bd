import { describe, expect, test } from "vitest";
import { allNeedsOf, MalformedWorkflow, readWorkflow } from "./workflow.ts";

const lane = `on: push
jobs:
  fence:
    runs-on: ubuntu-24.04
    steps:
      - run: npm ci
`;

describe("the model of a workflow", () => {
  test("reads what is left out as what GitHub takes for it", () => {
    const { on, permissions, jobs } = readWorkflow(lane);
    expect(on).toEqual({ push: {} });
    expect(permissions).toBeUndefined();
    expect(jobs.get("fence")).toMatchObject({ needs: [], runsOn: ["ubuntu-24.04"], matrix: null, failFast: true });
    expect(jobs.get("fence")!.steps[0]).toMatchObject({ run: "npm ci", uses: undefined, env: {}, with: {} });
  });

  test.each([
    ["a word", "on: push", { push: {} }],
    ["a list", "on: [push, pull_request]", { push: {}, pull_request: {} }],
    [
      "settings",
      "on:\n  push:\n    branches: [main]\n  pull_request:",
      { push: { branches: ["main"] }, pull_request: {} },
    ],
    ["the truth value, as YAML 1.1 writes the key", "true: [push]", { push: {} }],
    ["the truth value, as YAML 1.1 reads the key", "%YAML 1.1\n---\non: [push]", { push: {} }],
    ["a quoted key", '"on": [push]', { push: {} }],
  ])("takes triggers as %s", (_form, on, expected) => {
    expect(readWorkflow(lane.replace("on: push", on)).on).toEqual(expected);
  });

  test("takes needs as a word or a list, and follows them to the end", () => {
    const job = (name: string, needs: string): string =>
      `  ${name}:\n    needs: ${needs}\n    runs-on: ubuntu-24.04\n    steps: [{ run: npm test }]\n`;
    const workflow = readWorkflow(lane + job("unit", "fence") + job("comment", "[unit]"));
    expect(workflow.jobs.get("unit")!.needs).toEqual(["fence"]);
    expect(workflow.jobs.get("comment")!.needs).toEqual(["unit"]);
    expect([...allNeedsOf(workflow, "comment")]).toEqual(["unit", "fence"]);
  });

  test("reads limits, permissions, environments, matrices and steps", () => {
    const { jobs, env } = readWorkflow(`
on: { schedule: [{ cron: "1 2 * * *" }] }
env: { CI: true, SEEDS: 7 }
jobs:
  lane:
    runs-on: [self-hosted, linux]
    timeout-minutes: 5
    permissions: { contents: read }
    environment: npm
    if: always()
    continue-on-error: true
    strategy:
      fail-fast: false
      matrix: { shard: [1, 2], node: "\${{ fromJSON(inputs.nodes) }}" }
    steps:
      - id: make
        name: make it
        if: failure()
        run: make
        shell: bash
        working-directory: sub
        env: { A: 1 }
        continue-on-error: \${{ matrix.shard == 1 }}
      - uses: actions/checkout@v5
        with: { fetch-depth: 0 }
`);
    expect(env).toEqual({ CI: "true", SEEDS: "7" });
    expect(jobs.get("lane")).toMatchObject({
      runsOn: ["self-hosted", "linux"],
      timeoutMinutes: 5,
      permissions: { contents: "read" },
      environment: "npm",
      if: "always()",
      continueOnError: true,
      failFast: false,
      matrix: { shard: [1, 2], node: "${{ fromJSON(inputs.nodes) }}" },
      steps: [
        {
          id: "make",
          name: "make it",
          if: "failure()",
          run: "make",
          shell: "bash",
          workingDirectory: "sub",
          env: { A: "1" },
          continueOnError: "${{ matrix.shard == 1 }}",
        },
        { uses: "actions/checkout@v5", with: { "fetch-depth": 0 } },
      ],
    });
  });
});

describe("what is no workflow is refused with the path of the mistake:", () => {
  test.each([
    ["broken YAML", lane.replace("  fence:", "  fence: ["), "line 4: "],
    ["a job that is there twice", `${lane}  fence: {}\n`, "line 7: Map keys must be unique"],
    ["an empty file", "", "document: "],
    ["no trigger", lane.replace("on: push\n", ""), "on: is missing"],
    ["no jobs", "on: push\njobs: {}\n", "jobs: has to have a job"],
    ["an unknown key", `permission: {}\n${lane}`, "permission: is no key"],
    ["an unknown key of a job", lane.replace("runs-on", "timeout: 3\n    runs-on"), "jobs.fence.timeout: is no key"],
    ["an unknown key of a step", `${lane}        working-dir: a\n`, "jobs.fence.steps.0.working-dir: is no key"],
    ["no runner", lane.replace("    runs-on: ubuntu-24.04\n", ""), "jobs.fence.runs-on: is missing"],
    ["a runner that is a number", lane.replace("ubuntu-24.04", "24"), "jobs.fence.runs-on: has to be a text or a list"],
    ["no steps", lane.replace(/ {4}steps:[^]*/, ""), "jobs.fence.steps: is missing"],
    [
      "a step that does two things",
      `${lane}        uses: a/b@v1\n`,
      "jobs.fence.steps.0: has to have either uses or run",
    ],
    ["a step that does nothing", `${lane}      - name: rest\n`, "jobs.fence.steps.1: has to have either uses or run"],
    ["a permission that is none", `permissions: { contents: reed }\n${lane}`, "permissions: has to be read-all"],
    [
      "a time limit of nothing",
      lane.replace("runs-on", "timeout-minutes: 0\n    runs-on"),
      "jobs.fence.timeout-minutes: ",
    ],
    ["a name with a space", lane.replace("fence:", "the fence:"), "jobs.the fence: is no id"],
    [
      "a need that is no job",
      lane.replace("runs-on", "needs: [fance]\n    runs-on"),
      "jobs.fence.needs: there is no job fance",
    ],
    [
      "a job that waits for itself",
      lane.replace("runs-on", "needs: fence\n    runs-on"),
      "jobs: fence wait for each other",
    ],
  ])("%s", (_what, text, path) => {
    expect(() => readWorkflow(text)).toThrow(MalformedWorkflow);
    expect(() => readWorkflow(text)).toThrow(path);
  });
});
