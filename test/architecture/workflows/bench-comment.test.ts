import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readWorkflow } from "./workflow.ts";

const ci = readWorkflow(readFileSync(new URL("../../../.github/workflows/ci.yml", import.meta.url), "utf8"));
const step = ci.jobs.get("comment")!.steps.find(({ run }) => run !== undefined)!;

describe("the lane that comments on a change", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stormlane-comment-"));
    mkdirSync(join(folder, "reports/out"), { recursive: true });
    writeFileSync(join(folder, "reports/out/bench.md"), "| figure |\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("writes the figures below the pull request, in place of its last comment", () => {
    expect(runStep(folder, { mayComment: true })).toEqual({
      said: "",
      called: "pr comment 7 --repo owner/name --edit-last --create-if-none --body-file reports/out/bench.md\n",
      summary: "",
    });
  });

  // A step that fails makes execFileSync throw: the exit code is the same.
  test("warns and shows them in the summary where a fork's token may not write, and fails no more than before", () => {
    const { said, summary } = runStep(folder, { mayComment: false });
    expect(said).toMatch(/^::warning title=benchmarks::no comment could be written, .* artifact bench\n$/);
    expect(summary).toBe("| figure |\n");
  });
});

interface StepEnd {
  readonly said: string;
  readonly called: string;
  readonly summary: string;
}

/** Runs the script of the step as a runner does, with a `gh` that only notes how it is called. */
function runStep(folder: string, { mayComment }: { readonly mayComment: boolean }): StepEnd {
  const [called, summary] = [join(folder, "called"), join(folder, "summary")];
  for (const file of [called, summary]) writeFileSync(file, "");
  writeFileSync(join(folder, "gh"), `#!/bin/sh\necho "$@" > ${called}\nexit ${mayComment ? 0 : 1}\n`, { mode: 0o755 });
  writeFileSync(join(folder, "step.sh"), step.run!);
  const said = execFileSync("bash", ["-e", "step.sh"], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: `${folder}:${process.env["PATH"]}`,
      GITHUB_STEP_SUMMARY: summary,
      GH_TOKEN: "",
      REPOSITORY: "owner/name",
      PULL_REQUEST: "7",
    },
  });
  return { said, called: readFileSync(called, "utf8"), summary: readFileSync(summary, "utf8") };
}
