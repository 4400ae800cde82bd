/** Runs a suite in watch mode, and once more as a change would; prints what each of its tests failed with, as JSON. */
import { startVitest } from "vitest/node";

const ends: string[][] = [];
const reporter = {
  onTestRunEnd(modules: readonly { children: { allTests: () => Iterable<Test> } }[]): void {
    const tests = modules.flatMap(({ children }) => [...children.allTests()]);
    ends.push(tests.map((test) => test.result().errors?.[0]?.message ?? ""));
  },
};

interface Test {
  readonly result: () => { readonly errors?: readonly { readonly message: string }[] | undefined };
}

const vitest = await startVitest("test", [process.argv[2]!], {
  root: "test/vitest/suites",
  watch: true,
  reporters: [reporter],
});
await vitest.rerunTestSpecifications(await vitest.globTestSpecifications([process.argv[2]!]));
await vitest.close();
process.stdout.write(JSON.stringify(ends));
