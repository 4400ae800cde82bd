import { z } from "zod";

export interface SkippedTest {
  readonly file: string;
  readonly title: string;
  readonly reason: string;
}

export interface AllowedSkip {
  readonly reason: string;
  readonly tests: number;
}

export interface SkipVerdict {
  readonly reason: string;
  readonly allowed: number;
  readonly tests: readonly SkippedTest[];
}

/** What a test has that was skipped without a word. */
const noReason = "no reason given";

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          meta: z.object({ skipReason: z.string().optional() }).optional(),
        }),
      ),
    }),
  ),
});

const allowedSchema = z.array(
  z.strictObject({ reason: z.string().min(1), tests: z.int().positive(), why: z.string().min(1) }),
);

/** @returns the tests that did not run, `todo` too, or undefined for what is no report of Vitest */
export function skippedTests(report: unknown): SkippedTest[] | undefined {
  const read = reportSchema.safeParse(report);
  return read.data?.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName, meta }) => ({ file: name, title: fullName.trim(), reason: meta?.skipReason ?? noReason })),
  );
}

/** @throws ZodError for a list without numbers or without reasons why */
export function allowedSkipsOf(list: unknown): AllowedSkip[] {
  return allowedSchema.parse(list);
}

/** A verdict for each reason that occurs, in order of the reasons: too many are more than allowed, and 0 are unless stated. */
export function skipVerdicts(skipped: readonly SkippedTest[], allowed: readonly AllowedSkip[]): SkipVerdict[] {
  const byReason = Map.groupBy(skipped, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, tests]) => ({
      reason,
      tests,
      allowed: allowed.find((each) => each.reason === reason)?.tests ?? 0,
    }))
    .toSorted((left, right) => (left.reason < right.reason ? -1 : 1));
}
