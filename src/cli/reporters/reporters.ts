import { appendFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { prepareFolder, writeFileAtomically } from "../atomic-file.ts";
import type { Host } from "../host.ts";
import { suggestName } from "../nearest-name.ts";
import { UsageError } from "../usage-error.ts";
import { ctrf } from "./ctrf.ts";
import { githubAnnotations } from "./github.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { TestReport } from "./test-report.ts";

/** A report for a machine beside what `run` prints. */
export interface Reporter {
  readonly name: ReporterName;
  /** As it is printed, and as it is opened; undefined for one that writes no file. */
  readonly file: { readonly name: string; readonly path: string } | undefined;
}

type ReporterName = keyof typeof fileNames;
/** Below the folder of `--out`, unless named. */
const fileNames = {
  junit: "junit.xml",
  ctrf: "ctrf.json",
  markdown: "report.md",
  github: undefined,
} as const;

/**
 * @param text as `junit,ctrf=reports/ctrf.json,github`
 * @throws UsageError when there is no such reporter, one is named twice, or its file cannot be written
 */
export function readReporters(text: string, outFolder: string, cwd: string): readonly Reporter[] {
  const reporters = text.split(",").map((part) => readReporter(part, outFolder, cwd));
  const twice = reporters.find(({ name }, index) => reporters.findIndex((other) => other.name === name) < index);
  if (twice !== undefined) throw wrong(text, `${twice.name} is named twice`, "name each reporter once");
  return reporters;
}

function readReporter(part: string, outFolder: string, cwd: string): Reporter {
  const [, name = "", given] = /^([^=]*)(?:=(.*))?$/s.exec(part)!;
  if (!isReporterName(name)) throw wrong(name, "there is no such reporter", suggestName(name, Object.keys(fileNames)));
  const usual = fileNames[name];
  if (usual === undefined) {
    if (given !== undefined) throw wrong(part, `${name} writes no file`, `say ${name} alone`);
    return { name, file: undefined };
  }
  if (given === "") throw wrong(part, "the name of a file is missing", `use ${name} or ${name}=<file>`);
  const fileName = given ?? `${outFolder}/${usual}`;
  const path = resolve(cwd, fileName);
  prepareFolder("--reporter", dirname(path));
  return { name, file: { name: fileName, path } };
}

function isReporterName(name: string): name is ReporterName {
  return Object.hasOwn(fileNames, name);
}

function wrong(value: string, why: string, fix: string): UsageError {
  return new UsageError({ what: `--reporter ${value}`, why, fix });
}

/** @param stepSummary the file in which GitHub collects the summary of a step, where there is one */
export function writeReports(
  reporters: readonly Reporter[],
  report: TestReport,
  { host, stepSummary }: { readonly host: Host; readonly stepSummary: string | undefined },
): void {
  for (const { name, file } of reporters) {
    switch (name) {
      case "junit":
        writeFileAtomically(file!.path, junit(report));
        break;
      case "ctrf":
        writeFileAtomically(file!.path, ctrf(report));
        break;
      case "markdown":
        writeFileAtomically(file!.path, markdown(report));
        break;
      case "github":
        // The runner reads both streams; standard output may be one JSON document.
        host.writeError(githubAnnotations(report));
        if (stepSummary !== undefined && stepSummary !== "") appendFileSync(stepSummary, markdown(report));
        break;
    }
  }
}
