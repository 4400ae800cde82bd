import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
}

interface Job {
  readonly needs?: string;
  readonly "runs-on": string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: unknown;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const ci = readText(".github/workflows/ci.yml");
const nightly = readText(".github/workflows/nightly.yml");
const release = readText(".github/workflows/release.yml");
const texts = { ci, nightly, release, ".ci/run": readText(".ci/run") };

describe.each([
  ["ci", ci],
  ["nightly", nightly],
])("the workflow %s", (_name, text) => {
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);

  test("may only read the repository", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(jobs.filter(([, job]) => job.permissions !== undefined)).toEqual([]);
  });

  test("runs the fence first, and nothing beside it", () => {
    expect(jobs.filter(([, job]) => job.needs === undefined).map(([name]) => name)).toEqual(["fence"]);
    expect(jobs.slice(1).every(([, job]) => job.needs === "fence")).toBe(true);
    expect(commandsOf(workflow.jobs["fence"]!)).toContain("npm run check");
  });

  test("pins the image and limits the time of every job", () => {
    for (const [name, job] of jobs) {
      expect(job["runs-on"], name).toBe("ubuntu-24.04");
      expect(job["timeout-minutes"], name).toBeLessThanOrEqual(120);
    }
  });

  test("lets no step fail unseen", () => {
    expect(text).not.toMatch(/continue-on-error|\|\| true|set \+e/);
  });

  test("keeps its reports whatever the result, and fails when there are none", () => {
    const uploads = jobs.flatMap(([, job]) => job.steps.filter((step) => step.uses?.includes("upload-artifact")));
    expect(uploads.length).toBeGreaterThan(0);
    for (const upload of uploads) {
      expect(upload).toMatchObject({ if: "always()", with: { path: "reports/out", "if-no-files-found": "error" } });
    }
  });

  test("puts no text from outside into a shell", () => {
    expect(jobs.flatMap(([, job]) => commandsOf(job)).filter((command) => command.includes("${{"))).toEqual([]);
  });
});

describe("the workflow release", () => {
  const { on, permissions, jobs } = parse(release) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test("starts by a release alone", () => {
    expect(on).toEqual({ release: { types: ["published"] } });
  });

  test("may read the repository while code runs, and ask for an identity where none does", () => {
    expect(permissions).toEqual({ contents: "read" });
    expect(jobs["pack"]!.permissions).toBeUndefined();
    expect(jobs["publish"]).toMatchObject({ needs: "pack", permissions: { "id-token": "write" } });
    expect(Object.keys(jobs["publish"]!.permissions!)).toEqual(["id-token"]);
    expect(jobs["publish"]!.steps.some(({ uses = "", run = "" }) => /checkout/.test(uses) || /npm ci/.test(run))).toBe(
      false,
    );
  });

  test("publishes with provenance what was checked, and without a token", () => {
    const checked = commandsOf(jobs["pack"]!);
    expect(checked).toEqual(expect.arrayContaining(["npm run check", "npm test", "npm run test:package"]));
    expect(commandsOf(jobs["publish"]!)).toEqual([
      expect.stringMatching(/^npm publish \S+\.tgz --provenance .*--ignore-scripts$/),
    ]);
    expect(release).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
  });

  test("pins every action by its commit, and says which version that is", () => {
    const used = release.match(/uses: .*/g)!;
    expect(used).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    expect(used.filter((line) => !/^uses: actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test("puts no text from outside into a shell, and lets no step fail unseen", () => {
    expect(steps.filter(({ run }) => run?.includes("${{"))).toEqual([]);
    expect(release).not.toMatch(/continue-on-error|\|\| true|set \+e/);
  });
});

test("every lane that a change must pass is there", () => {
  const lanes = Object.keys((parse(ci) as Workflow).jobs);
  expect(lanes).toEqual(expect.arrayContaining(["fence", "unit", "contract", "scenarios", "determinism", "package"]));
});

test("the fence of every change runs the determinism canary", () => {
  expect(commandsOf((parse(ci) as Workflow).jobs["fence"]!)).toContain("npm run canary");
});

test("the nightly campaign starts by the clock in UTC and by hand", () => {
  const { on } = parse(nightly) as Workflow;
  expect(on["schedule"]).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
  expect(on).toHaveProperty("workflow_dispatch");
});

test("the local run of the whole check lets no step fail unseen", () => {
  expect(texts[".ci/run"]).toContain("set -euo pipefail");
  expect(texts[".ci/run"]).not.toMatch(/\|\| true|\|\| :|set \+e/);
});

test.each(Object.entries(texts))("%s calls only scripts that package.json has", (_name, text) => {
  const { scripts } = JSON.parse(readText("package.json")) as { scripts: Readonly<Record<string, string>> };
  const called = [...text.matchAll(/npm (?:run )?(start|test|(?<=run )[\w:-]+)/g)].map((match) => match[1]!);
  expect(called.length).toBeGreaterThan(0);
  expect(called.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
});

function commandsOf(job: Job): string[] {
  return job.steps.flatMap((step) => (step.run === undefined ? [] : [step.run]));
}

function readText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}
