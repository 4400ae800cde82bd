import { isAbsolute, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { plainLine } from "../../report/plain-line.ts";
import { slowTests } from "../../review/slow-tests.ts";
import type { TestsEvidence } from "../../review/tests-evidence.ts";
import { readJsonFile } from "../input-file.ts";
import { UsageError } from "../usage-error.ts";

/** As Vitest's reporter `json` writes it; what is not read here may be anything. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), duration: z.number().nonnegative().nullish() }),
      ),
    }),
  ),
});

const reportBytesMax = 64 * 1024 * 1024;

/** Skipped tests took no time and are not counted. @throws UsageError for a file that is no such report */
export function readTestsReport(given: string, cwd: string): TestsEvidence {
  const what = `--tests ${plainLine(given, 200)}`;
  const read = reportSchema.safeParse(readJsonFile({ what, path: resolve(cwd, given), sizeBytesMax: reportBytesMax }));
  if (!read.success) {
    throw new UsageError({
      what,
      why: "is no report of Vitest",
      fix: "write one with: vitest run --reporter=json --outputFile=FILE",
    });
  }
  return slowTests(
    read.data.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.flatMap(({ fullName, duration }) =>
        typeof duration === "number"
          ? [{ title: plainLine(fullName.trim(), 300), file: fileName(name, cwd), durationMs: Math.round(duration) }]
          : [],
      ),
    ),
  );
}

/** Below the folder of the command, where it is there. */
function fileName(path: string, cwd: string): string {
  const own = isAbsolute(path) ? relative(cwd, path) : path;
  return plainLine((own.startsWith("..") ? path : own).split(sep).join("/"), 300);
}
