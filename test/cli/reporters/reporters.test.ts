import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ctrf } from "../../../src/cli/reporters/ctrf.ts";
import { githubAnnotations } from "../../../src/cli/reporters/github.ts";
import { junit } from "../../../src/cli/reporters/junit.ts";
import { markdown } from "../../../src/cli/reporters/markdown.ts";
import type { TestReport, TestResult } from "../../../src/cli/reporters/test-report.ts";
import { ctrfSchema } from "../../../src/cli/schemas/file-schemas.ts";
import { runCommand, temporaryFolder } from "../run-command.ts";
import { elementsOf } from "./xml-elements.ts";

async function reportsOf(...args: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const folder = temporaryFolder();
  const { error, exitCode } = await runCommand(
    ["run", ...args, "--workers", "0", "--reporter", "junit,ctrf=deep/er/c.json,markdown,github"],
    { cwd: folder },
  );
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  return {
    junit: read("reports/out/junit.xml"),
    ctrf: read("deep/er/c.json"),
    markdown: read("reports/out/report.md"),
    annotations: error,
    exitCode: String(exitCode),
  };
}

describe("a campaign that fails", () => {
  test("fails the test of the broken rule in each report, with what replays it", async () => {
    const reports = await reportsOf("counter-racy", "--seeds", "200");
    expect(reports["exitCode"]).toBe("1");
    const failed = elementsOf(reports["junit"]!).filter(({ name }) => name === "failure");
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]!.text).toContain("replay: npx stormlane replay reports/out/");
    const { results } = ctrfSchema.parse(JSON.parse(reports["ctrf"]!));
    const test = results.tests.find(({ status }) => status === "failed")!;
    expect(test.trace).toContain("replay: ");
    expect(results.summary.failed).toBe(results.tests.filter(({ status }) => status === "failed").length);
    expect(reports["markdown"]).toContain("**Failed.**");
    expect(reports["markdown"]).toContain("Replay: `npx stormlane replay reports/out/");
    expect(reports["annotations"]).toMatch(/^::error title=counter-racy/m);
  });

  test("has names of tests that do not change with the seed", async () => {
    const names = async (first: string): Promise<readonly string[]> => {
      const { ctrf: document } = await reportsOf("counter-racy", "--seeds", "50", "--first-seed", first);
      return ctrfSchema.parse(JSON.parse(document!)).results.tests.map(({ name }) => name);
    };
    expect(await names("70001")).toEqual(await names("1"));
  });
});

/** What means something to one of the formats comes often: among all characters it would hardly ever come. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom("<", ">", "&", '"', "'", "]]>", "\n", "\r", "\t", "%", ":", ",", "`", "@", "\u0000", "\ud800"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
});

describe("text of cards in a report", () => {
  test("is never markup of XML, and comes back as it was but for what XML cannot say", () => {
    fc.assert(
      fc.property(hostile, hostile, (name, message) => {
        const elements = elementsOf(junit(reportWith({ name, message })));
        expect(elements.map((element) => element.name)).toEqual([
          ...["testsuites", "testsuite", "properties", "property", "property", "testcase", "failure"],
        ]);
        const clean = (text: string): string =>
          text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b-\u000d\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
        expect(elements[5]!.attributes["name"]).toBe(clean(name));
        expect(elements[6]!.attributes["message"]).toBe(clean(message));
      }),
    );
  });

  test("is one line of an annotation", () => {
    fc.assert(
      fc.property(hostile, (message) => {
        const lines = githubAnnotations(reportWith({ name: "X1: a rule", message })).split("\n");
        expect(lines).toHaveLength(2);
        expect(lines[0]).not.toContain("\r");
      }),
    );
  });

  test("is no markup of Markdown outside of a fence that it cannot end", () => {
    const page = markdown(
      reportWith({ name: "<img src=x>", message: "| a | `b` <script> @team [x](javascript:1)", story: ["s"] }),
    );
    expect(page).not.toMatch(/(?<!\\)<(?!\/?(?:details|summary)>)/);
    expect(page).not.toMatch(/@team|(?<!\\)\[x/);
    const fenced = markdown(reportWith({ name: "X1", message: "m", story: ["````", "text ```", "end"] }));
    expect(fenced).toMatch(/^`{5}text$[^]*^`{5}$/m);
  });

  test("keeps CTRF a document of its schema", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), hostile, (name, message) => {
        ctrfSchema.parse(JSON.parse(ctrf(reportWith({ name, message }))));
      }),
    );
  });
});

describe("bad input is refused before anything runs", () => {
  test.each([
    ["junitt", "did you mean junit?"],
    ["", "there is no such reporter"],
    ["junit,junit=a.xml", "named twice"],
    ["github=a.txt", "writes no file"],
    ["ctrf=", "the name of a file is missing"],
    ["junit=file/below/a.xml", "cannot be written to"],
  ])("--reporter %j", async (text, why) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "reports"));
    const { exitCode, error, out } = await runCommand(["run", "--seeds", "10", "--reporter", text], { cwd: folder });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(error).toContain(why);
  });
});

function reportWith(options: { name: string; message: string; story?: readonly string[] }): TestReport {
  const { name, message, story = [message] } = options;
  const failure = {
    failure: { kind: "violated", signature: name, seed: 1, strategy: "pos", invariant: "X1", message, steps: 1 },
    runs: 1,
    reproFile: undefined,
    case: undefined,
    steps: 1,
    shrunk: undefined,
    replayCommand: "npx stormlane replay a.json",
    story,
  } as const;
  const failed: TestResult = { name, kind: "rule", status: "failed", message, failures: [failure] };
  const suite = { name: "toy", about: "A toy.", runs: 1, durationMs: 5, tests: [failed] };
  return { ok: false, startedAtMs: 1_700_000_000_000, durationMs: 5, suites: [suite] };
}
