import type { SlowTest, TestsEvidence } from "./tests-evidence.ts";

/** A test that takes longer belongs into the lane for slow ones. */
const heavyFromMs = 10_000;

const slowestMax = 20;

/** Folders of tests that may take long: they reach for real programs, servers and browsers. */
const integrationFolders: ReadonlySet<string> = new Set([
  ...["adversarial", "browser", "clients", "e2e", "integration", "live", "package", "peers", "redis"],
]);

/** @param tests in any order; files relative to the project's folder, with `/` */
export function slowTests(tests: readonly SlowTest[]): TestsEvidence {
  const sorted = tests.toSorted(
    (left, right) =>
      right.durationMs - left.durationMs || compare(left.file, right.file) || compare(left.title, right.title),
  );
  return {
    tests: tests.length,
    slowest: sorted.slice(0, slowestMax),
    heavy: sorted.filter(({ durationMs, file }) => durationMs >= heavyFromMs && !isIntegration(file)),
  };
}

function isIntegration(file: string): boolean {
  return file.split("/").some((folder) => integrationFolders.has(folder));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
