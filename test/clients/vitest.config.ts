import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Real clients against the served fakes. They need packages that the project itself does not: see package.json here. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    include: ["*.test.ts", "../fakes/cli/git/git-differential.test.ts", "../serving/executable/**/*.test.ts"],
    pool: "forks",
    globalSetup: ["../suite/clean-run.ts", "./count-missing.ts", "../requires-tool/skipped-tools.ts"],
    // Children of agents are real processes; their clients wait for them.
    testTimeout: 20_000,
    // Real agents give up on a machine that is busy.
    fileParallelism: false,
  },
});
